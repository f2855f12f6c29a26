"""What crosses this room's door: sources, compiled emails, what to render and what came out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from senet.content.needs import Need

FORMAT = 1  # of compiled emails
MAX_LINKS = 255  # declared links of one email
REPEAT_STEP = 256  # further targets of a link in a loop: number + 256, + 512, … up to smallint


class EmailStatus(StrEnum):
    """Where an email stands."""

    DRAFT = "draft"
    LIVE = "live"
    LIVE_EDITABLE = "live_editable"
    STOPPED = "stopped"
    EXPIRED = "expired"


class SettingsStatus(StrEnum):
    """Where a record of content settings stands."""

    DRAFT = "draft"
    LIVE = "live"
    LIVE_EDITABLE = "live_editable"
    STOPPED = "stopped"
    EXPIRED = "expired"


class LegalDesignation(StrEnum):
    """Commercial mail needs the person's leave and a way out; transactional mail answers something they did."""

    COMMERCIAL = "commercial"
    TRANSACTIONAL = "transactional"


class ContentType(StrEnum):
    """What an email is for. A confirmation request asks one person to confirm what they have asked for."""

    DEFAULT = "default"
    CONFIRMATION_REQUEST = "confirmation_request"


class AbKind(StrEnum):
    """What version B of an A/B test says differently."""

    HEADER = "header"
    BODY = "body"
    WHOLE = "whole"


class AbMetric(StrEnum):
    """What decides an A/B test: messages with a click, or with an open, of those sent."""

    CLICKS = "clicks"
    OPENS = "opens"


class AbChoice(StrEnum):
    """Which version."""

    A = "a"
    B = "b"
    RANDOM = "random"


class AbStatus(StrEnum):
    """Where an A/B test stands."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"


class LinkKind(StrEnum):
    """What a link leads to."""

    URL = "url"
    SUBSCRIPTION_CENTER = "subscription_center"
    UNSUBSCRIBE = "unsubscribe"
    WEB_VIEW = "web_view"
    FORWARD = "forward"
    CONFIRMATION = "confirmation"
    UNTRACKED = "untracked"  # written by Liquid and not redirected; checked for each person all the same


@dataclass(frozen=True, slots=True)
class EmailSource:
    """An email as its author wrote it. Every text but name, language and kinds may hold Liquid."""

    subject: str = ""
    preheader: str = ""
    from_name: str = ""
    from_address: str = ""
    to_address: str = "{{ contact.email }}"
    reply_to: str = ""
    language: str = "en"
    source_kind: str = "html"  # html or mjml
    source: str = ""
    plain_text: str = ""
    plain_text_automatic: bool = True
    legal_designation: str = LegalDesignation.COMMERCIAL.value
    event_id: int | None = None  # the calendar event that it invites to
    content_type: str = ContentType.DEFAULT.value


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a published email. Numbers count from 1; `url` is absolute, and holds Liquid only when `dynamic`."""

    number: int
    url: str
    label: str = ""
    kind: str = LinkKind.URL.value
    dynamic: bool = False


@dataclass(frozen=True, slots=True)
class CompiledEmail:
    """A published email, ready for any sender: Liquid sources whose links and beacon are private tags.

    Shape: `as_json` is what `email_version.compiled` keeps; `from_json` reads it back in another process.
    """

    subject: str
    from_name: str
    from_address: str
    to_address: str
    reply_to: str
    html: str
    text: str
    language: str
    legal_designation: str
    links: tuple[Link, ...] = ()
    format: int = FORMAT
    needs: tuple[Need, ...] = ()  # of its templates, besides the contact's card
    event_id: int | None = None
    content_type: str = ContentType.DEFAULT.value

    def as_json(self) -> dict[str, object]:
        """Return plain values that survive JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CompiledEmail:  # what a jsonb column holds
        """Read what `as_json` made. Raises: ValueError when another program's format was kept."""
        if value["format"] != FORMAT:
            raise ValueError(f"This email was compiled in format {value['format']}; publish it again.")
        links = tuple(Link(**link) for link in value["links"])
        needs = tuple(tuple(need) for need in value.get("needs", ()))
        return cls(**{**value, "links": links, "needs": needs})


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a confirmation request asks its recipient to confirm, as templates see it."""

    request_type: str  # Subscription or Consent
    object_name: str  # of the list, or "Consent"
    object_value: str  # of a consent, its level
    object_description: str


@dataclass(frozen=True, slots=True)
class MessageToRender:
    """One message of the outbox, as the renderer needs it."""

    message_id: int
    email_version_id: int
    contact_id: int
    address: str  # of the recipient, as the outbox holds it
    at: datetime  # the moment of sending: the Date header, and `now` in templates
    journey_id: int | None = None
    tracking_allowed: bool = True
    test: bool = False  # goes to `address` whatever the To expression says
    web_view: bool = False  # shown as a page: without a beacon, and without links that only this rendering has
    confirmation: Confirmation | None = None  # of a confirmation request: what it asks to confirm


@dataclass(frozen=True, slots=True)
class RenderedMessage:
    """One ready message: CRLF MIME bytes in which no line starts with a dot, and its envelope.

    `dynamic_links` are the targets that only this message has, (number, url), for the table message_link.
    """

    content: bytes
    from_address: str
    to_address: str
    dynamic_links: tuple[tuple[int, str], ...] = ()

    @property
    def size(self) -> int:
        """Return the number of bytes."""
        return len(self.content)


@dataclass(frozen=True, slots=True)
class PublishedEmail:
    """One published version and the email it belongs to."""

    email_id: int
    email_version_id: int
    number: int
    name: str
    compiled: CompiledEmail


@dataclass(frozen=True, slots=True)
class Preview:
    """An email as one person would see it; nothing in it has consequences."""

    subject: str
    sender: str
    html: str
    text: str
    links: tuple[Link, ...] = field(default=())


def declared_number(number: int) -> int:
    """Return the number under which a link is declared, given the one a click carries."""
    return number % REPEAT_STEP
