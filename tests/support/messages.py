"""Builders: cohorts, queued messages, senders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from senet.messages.actions import enqueue_cohort
from senet.messages.leases import register_sender
from senet.messages.values import EnqueuedCohort
from tests.support.content import make_live_email

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
_OUTBOX = "message LEFT JOIN message_queue ON message_queue.message_id = message.id"
_STATE = "CASE WHEN claim IS NULL THEN state ELSE 'sending' END"


def empty_outbox() -> None:
    """Take away what tests that commit have left: Django empties only the tables that it has models for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE message, message_queue, message_terms, message_link, sender, pace, interaction, suppression,"
            " suppression_change, mail_quota"
        )


def make_version(**columns: Any) -> int:
    """Publish an email and return its version."""
    return int(make_live_email(**columns).live_version_id or 0)


def enqueue(
    contact_ids: Sequence[int],
    *,
    version_id: int | None = None,
    tile: int = 2,
    iteration: int = 1,
    journey_id: int = 1,
    now: datetime = NOW,
    urgent: bool = False,
    expires_at: datetime | None = None,
) -> EnqueuedCohort:
    """Give contacts a message of a tile."""
    version_id = make_version() if version_id is None else version_id
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE cohort (contact_id bigint PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("INSERT INTO cohort SELECT unnest(%s::bigint[])", [list(contact_ids)])
        done = enqueue_cohort(
            journey_id=journey_id,
            iteration=iteration,
            tile=tile,
            email_id=1,
            email_version_id=version_id,
            content_settings_id=None,
            urgent=urgent,
            expires_at=expires_at,
            now=now,
        )
        cursor.execute("DROP TABLE cohort")
    return done


def make_sender(now: datetime = NOW) -> int:
    """A sender that is alive."""
    return register_sender(now)


def states() -> dict[int, tuple[str, str | None]]:
    """Where each contact's message stands, and why."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT contact_id, {_STATE}, reason FROM {_OUTBOX} ORDER BY contact_id")
        return {contact_id: (state, reason) for contact_id, state, reason in cursor.fetchall()}


def count_states() -> dict[str, int]:
    """How many messages stand where."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_STATE}, count(*) FROM {_OUTBOX} GROUP BY 1")
        return dict(cursor.fetchall())


def logged(contact_id: int | None = None) -> list[tuple[str, Any]]:
    """The types and details of the log, in the order in which they were written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, detail FROM interaction WHERE %(id)s::bigint IS NULL OR contact_id = %(id)s ORDER BY id",
            {"id": contact_id},
        )
        return [(kind, _read(detail)) for kind, detail in cursor.fetchall()]


def _read(detail: Any) -> Any:
    import json

    return json.loads(detail) if isinstance(detail, str) else detail
