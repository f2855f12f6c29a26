"""A claimed row as claim_batch.sql returns it, and how one is put off: its claim is taken back, with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import senet.messages
from senet.shared.sql import execute


class ClaimedRow(NamedTuple):
    """One row of claim_batch.sql; the first twelve columns are a `ClaimedMessage`."""

    id: int
    journey_id: int
    contact_id: int
    email_id: int
    email_version_id: int
    content_settings_id: int | None
    address: str
    domain: str
    attempt: int
    queued_at: datetime
    tracking_allowed: bool
    urgent: bool
    reason: str | None  # what it has waited for before
    commercial: bool
    expires_at: datetime | None
    time_zone: str | None  # of the contact
    journey_zone: str | None
    business_unit_id: int | None
    block: str | None  # the reason for which it is blocked now


@dataclass(frozen=True, slots=True)
class PutOff:
    """A claimed message that has to wait, until when and for what."""

    message_id: int
    due_at: datetime
    reason: str


def put_back(put_off: Sequence[PutOff], *, sender: int) -> None:
    """Queue claimed messages again, each for its moment."""
    if not put_off:
        return
    ordered = sorted(put_off, key=lambda each: each.message_id)
    execute(
        senet.messages,
        "put_back",
        {
            "ids": [each.message_id for each in ordered],
            "dues": [each.due_at for each in ordered],
            "reasons": [each.reason for each in ordered],
            "sender": sender,
        },
    )
