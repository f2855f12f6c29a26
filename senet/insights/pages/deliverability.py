"""How well mails arrive: bounces and complaints of the last thirty days against the limits that mailbox providers hold.

Attempts on suppressed addresses are in no number here: nothing was sent, so nobody's opinion of the sender changed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

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
_PART = {
    "EmailSent": "sent",
    "EmailDelivered": "delivered",
    "EmailFeedbackLoop": "complaints",
    **dict.fromkeys(HARD, "hard_bounces"),
    **dict.fromkeys((*SOFT, "EmailBlockBounced"), "other_bounces"),
}

_COUNTED = """
SELECT {by}, type, count() FROM interaction
WHERE recorded_at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC')
    AND at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC') AND message_id != 0
    AND type IN {{types:Array(String)}} AND message_id NOT IN (
        SELECT message_id FROM interaction
        WHERE recorded_at >= fromUnixTimestamp64Micro({{since:Int64}}, 'UTC')
            AND (type = 'EmailBounceCacheBlocked' OR (type = 'EmailHardBounced'
                AND JSONExtractString(detail, 'bounce_category') = 'suppression-list')))
GROUP BY {by}, type
"""
_BY_DAY, _BY_DOMAIN = (_COUNTED.format(by=by) for by in ("toDate(at)", "domain"))


def read_deliverability(now: datetime) -> Deliverability:
    """Return how mails of the last thirty days (UTC) arrived. Raises: ClickHouseUnavailable."""
    first = (now.astimezone(UTC) - timedelta(days=DAYS - 1)).date()
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    parameters = {"since": int(since.timestamp()) * 1_000_000, "types": list(_PART)}
    found: dict[date, Counter[str]] = defaultdict(Counter)
    for day, kind, count in fetch_rows(_BY_DAY, parameters):
        found[day][_PART[kind]] += int(count)
    days = [_make(found.get(first + timedelta(days=number), {})) for number in range(DAYS)]
    total = _make(sum(found.values(), Counter()))
    return Deliverability(
        as_of=find_as_of("interaction"),
        since=since,
        total=total,
        bounces=_judge(total.hard_bounces, total.sent, HARD_WATCHED, HARD_LIMIT),
        complaints=_judge(total.complaints, total.delivered, COMPLAINTS_WATCHED, COMPLAINTS_LIMIT),
        days=tuple(zip((first + timedelta(days=number) for number in range(DAYS)), days, strict=True)),
        domains=_read_domains(parameters),
    )


def _read_domains(parameters: Mapping[str, object]) -> tuple[DomainArrivals, ...]:
    """Return the recipients' domains that most mails went to."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for domain, kind, count in fetch_rows(_BY_DOMAIN, parameters):
        found[domain][_PART[kind]] += int(count)
    most = sorted(found, key=lambda domain: (-found[domain]["sent"], domain))[:_MOST_DOMAINS]
    return tuple(DomainArrivals(domain, _make(found[domain])) for domain in most)


def _make(counts: Mapping[str, int]) -> ArrivalNumbers:
    names = ("sent", "delivered", "hard_bounces", "other_bounces", "complaints")
    return ArrivalNumbers(*(counts.get(name, 0) for name in names))


def _judge(count: int, of: int, watched: float, limit: float) -> JudgedRate:
    rate = count / of if of else None
    if rate is None or of < ENOUGH:
        state = "too_few"
    elif rate >= limit:
        state = "over_the_limit"
    else:
        state = "watch" if rate >= watched else "good"
    return JudgedRate(state=state, rate=rate, watched=watched, limit=limit)
