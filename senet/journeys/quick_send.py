"""Quick send: a few people get an email now, by a static segment and a journey of two tiles that are made for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.db import transaction

from senet.accounts.values import Author
from senet.audiences import actions as audiences
from senet.audiences.evaluation import evaluate_segment
from senet.content.actions import get_email, go_live_email
from senet.content.queries import find_default_content_settings
from senet.content.values import ContentType, EmailStatus
from senet.journeys import actions
from senet.journeys.models import Journey, QuickSendRequest
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
def quick_send_once(
    key: str,
    email_id: int,
    contact_ids: Sequence[int],
    *,
    author: Author,
    now: datetime,
    content_settings_id: int | None = None,
    end_at: datetime | None = None,
) -> QuickSend:
    """Send quickly unless the author did under this key before; then return what was made. Without a key: always.

    Two at once: the second waits for the first. Raises: as `quick_send`.
    """
    asked = None
    if key and author.user_id is not None:
        asked = QuickSendRequest(key=key, user_id=author.user_id)
        QuickSendRequest.objects.bulk_create([asked], ignore_conflicts=True)
        asked = QuickSendRequest.objects.select_for_update().get(key=key, user_id=author.user_id)
        if asked.journey_id and asked.segment_id and asked.email_version_id:
            return QuickSend(asked.journey_id, asked.segment_id, asked.email_version_id, asked.people or 0)
    made = quick_send(
        email_id, contact_ids, author=author, now=now, content_settings_id=content_settings_id, end_at=end_at
    )
    if asked is not None:
        QuickSendRequest.objects.filter(pk=asked.pk).update(**asdict(made))
    return made


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
