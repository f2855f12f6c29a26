"""How well mails arrive: bounces and complaints of the last thirty days against the limits that mailbox providers hold.

Attempts on suppressed addresses are in no number here: nothing was sent, so nobody's opinion of the sender changed.
"""

from __future__ import annotations

from dataclasses import astuple
from datetime import UTC, datetime, timedelta

from senet.insights.compiler import as_microseconds
from senet.insights.freshness import find_as_of
from senet.insights.kpis.email import HARD, SOFT
from senet.insights.values import ArrivalNumbers, Deliverability, DomainArrivals, JudgedRate
from senet.interactions.clickhouse import fetch_rows

DAYS = 30
# Bounces beyond the first say that a list is old, beyond the second that it was bought; of complaints providers say the
# same of one and of three in a thousand.
HARD_WATCHED, HARD_LIMIT = 0.02, 0.08
COMPLAINTS_WATCHED, COMPLAINTS_LIMIT = 0.001, 0.003
ENOUGH = 500  # mails from which on a rate says something
_MOST_DOMAINS = 10
_NONE = ArrivalNumbers(0, 0, 0, 0, 0)
_HARD, _OTHER = list(HARD), [*SOFT, "EmailBlockBounced"]
_TYPES = ["EmailSent", "EmailDelivered", *_HARD, *_OTHER, "EmailFeedbackLoop"]

_COUNTED = """
SELECT {by} AS part, countIf(type = 'EmailSent') AS sent, countIf(type = 'EmailDelivered'),
    countIf(type IN {{hard:Array(String)}}), countIf(type IN {{other:Array(String)}}),
    countIf(type = 'EmailFeedbackLoop')
FROM interaction
WHERE recorded_at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC')
    AND at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC') AND message_id != 0
    AND type IN {{types:Array(String)}} AND message_id NOT IN (
        SELECT message_id FROM interaction
        WHERE recorded_at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC')
            AND (type = 'EmailBounceCacheBlocked' OR (type = 'EmailHardBounced'
                AND JSONExtractString(detail, 'bounce_category') = 'suppression-list')))
GROUP BY part {order}
"""
_BY_DAY = _COUNTED.format(by="toDate(at)", order="")
_BY_DOMAIN = _COUNTED.format(by="domain", order=f"ORDER BY sent DESC, part LIMIT {_MOST_DOMAINS}")


def read_deliverability(now: datetime) -> Deliverability:
    """Return how mails of the last thirty days (UTC) arrived. Raises: ClickHouseUnavailable."""
    first = (now.astimezone(UTC) - timedelta(days=DAYS - 1)).date()
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    parameters = {"since": as_microseconds(since), "types": _TYPES, "hard": _HARD, "other": _OTHER}
    found = {day: ArrivalNumbers(*counts) for day, *counts in fetch_rows(_BY_DAY, parameters)}
    total = ArrivalNumbers(*map(sum, zip(*map(astuple, found.values()), strict=True))) if found else _NONE
    days = [first + timedelta(days=number) for number in range(DAYS)]
    return Deliverability(
        as_of=find_as_of("interaction"),
        since=since,
        total=total,
        bounces=_judge(total.hard_bounces, total.sent, HARD_WATCHED, HARD_LIMIT),
        complaints=_judge(total.complaints, total.delivered, COMPLAINTS_WATCHED, COMPLAINTS_LIMIT),
        days=tuple((day, found.get(day, _NONE)) for day in days),
        domains=tuple(
            DomainArrivals(domain, ArrivalNumbers(*counts)) for domain, *counts in fetch_rows(_BY_DOMAIN, parameters)
        ),
    )


def _judge(count: int, of: int, watched: float, limit: float) -> JudgedRate:
    rate = count / of if of else None
    if rate is None or of < ENOUGH:
        state = "too_few"
    elif rate >= limit:
        state = "over_the_limit"
    else:
        state = "watch" if rate >= watched else "good"
    return JudgedRate(state=state, rate=rate, watched=watched, limit=limit)
