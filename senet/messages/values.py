"""What crosses this room's door: cohorts that were enqueued, claimed messages, results and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class BlockReason(StrEnum):
    """Why a message was not attempted: the type of the interaction that says so."""

    MISSING_CONTACT = "EmailBlockedMissingContactData"
    INACTIVE_CONTACT = "EmailBlockedInactiveContact"
    BY_USER = "EmailBlockedByUser"  # do-not-email, or do-not-bulk-email and the mail is commercial
    INVALID_ADDRESS = "InvalidRecipientAddress"  # or none at all
    DUPLICATE_ADDRESS = "EmailBlockedDuplicateAddress"
    OTHER = "EmailBlockedOtherReason"


@dataclass(frozen=True, slots=True)
class EnqueuedCohort:
    """What became of a cohort. Contacts that had a message of this tile and iteration already are in neither number."""

    queued: int
    blocked: int
    reasons: Mapping[str, int] = field(default_factory=dict)  # BlockReason → how many
