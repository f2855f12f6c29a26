"""How senders take messages that are due: urgent ones first, each person asked again, no faster than is allowed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from senet.messages.claimed import ClaimedRow, put_back
from senet.messages.holding import hold, wait_for_turn
from senet.messages.limits import AllLimits
from senet.messages.pacing import find_domain_slots, spend_tokens, take_tokens
from senet.messages.prepared import end_if_asleep, fetch_prepared
from senet.messages.results import record_results
from senet.messages.values import ClaimedMessage, Pace

URGENT_SHARE = 0.8  # of a batch, while bulk waits as well


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sender holds now, and how many messages were looked at: some were blocked or put off."""

    messages: list[ClaimedMessage]
    looked_at: int


def claim_batch(
    *, sender: int, limit: int, now: datetime, pace: Pace | None = None, limits: AllLimits | None = None
) -> list[ClaimedMessage]:
    """Take messages that are due, for a sender that holds them until its lease is over. One transaction."""
    return claim(sender=sender, limit=limit, now=now, pace=pace, limits=limits).messages


def claim(
    *,
    sender: int,
    limit: int,
    now: datetime,
    pace: Pace | None = None,
    limits: AllLimits | None = None,
    urgent_only: bool = False,
) -> Claim:
    """Take messages that are due, for a sender that holds them until its lease is over. One transaction.

    Urgent messages come first; while bulk waits as well, it gets a fifth. Blocks are checked again: a person may have
    refused mail since. Rate limits, the frequency cap and quiet hours hold for all senders together.
    """
    is_paced = pace is not None and pace.is_limited
    if not is_paced and (limits is None or not limits.is_set):
        rows = _take(sender, limit, now, urgent_only=urgent_only)
        return Claim([_give(row) for row in rows if row.block is None], len(rows))
    pace = pace or Pace()
    with transaction.atomic():
        end_if_asleep()
        if limits is not None:
            wait_for_turn(limits)
        if pace.rate is not None:
            limit = take_tokens(pace.provider, pace.rate, limit=limit, now=now)
        if limit <= 0:
            return Claim([], 0)
        rows = _take(sender, limit, now, urgent_only=urgent_only)
        kept = [row for row in rows if row.block is None]
        if limits is not None and limits.is_set:
            kept = _keep_limits(kept, limits, sender=sender, now=now)
        if pace.domains:
            put_off = find_domain_slots(kept, pace.domains, now=now)
            put_back(put_off, sender=sender)
            waiting = {each.message_id for each in put_off}
            kept = [row for row in kept if row.id not in waiting]
        if pace.rate is not None:
            spend_tokens(pace.provider, len(kept))
    return Claim([_give(row) for row in kept], len(rows))


def _keep_limits(rows: Sequence[ClaimedRow], limits: AllLimits, *, sender: int, now: datetime) -> list[ClaimedRow]:
    """Return the rows that may leave now; the others wait, or are blocked."""
    held = hold(rows, limits, now)
    put_back(held.put_off, sender=sender)
    record_results(held.blocked, sender=sender, now=now)
    ids = held.list_ids()
    return [row for row in rows if row.id not in ids]


def _take(sender: int, limit: int, now: datetime, *, urgent_only: bool) -> list[ClaimedRow]:
    parameters: dict[str, Any] = {"sender": sender, "limit": limit, "now": now}
    if urgent_only:
        parameters |= {"urgent": limit, "bulk": 0}
    else:
        parameters |= {"urgent": _share(limit), "bulk": limit}
    return [ClaimedRow(*row) for row in fetch_prepared("claim_batch", parameters)]


def _share(limit: int) -> int:
    """Return how many of a batch may be urgent before bulk is asked; by chance where it is no whole number."""
    return int(limit * URGENT_SHARE + random.random())  # noqa: S311  it keeps no secret


def _give(row: ClaimedRow) -> ClaimedMessage:
    return ClaimedMessage(*row[:12])
