"""Who is not written to: after bounces for 180 days, after a complaint for ever, by a colleague's word until released.

In: bounced and complained messages, what administrators decide. Out: rows of `suppression`, which enqueueing and
claiming read, and the trail in `suppression_change`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction

import senet.messages
from senet.messages.models import Suppression, SuppressionChange
from senet.shared.errors import Conflict, InvalidInput, NotFound
from senet.shared.sql import fetch_all

SUPPRESSED_FOR = timedelta(days=180)
SOFT_LIMIT = 5  # soft bounces in a row
# Bounces that say something of us and nothing of the address: they neither count nor end a row of soft bounces.
INNOCENT = (
    "dmarc-issues",
    "reputation-issues",
    "blocklisting-issues",
    "relaying-issues",
    "connection-error",
    "suppression-list",
)
_LONGEST = 254


class Cause(StrEnum):
    """Why an address is suppressed."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCES = "soft_bounces"  # so many in a row
    COMPLAINT = "complaint"
    MANUAL = "manual"  # a colleague added the address
    PATTERN = "pattern"  # a colleague added a domain (@example.com) or a local part (office@)


def suppress_bounced(message_ids: Sequence[int], now: datetime) -> None:
    """Suppress the addresses of messages that have just bounced, as the rules say. In the caller's transaction."""
    parameters = {
        "ids": list(message_ids),
        "innocent": list(INNOCENT),
        "soft_limit": SOFT_LIMIT,
        "until": now + SUPPRESSED_FOR,
        "now": now,
    }
    fetch_all(senet.messages, "lock_addresses", parameters)
    fetch_all(senet.messages, "suppress_bounced", parameters)


@transaction.atomic
def record_complaints(message_ids: Sequence[int], *, reason: str, now: datetime) -> int:
    """Note that recipients called messages spam; returns how many had not been complained of before."""
    parameters = {"ids": list(message_ids), "reason": reason, "now": now}
    return len(fetch_all(senet.messages, "record_complaints", parameters))


@transaction.atomic
def add_suppression(text: str, *, note: str, user_id: int, until: datetime | None, now: datetime) -> int:
    """Suppress an address, a domain ("@example.com") or a local part ("office@") by hand; returns its number.

    Raises: InvalidInput when the text is none of these, Conflict when it is suppressed already.
    """
    key = read_key(text)
    is_pattern = key.startswith("@") or key.endswith("@")
    cause = Cause.PATTERN if is_pattern else Cause.MANUAL
    if until is not None and until <= now:
        raise InvalidInput("Choose an end in the future, or none.")
    values = {
        "cause": cause.value,
        "category": "",
        "reason": note,
        "since": now,
        "until": until,
        "message_id": None,
        "released_at": None,
    }
    found, made = Suppression.objects.select_for_update().get_or_create(key=key, defaults=values)
    if not made:
        if is_active(found, now):
            raise Conflict(f"{key} is suppressed already.")
        Suppression.objects.filter(pk=found.pk).update(**values)
    _write_change(found.key, "suppressed", cause.value, user_id=user_id, note=note, until=until, now=now)
    return int(found.pk)


@transaction.atomic
def release(suppression_id: int, *, note: str, user_id: int, now: datetime) -> None:
    """Let an address be written to again. Raises: NotFound, Conflict when it is not suppressed."""
    found = Suppression.objects.select_for_update().filter(pk=suppression_id).first()
    if found is None:
        raise NotFound("There is no such suppression.")
    if not is_active(found, now):
        raise Conflict(f"{found.key} is not suppressed any more.")
    Suppression.objects.filter(pk=found.pk).update(released_at=now)
    _write_change(found.key, "released", found.cause, user_id=user_id, note=note, until=None, now=now)


def is_active(suppression: Suppression, now: datetime) -> bool:
    """Say whether a suppression holds."""
    return suppression.released_at is None and (suppression.until is None or suppression.until > now)


def read_key(text: str) -> str:
    """Return the key of an address, a domain or a local part. Raises: InvalidInput."""
    key = text.strip().lower()
    if (
        key.count("@") != 1
        or len(key) < 2
        or len(key) > _LONGEST
        or not key.isprintable()
        or any(character in key for character in ' <>,;"')
    ):
        raise InvalidInput("Write an address, a domain (@example.com) or a local part (office@).")
    return key


def _write_change(
    key: str, change: str, cause: str, *, user_id: int, note: str, until: datetime | None, now: datetime
) -> None:
    SuppressionChange.objects.create(
        key=key, change=change, cause=cause, at=now, until=until, user_id=user_id, note=note
    )
