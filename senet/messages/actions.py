"""What changes the outbox: cohorts come in, senders claim and report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter
from typing import Any

from django.db import connection, transaction

import senet.messages
from senet.messages.pacing import Row, put_off_by_domain, spend_tokens, take_tokens
from senet.messages.prepared import end_if_asleep, fetch_prepared
from senet.messages.queries import find_message
from senet.messages.quota import find_quota_left, use_quota
from senet.messages.states import ARROWS, BOUNCES, Event
from senet.messages.suppression import suppress_bounced
from senet.messages.values import ClaimedMessage, EnqueuedCohort, Pace, Result
from senet.shared.errors import NotFound
from senet.shared.sql import execute, fetch_all

__all__ = ["claim_batch", "enqueue_cohort", "find_message", "keep_links", "record_results"]

# One @, a local part of dotted atoms, a domain of at least two labels; letters of any script. It costs
# PostgreSQL 0.4 µs an address; a bounded repetition ({1,64}) would cost ten.
_LOCAL = r"[^][@.\x01-\x20\x7f<>(),:;\"\\]+"
_LABEL_CHARACTER = r"[^][@\x01-\x2f\x3a-\x40\\^_`{|}~\x7f]"
_LABEL = rf"{_LABEL_CHARACTER}+(-+{_LABEL_CHARACTER}+)*"
_BOUNCED = frozenset({"hard_bounced", "soft_bounced", "block_bounced"})
ADDRESS_PATTERN = rf"^{_LOCAL}(\.{_LOCAL})*@({_LABEL}\.)+{_LABEL}$"


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


def enqueue_cohort(
    *,
    journey_id: int,
    iteration: int,
    tile: int,
    email_id: int,
    email_version_id: int,
    content_settings_id: int | None,
    now: datetime,
    expired: bool = False,
    bypass_deduplication: bool = False,
) -> EnqueuedCohort:
    """Give each contact of the temporary table `cohort(contact_id bigint PRIMARY KEY)` a message, queued or blocked.

    Runs in the caller's transaction; one statement. Running it again changes nothing. `expired` blocks all of them.
    Raises: NotFound when the email version does not exist.
    """
    rows = fetch_all(
        senet.messages,
        "enqueue_cohort",
        {
            "journey_id": journey_id,
            "iteration": iteration,
            "tile": tile,
            "email_id": email_id,
            "email_version_id": email_version_id,
            "content_settings_id": content_settings_id,
            "commercial": _is_commercial(email_version_id),
            "address_pattern": ADDRESS_PATTERN,
            "expired": expired,
            "bypass_deduplication": bypass_deduplication,
            "quota_left": find_quota_left(now),
            "now": now,
        },
    )
    counts: dict[str | None, int] = dict(rows)
    queued = counts.pop(None, 0)
    use_quota(queued, now)
    reasons = {reason: count for reason, count in counts.items() if reason is not None}
    return EnqueuedCohort(queued=queued, blocked=sum(reasons.values()), reasons=reasons)


def _is_commercial(email_version_id: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(compiled->>'legal_designation', '') <> 'transactional' FROM email_version WHERE id = %s",
            [email_version_id],
        )
        row = cursor.fetchone()
    if row is None:
        raise NotFound(f"There is no email version {email_version_id}.")
    return bool(row[0])


def claim_batch(*, sender: int, limit: int, now: datetime, pace: Pace | None = None) -> list[ClaimedMessage]:
    """Take messages that are due, for a sender that holds them until its lease is over. One transaction.

    Blocks are checked again: a person may have refused mail since. Rate limits hold for all senders together.
    """
    parameters = {"sender": sender, "limit": limit, "now": now}
    if pace is None or (pace.rate is None and not pace.domains):
        rows = fetch_prepared("claim_batch", parameters)
    else:
        rows = _claim_at_pace(parameters, pace)
    return [ClaimedMessage(*row[:11]) for row in rows]


def _claim_at_pace(parameters: dict[str, Any], pace: Pace) -> Sequence[Row]:
    sender, limit, now = parameters["sender"], parameters["limit"], parameters["now"]
    with transaction.atomic():
        end_if_asleep()
        if pace.rate is not None:
            limit = take_tokens(pace.provider, pace.rate, limit=limit, now=now)
        if limit <= 0:
            return []
        rows = fetch_prepared("claim_batch", {**parameters, "limit": limit})
        if pace.domains and rows:
            rows = put_off_by_domain(rows, pace.domains, sender=sender, now=now)
        if pace.rate is not None:
            spend_tokens(pace.provider, len(rows))
    return rows


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


def keep_links(links: Iterable[tuple[int, int, str]]) -> None:
    """Keep link targets that only one message has: (message id, number, url). Before the message is handed over."""
    kept = list(links)
    if kept:
        ids, numbers, urls = zip(*kept, strict=True)
        execute(senet.messages, "keep_links", {"ids": list(ids), "numbers": list(numbers), "urls": list(urls)})
