"""What changes the outbox: cohorts come in, senders claim and report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import connection

import senet.messages
from senet.messages.claims import claim, claim_batch
from senet.messages.queries import find_message
from senet.messages.quota import find_quota_left, use_quota
from senet.messages.results import record_results
from senet.messages.values import EnqueuedCohort
from senet.shared.errors import NotFound
from senet.shared.sql import execute, fetch_all

__all__ = [
    "claim",
    "claim_batch",
    "enqueue_cohort",
    "find_message",
    "keep_links",
    "keep_terms",
    "record_results",
]

# One @, a local part of dotted atoms, a domain of at least two labels; letters of any script. It costs
# PostgreSQL 0.4 µs an address; a bounded repetition ({1,64}) would cost ten.
_LOCAL = r"[^][@.\x01-\x20\x7f<>(),:;\"\\]+"
_LABEL_CHARACTER = r"[^][@\x01-\x2f\x3a-\x40\\^_`{|}~\x7f]"
_LABEL = rf"{_LABEL_CHARACTER}+(-+{_LABEL_CHARACTER}+)*"
ADDRESS_PATTERN = rf"^{_LOCAL}(\.{_LOCAL})*@({_LABEL}\.)+{_LABEL}$"


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
    urgent: bool = False,
    expires_at: datetime | None = None,
) -> EnqueuedCohort:
    """Give each contact of the temporary table `cohort(contact_id bigint PRIMARY KEY)` a message, queued or blocked.

    Runs in the caller's transaction; one statement. Running it again changes nothing. `expired` blocks all of them.
    What is transactional, or `urgent`, leaves before bulk. From `expires_at` on a message that still waits is blocked.
    Raises: NotFound when the email version does not exist.
    """
    commercial = _is_commercial(email_version_id)
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
            "commercial": commercial,
            "urgent": urgent or not commercial,
            "expires_at": expires_at,
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


def keep_links(links: Iterable[tuple[int, int, str]]) -> None:
    """Keep link targets that only one message has: (message id, number, url). Before the message is handed over."""
    kept = list(links)
    if kept:
        ids, numbers, urls = zip(*kept, strict=True)
        execute(senet.messages, "keep_links", {"ids": list(ids), "numbers": list(numbers), "urls": list(urls)})


def keep_terms(
    journey_id: int,
    *,
    minimum_consent: int,
    list_ids: Sequence[int],
    time_zone: str,
    suppression_segment_id: int | None = None,
) -> None:
    """Keep what a journey asks of people: senders ask again before each mail. In the caller's transaction."""
    execute(
        senet.messages,
        "keep_terms",
        {
            "journey_id": journey_id,
            "minimum_consent": minimum_consent,
            "list_ids": list(list_ids),
            "time_zone": time_zone,
            "suppression_segment_id": suppression_segment_id,
        },
    )
