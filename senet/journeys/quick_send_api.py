"""POST /emails/{id}/quick-send: an email to a few people, now."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from senet.accounts.access import check_object
from senet.accounts.http import require
from senet.accounts.values import Author, Permission
from senet.content.actions import get_email
from senet.content.settings_actions import get_content_settings
from senet.journeys.quick_send import MOST, QuickSend, quick_send
from senet.people.queries import get_contact
from senet.shared.clock import utc_now
from senet.shared.errors import NotAllowed

router = Router(tags=["journeys"])


class QuickSendIn(Schema):
    """To whom, with which content settings (the default ones), and until when (for 24 hours)."""

    contact_ids: list[int] = Field(min_length=1, max_length=MOST)
    content_settings_id: int | None = None
    end_at: datetime | None = None
    idempotency_key: str = Field("", max_length=1000, description="Asking again with the same one sends nothing again.")


class QuickSendOut(Schema):
    """The journey and the segment that were made for it."""

    journey_id: int
    segment_id: int
    email_version_id: int
    people: int


@router.post("/emails/{int:email_id}/quick-send", response={201: QuickSendOut}, operation_id="emails_quick_send")
def send_quickly(request: HttpRequest, email_id: int, body: QuickSendIn) -> Status[QuickSend]:
    """Send an email to at most thirty people, now: a draft goes live first."""
    who = require(request, Permission.GO_LIVE)
    if who.user_id is None:
        raise NotAllowed("A journey needs an owner: sign in as somebody.")
    check_object(get_email(email_id).business_unit_id, who, Permission.GO_LIVE)
    for contact_id in set(body.contact_ids):
        check_object(get_contact(contact_id).business_unit_id, who, Permission.VIEW)
    if body.content_settings_id is not None:
        check_object(get_content_settings(body.content_settings_id).business_unit_id, who, Permission.VIEW)
    made = quick_send(
        email_id,
        body.contact_ids,
        author=Author(who.user_id, who.business_unit_id),
        now=utc_now(),
        content_settings_id=body.content_settings_id,
        end_at=body.end_at,
        key=body.idempotency_key,
    )
    return Status(201, made)
