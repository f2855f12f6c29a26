"""What the API reads and writes about emails and content settings."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema
from pydantic import ConfigDict

from senet.content.language.budget import MAX_SOURCE
from senet.content.values import ContentType, EmailStatus, LegalDesignation, LinkKind, SettingsStatus
from senet.shared.paging import PageQuery
from senet.shared.schemas import ProblemOut

_LINE = 2_000


class Strict(Schema):
    """Refuses fields that it does not know, so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid")


class EmailQuery(PageQuery):
    """Filters of the list of emails."""

    status: EmailStatus | None = None
    legal_designation: LegalDesignation | None = None
    content_type: ContentType | None = None
    language: str | None = Field(None, max_length=35)


class EmailColumns(Strict):
    """The columns of an email that its author sets."""

    subject: str = Field("", max_length=_LINE)
    preheader: str = Field("", max_length=_LINE)
    from_name: str = Field("", max_length=_LINE)
    from_address: str = Field("", max_length=_LINE)
    to_address: str = Field("{{ contact.email }}", max_length=_LINE)
    reply_to: str = Field("", max_length=_LINE)
    language: str = Field("en", max_length=35)
    source_kind: Literal["html", "mjml"] = "html"
    source: str = Field("", max_length=MAX_SOURCE)
    plain_text: str = Field("", max_length=MAX_SOURCE)
    plain_text_automatic: bool = True
    legal_designation: LegalDesignation = LegalDesignation.COMMERCIAL
    content_type: ContentType = ContentType.DEFAULT
    event_id: int | None = Field(None, description="The calendar event that it invites to.")


class EmailIn(EmailColumns):
    """A new email."""

    name: str = Field(min_length=1, max_length=200)


class EmailChange(EmailColumns):
    """What to change of an email; what is left out stays."""

    name: str = Field("", min_length=1, max_length=200)


class EmailRow(Schema):
    """An email in a list."""

    id: int
    name: str
    subject: str
    from_name: str
    from_address: str
    language: str
    source_kind: str
    status: EmailStatus
    legal_designation: LegalDesignation
    content_type: ContentType
    live_version_id: int | None
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime


class EmailOut(EmailRow):
    """An email in full."""

    preheader: str
    to_address: str
    reply_to: str
    source: str
    plain_text: str
    plain_text_automatic: bool
    event_id: int | None


class SpamReason(Schema):
    """What gave points."""

    points: int
    sentence: str


class SpamOut(Schema):
    """How much the email looks like spam by Senet's own rules: 0 to 100."""

    score: int
    level: Literal["low", "medium", "high"]
    reasons: list[SpamReason]


class EmailCheckOut(Schema):
    """Every finding of the check; an email without errors may go live."""

    ready: bool
    problems: list[ProblemOut]
    spam: SpamOut | None = Field(None, description="None: the body cannot be read.")


class PreviewIn(Strict):
    """Whom to show the email as; a sample contact when nobody is chosen."""

    contact_id: int | None = None
    content_settings_id: int | None = None
    part: Literal["html", "text"] | None = None


class PreviewOut(Schema):
    """The email as that person would read it, and what the check finds."""

    subject: str
    sender: str = Field(alias="from", serialization_alias="from")
    html: str
    text: str
    problems: list[ProblemOut]


class LinkOut(Schema):
    """One link of the published email."""

    number: int
    url: str
    label: str
    kind: LinkKind
    dynamic: bool


class SettingsQuery(PageQuery):
    """Filters of the list of content settings."""

    status: SettingsStatus | None = None


class SettingsIn(Strict):
    """New content settings; custom columns are texts."""

    name: str = Field(min_length=1, max_length=200)
    address_main: str = Field("", max_length=_LINE)
    address_line_2: str = Field("", max_length=_LINE)
    subscription_center: str = Field("", max_length=_LINE)
    custom: dict[str, str] = Field(default_factory=dict)
    is_default: bool = False


class SettingsChange(Strict):
    """What to change; what is left out stays."""

    name: str = Field("", min_length=1, max_length=200)
    address_main: str = Field("", max_length=_LINE)
    address_line_2: str = Field("", max_length=_LINE)
    subscription_center: str = Field("", max_length=_LINE)
    custom: dict[str, str] = Field(default_factory=dict)
    is_default: bool = False


class SettingsOut(Schema):
    """Content settings."""

    id: int
    name: str
    address_main: str
    address_line_2: str
    subscription_center: str
    custom: dict[str, str]
    is_default: bool
    status: SettingsStatus
    business_unit_id: int
    created_at: datetime
    updated_at: datetime
