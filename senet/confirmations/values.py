"""What crosses this room's door."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

LASTS = timedelta(days=30)  # Source: product facts 3.8, Q-9
NO_JOURNEY = 0  # of confirmation mails in the outbox: a number that no journey has


class Kind(StrEnum):
    """What is asked for."""

    LIST = "list"
    CONSENT = "consent"


REQUEST_TYPES = {Kind.LIST.value: "Subscription", Kind.CONSENT.value: "Consent"}


class RequestState(StrEnum):
    """Where a request stands. One that nobody answers in time expires; nothing of it comes true."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"  # told by its time, and never written


class Asked(StrEnum):
    """What became of an ask."""

    MAILED = "mailed"  # a mail is on its way
    MAILED_BEFORE = "mailed_before"  # one was sent a short while ago, or often enough today
    NOT_NEEDED = "not_needed"  # they have it already
    NO_ADDRESS = "no_address"


class Outcome(StrEnum):
    """What became of an answer."""

    CONFIRMED = "confirmed"  # now, or by an earlier answer
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"  # asked for something else meanwhile, or taken back
    OTHER_ADDRESS = "other_address"  # the contact has another one now than the mail went to
    GONE = "gone"  # the list is


@dataclass(frozen=True, slots=True)
class Question:
    """What a confirmation mail asks, for its page."""

    message_id: int
    request_id: int
    contact_id: int
    kind: Kind
    object_name: str
    object_description: str
    address: str
    outcome: Outcome | None  # None: it waits for its answer


@dataclass(frozen=True, slots=True)
class Setup:
    """How double opt-in works just now."""

    enabled: bool
    centre_shows_consent: bool
    thanks_urls: dict[str, str]  # by kind; empty: the door's own page

    def find_thanks(self, kind: Kind) -> str:
        """Return the address of the page that thanks, or nothing."""
        return self.thanks_urls.get(kind.value, "")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a contact's answer: lists, and the consent level asked for."""

    list_ids: frozenset[int]
    consent_level: int | None
