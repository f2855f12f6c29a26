"""Rate limits that all senders share through PostgreSQL: a provider's token bucket, a recipient domain's slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import senet.messages
from senet.messages.claimed import ClaimedRow, PutOff
from senet.shared.sql import execute, fetch_all

_AT_ONCE = timedelta(milliseconds=250)  # a slot so near is now
DOMAIN_RATE = "domain_rate"  # what a message waits for, as its reason


def take_tokens(provider: str, rate: float, *, limit: int, now: datetime) -> int:
    """Return how many messages may leave through a provider now, and hold its row until the transaction ends."""
    rows = fetch_all(
        senet.messages, "take_tokens", {"key": f"provider:{provider}", "rate": rate, "limit": limit, "now": now}
    )
    return int(rows[0][0])


def spend_tokens(provider: str, count: int) -> None:
    """Spend tokens that `take_tokens` has just offered."""
    if count:
        execute(senet.messages, "spend_tokens", {"key": f"provider:{provider}", "count": count})


def take_of_day(provider: str, cap: int, *, limit: int, now: datetime) -> int:
    """Take of what a provider may send on this day (UTC); returns how many there were. In the caller's transaction."""
    parameters = {"key": _day_key(provider, now.date()), "cap": cap, "limit": limit, "now": now}
    execute(senet.messages, "begin_day", parameters)
    return int(fetch_all(senet.messages, "take_of_day", parameters)[0][0])


def count_of_days(provider: str, days: Sequence[date]) -> dict[date, int]:
    """Return how many mails a provider has sent on days (UTC) on which they were counted."""
    keys = {_day_key(provider, day): day for day in days}
    return {keys[key]: count for key, count in fetch_all(senet.messages, "count_of_days", {"keys": list(keys)})}


def _day_key(provider: str, day: date) -> str:
    return f"day:{day}:{provider}"


def find_domain_slots(rows: Sequence[ClaimedRow], rates: Mapping[str, float], *, now: datetime) -> list[PutOff]:
    """Return which of the claimed rows must wait for the next free slot of their domain, and reserve it.

    A message that comes back at its slot is not asked again, so each is put off about once.
    """
    waiting: dict[str, list[int]] = {}
    for row in rows:
        if row.domain in rates and row.reason != DOMAIN_RATE:
            waiting.setdefault(row.domain, []).append(row.id)
    put_off: list[PutOff] = []
    for domain in sorted(waiting):  # in one order, so that two senders cannot deadlock
        rate = rates[domain]
        parameters = {"key": f"domain:{domain}", "count": len(waiting[domain]), "rate": rate, "now": now}
        first: datetime = fetch_all(senet.messages, "reserve_slots", parameters)[0][0]
        for number, message_id in enumerate(waiting[domain]):
            slot = first + timedelta(seconds=number / rate)
            if slot > now + _AT_ONCE:
                put_off.append(PutOff(message_id, slot, DOMAIN_RATE))
    return put_off
