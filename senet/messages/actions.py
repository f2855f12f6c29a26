"""What changes the outbox: cohorts come in, senders claim and report."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

import senet.messages
from senet.messages.values import EnqueuedCohort
from senet.shared.errors import NotFound
from senet.shared.sql import fetch_all

# One @, a local part of dotted atoms, a domain of at least two labels; letters of any script. PostgreSQL takes 0.4 µs for
# one address; a bounded repetition ({1,64}) would take ten.
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
) -> EnqueuedCohort:
    """Give each contact of the temporary table `cohort(contact_id bigint PRIMARY KEY)` a message, queued or blocked.

    Runs in the caller's transaction; one statement. Running it again changes nothing.
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
            "now": now,
        },
    )
    counts: dict[str | None, int] = dict(rows)
    queued = counts.pop(None, 0)
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
