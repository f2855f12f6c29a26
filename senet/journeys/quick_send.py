"""Quick send: a few people get an email now, by a static segment and a journey of two tiles that are made for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from senet.accounts.values import Author
from senet.audiences import actions as audiences
from senet.audiences.evaluation import evaluate_segment
from senet.content.actions import get_email, go_live_email
from senet.content.queries import find_default_content_settings
from senet.content.values import ContentType, EmailStatus
from senet.journeys import actions
from senet.journeys.models import Journey
from senet.shared.errors import Conflict, InvalidInput

MOST = 30  # people
LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class QuickSend:
    """What a quick send made."""

    journey_id: int
    segment_id: int
    email_version_id: int
    people: int


@transaction.atomic
def quick_send(
    email_id: int,
    contact_ids: Sequence[int],
    *,
    author: Author,
    now: datetime,
    content_settings_id: int | None = None,
    end_at: datetime | None = None,
) -> QuickSend:
    """Send an email to at most thirty people from now on until its end; a draft goes live first.

    All of it happens or nothing. Raises: NotFound, InvalidInput, EmailNotReady, JourneyHasErrors, Conflict.
    """
    people = sorted(set(contact_ids))
    if not 1 <= len(people) <= MOST:
        raise InvalidInput(
            f"A quick send is for 1 to {MOST} people; for more, draw a journey.", contact_ids=len(people)
        )
    end_at = end_at or now + LASTS
    if end_at <= now:
        raise InvalidInput("A quick send ends after it begins.", end_at=str(end_at))
    email = get_email(email_id)
    if email.content_type == ContentType.CONFIRMATION_REQUEST:
        raise Conflict("Only double opt-in sends a confirmation request, to those who have asked for something.")
    if email.status == EmailStatus.EXPIRED:
        raise Conflict("This email is out of use. Copy it to send it again.")
    if email.status != EmailStatus.LIVE:
        go_live_email(email_id, now=now, by=author.user_id)
    unit = author.business_unit_id
    segment = audiences.create_segment(
        name=email.name, kind="static", definition={}, business_unit_id=unit, owner_id=author.user_id
    )
    audiences.add_members(segment, people, now=now)
    audiences.go_live(segment)
    evaluate_segment(segment, now)
    journey = actions.create_journey(
        author=author,
        now=now,
        name=email.name,
        start_at=now,
        end_at=end_at,
        content_settings_id=content_settings_id or find_default_content_settings(),
        definition={
            "tiles": [
                {"id": 1, "kind": "audience", "sources": [{"kind": "segment", "id": segment}], "next": 2},
                {"id": 2, "kind": "email", "email_id": email_id},
            ]
        },
    )
    Journey.objects.filter(pk=journey).update(urgent=True)
    actions.go_live(journey, now=now, user_id=author.user_id)
    version = get_email(email_id).live_version_id
    assert version is not None  # noqa: S101  it is live
    return QuickSend(journey, segment, version, len(people))
