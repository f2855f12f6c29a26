"""Rate limits that all senders share through PostgreSQL: a provider's token bucket, a recipient domain's slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import senet.messages
from senet.shared.sql import execute, fetch_all

_AT_ONCE = timedelta(milliseconds=250)  # a slot so near is now
_ID, _DOMAIN, _REASON = 0, 7, 11  # columns of claim_batch.sql

Row = tuple[Any, ...]  # as claim_batch.sql returns it


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
    parameters = {"key": f"day:{now.date()}:{provider}", "cap": cap, "limit": limit, "now": now}
    execute(senet.messages, "begin_day", parameters)
    return int(fetch_all(senet.messages, "take_of_day", parameters)[0][0])


def put_off_by_domain(rows: Sequence[Row], rates: Mapping[str, float], *, sender: int, now: datetime) -> Sequence[Row]:
    """Return the claimed rows that may leave now; the others are queued again, each for its domain's next free slot.

    A message that comes back at its slot is not asked again, so each is put off about once.
    """
    waiting: dict[str, list[int]] = {}
    for row in rows:
        if row[_DOMAIN] in rates and row[_REASON] != "domain_rate":
            waiting.setdefault(row[_DOMAIN], []).append(row[_ID])
    put_off: dict[int, datetime] = {}
    for domain in sorted(waiting):  # in one order, so that two senders cannot deadlock
        rate = rates[domain]
        parameters = {"key": f"domain:{domain}", "count": len(waiting[domain]), "rate": rate, "now": now}
        first: datetime = fetch_all(senet.messages, "reserve_slots", parameters)[0][0]
        for number, message_id in enumerate(waiting[domain]):
            slot = first + timedelta(seconds=number / rate)
            if slot > now + _AT_ONCE:
                put_off[message_id] = slot
    if put_off:
        parameters = {"ids": list(put_off), "dues": list(put_off.values()), "sender": sender}
        execute(senet.messages, "put_back", parameters)
    return [row for row in rows if row[_ID] not in put_off]
