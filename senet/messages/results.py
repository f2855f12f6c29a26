"""What senders and returned mails report of messages, written down once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import transaction

from senet.messages.prepared import fetch_prepared
from senet.messages.states import ARROWS, BOUNCES, Event
from senet.messages.suppression import suppress_bounced
from senet.messages.values import Result

_BOUNCED = frozenset({"hard_bounced", "soft_bounced", "block_bounced"})


def _array(words: Iterable[object]) -> str:
    """Return words as an array's text: they are ours, and need no escaping."""
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


@cache
def _list_arrows(events: frozenset[Event]) -> dict[str, str]:
    """Return the arrows of some events as record_results.sql takes them."""
    arrows = [(state, event, arrow) for (state, event), arrow in ARROWS.items() if event in events]
    return {
        "arrow_from": _array(state for state, _, _ in arrows),
        "arrow_event": _array(event for _, event, _ in arrows),
        "arrow_to": _array(arrow.to for _, _, arrow in arrows),
        "arrow_logs": _array(" ".join(arrow.logs) for _, _, arrow in arrows),
        "arrow_late": _array(arrow.late for _, _, arrow in arrows),
    }


def record_results(results: Sequence[Result], *, sender: int, now: datetime) -> int:
    """Write down what became of messages, with their interactions: one statement. Returns how many moved.

    Repeating a report changes nothing, and a report that comes late counts as `states.py` says. Addresses that bounced
    are suppressed in the same transaction.
    """
    if not results:
        return 0
    if any(result.event in BOUNCES for result in results):
        with transaction.atomic():
            return _record(results, sender=sender, now=now)
    return _record(results, sender=sender, now=now)


def _record(results: Sequence[Result], *, sender: int, now: datetime) -> int:
    results = sorted(results, key=attrgetter("message_id"))  # two batches lock in one order
    rows = fetch_prepared(
        "record_results",
        {
            **_list_arrows(frozenset(result.event for result in results)),
            "ids": [result.message_id for result in results],
            "events": [result.event.value for result in results],
            "reasons": _column(result.reason for result in results),
            "codes": _column(result.smtp_code for result in results),
            "enhanced": _column(result.smtp_enhanced for result in results),
            "categories": _column(result.bounce_category for result in results),
            "dues": _column(result.due_at for result in results),
            "details": _column(result.detail for result in results),
            "sender": sender,
            "now": now,
        },
    )
    bounced = [message_id for message_id, state in rows if state in _BOUNCED]
    if bounced:
        suppress_bounced(bounced, now)
    return len(rows)


def _column(values: Iterable[object]) -> list[Any] | None:
    """Return a parameter for `unnest`; None where no result has a value, because it costs nothing and says the same."""
    column = list(values)
    return column if any(value is not None for value in column) else None
