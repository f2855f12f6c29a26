"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Schema
from pydantic import ConfigDict

from senet.confirmations.values import Kind, RequestState
from senet.shared.clock import utc_now
from senet.shared.paging import PageQuery
from senet.shared.schemas import ProblemOut


class ConfirmationSettingsChange(Schema):
    """What to change of double opt-in; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = False
    subscription_email_id: int | None = Field(None, description="Asks whoever joins a list: a confirmation request.")
    consent_email_id: int | None = Field(None, description="Asks whoever raises their consent.")
    content_settings_id: int | None = Field(None, description="Of the mails; null: the default.")
    subscription_thanks_url: str = Field("", max_length=2_000, description="Where people go afterwards.")
    consent_thanks_url: str = Field("", max_length=2_000)
    centre_shows_consent: bool = Field(default=False, description="People see and choose their consent level.")


class ConfirmationSettingsOut(Schema):
    """How double opt-in works, what is wrong with it, and how many mails wait for that."""

    enabled: bool
    subscription_email_id: int | None
    consent_email_id: int | None
    content_settings_id: int | None
    subscription_thanks_url: str
    consent_thanks_url: str
    centre_shows_consent: bool
    problems: list[ProblemOut]
    mails_held: int


class ConfirmationRequestIn(Schema):
    """What a contact has asked for: a list to join, or a consent level higher than theirs."""

    model_config = ConfigDict(extra="forbid")

    list_id: int | None = None
    consent_level: int | None = Field(None, ge=1, le=5)


class ConfirmationRequestQuery(PageQuery):
    """Filters of the list."""

    contact_id: int | None = None
    list_id: int | None = None
    kind: Kind | None = None
    state: RequestState | None = None


class ConfirmationRequestOut(Schema):
    """What somebody has asked for, and how it stands."""

    id: int
    contact_id: int
    contact_name: str
    address: str
    kind: Kind
    list_id: int | None
    consent_level: int | None
    object_name: str
    object_description: str
    state: RequestState
    asked_by: str
    user_id: int | None = Field(description="Who asked for the person, by the API.")
    asked_at: datetime
    expires_at: datetime
    mails: int
    mailed_at: datetime | None
    answered_at: datetime | None

    @staticmethod
    def resolve_contact_name(row: Any) -> str:  # a row, or what a test makes of one
        """Both names, as far as they are known."""
        return f"{row.contact.first_name} {row.contact.last_name}".strip()

    @staticmethod
    def resolve_state(row: Any) -> RequestState:  # a row, or what a test makes of one
        """Tell one that nobody answered in time from one that still waits."""
        if row.state == RequestState.WAITING and row.expires_at <= utc_now():
            return RequestState.EXPIRED
        return RequestState(row.state)
