"""Route: an email rendered for some contacts, to see who would be blocked and why."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema

from senet.accounts.access import SEES_EVERYTHING, check_object, list_unit_ids
from senet.accounts.http import principal
from senet.accounts.values import Permission
from senet.audiences.queries import get_segment_unit
from senet.content.actions import get_email, source_of
from senet.content.sampling import MOST_PEOPLE, SampleReport, render_sample
from senet.content.schemas import Strict
from senet.content.settings_actions import get_content_settings
from senet.shared.clock import utc_now

router = Router(tags=["content"])


class SampleIn(Strict):
    """On whom to try the email; the same seed chooses the same people."""

    people: int = Field(100, ge=1, le=MOST_PEOPLE)
    segment_id: int | None = None
    content_settings_id: int | None = None
    seed: int = Field(0, ge=0, le=2**31)


class BlockedPersonOut(Schema):
    """Somebody who would get no mail."""

    contact_id: int
    name: str
    address: str
    reason: str = Field(description="The interaction that would say so.")
    detail: str


class SampleOut(Schema):
    """What came of it: people = rendered + blocked."""

    people: int
    rendered: int
    blocked: list[BlockedPersonOut]
    reasons: dict[str, int]
    largest: int = Field(description="Bytes of the largest mail.")
    average: int


@router.post("/emails/{int:email_id}/sample-render", response=SampleOut, operation_id="emails_sample_render")
def sample_render(request: HttpRequest, email_id: int, body: SampleIn) -> SampleReport:
    """Render the email for some contacts and say who would be blocked, and why; nothing is sent."""
    who = principal(request)
    email = get_email(email_id)
    check_object(email.business_unit_id, who, Permission.VIEW)
    if body.segment_id is not None:
        check_object(get_segment_unit(body.segment_id), who, Permission.VIEW)
    if body.content_settings_id is not None:
        check_object(get_content_settings(body.content_settings_id).business_unit_id, who, Permission.VIEW)
    return render_sample(
        source_of(email),
        people=body.people,
        unit_ids=None if who.role in SEES_EVERYTHING else list_unit_ids(who),
        door_url=settings.DOOR_URL,
        now=utc_now(),
        seed=body.seed,
        segment_id=body.segment_id,
        content_settings_id=body.content_settings_id,
    )
