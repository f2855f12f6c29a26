"""What crosses this room's door: cohorts that were enqueued, claimed messages, results and links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from senet.messages.states import Event, State


class BlockReason(StrEnum):
    """Why a message was not attempted: the type of the interaction that says so."""

    MISSING_CONTACT = "EmailBlockedMissingContactData"
    MISSING_RELATED = "EmailBlockedMissingRelatedData"  # a company or event that the mail speaks of is gone
    INACTIVE_CONTACT = "EmailBlockedInactiveContact"
    UNSUBSCRIBED = "EmailBlockedByUnsubscription"  # from a list that the journey goes to, since it was queued
    CONSENT = "EmailBlockedConsentNotGiven"  # any more
    FREQUENCY_CAP = "EmailBlockedByFrequencyCap"
    BY_USER = "EmailBlockedByUser"  # do-not-email, or do-not-bulk-email and the mail is commercial
    INVALID_ADDRESS = "InvalidRecipientAddress"  # or none at all
    EXPIRED = "EmailBlockedByActivityExpiration"
    DUPLICATE_ADDRESS = "EmailBlockedDuplicateAddress"
    SUPPRESSED = "EmailBounceCacheBlocked"  # complained, or on the operator's list; after bounces it is a hard bounce
    NO_CREDITS = "OutOfEmailCredits"
    INVALID_SENDER = "InvalidSenderAddress"
    BLOCKED_LINK = "EmailContainsBlockListedLinks"
    DOMAIN_NOT_OWNED = "DomainNotOwnedByAnyone"
    DOMAIN_OF_OTHERS = "DomainOwnedByDifferentOrganization"
    OTHER = "EmailBlockedOtherReason"


@dataclass(frozen=True, slots=True)
class EnqueuedCohort:
    """What became of a cohort. Contacts that had a message of this tile and iteration already are in neither number.

    Who is suppressed after bounces is among the blocked, and in the outbox and the log a hard bounce.
    """

    queued: int
    blocked: int
    reasons: Mapping[str, int] = field(default_factory=dict)  # BlockReason, or EmailHardBounced → how many


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """A message that a sender holds, as the renderer needs it."""

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
    urgent: bool = False  # it goes before bulk


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one attempt. `reason` is the block's interaction type, or the server's words.

    `detail` is the sentence that explains a block.
    `due_at`: when a released or deferred message may be tried again (None: at once).
    """

    message_id: int
    event: Event
    reason: str | None = None
    smtp_code: int | None = None
    smtp_enhanced: str | None = None
    bounce_category: str | None = None
    due_at: datetime | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Pace:
    """Rate limits, in messages a second: of the provider (None: as fast as it takes them) and of recipient domains."""

    provider: str = "smtp"
    rate: float | None = None
    domains: Mapping[str, float] = field(default_factory=dict)

    @property
    def is_limited(self) -> bool:
        """Say whether there is any limit."""
        return self.rate is not None or bool(self.domains)


@dataclass(frozen=True, slots=True)
class MessageSummary:
    """One message, as the door and insights need it."""

    id: int
    journey_id: int
    iteration: int
    tile: int
    contact_id: int
    company_id: int | None
    email_id: int
    email_version_id: int
    address: str
    domain: str
    state: State
