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
from senet.content.models import Email
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
def quick_send(
    email_id: int,
    contact_ids: Sequence[int],
    *,
    author: Author,
    now: datetime,
    content_settings_id: int | None = None,
    end_at: datetime | None = None,
    key: str = "",
) -> QuickSend:
    """Send an email to at most thirty people from now on until its end; a draft goes live first.

    All of it happens or nothing; and only once under a key of the author: asked again, what was made is returned. Two
    at once: the second waits for the first.

    Raises: NotFound, InvalidInput, EmailNotReady, JourneyHasErrors, Conflict.
    """
    asked = _hold_request(key, author)
    if asked is not None and asked.journey_id and asked.segment_id and asked.email_version_id:
        return QuickSend(asked.journey_id, asked.segment_id, asked.email_version_id, asked.people or 0)
    people = sorted(set(contact_ids))
    if not 1 <= len(people) <= MOST:
        raise InvalidInput(
            f"A quick send is for 1 to {MOST} people; for more, draw a journey.", contact_ids=len(people)
        )
    end_at = end_at or now + LASTS
    if end_at <= now:
        raise InvalidInput("A quick send ends after it begins.", end_at=str(end_at))
    email = _make_live(email_id, author, now)
    segment = _make_segment(email.name, people, author, now)
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
    assert email.live_version_id is not None  # noqa: S101  it is live
    made = QuickSend(journey, segment, email.live_version_id, len(people))
    if asked is not None:
        QuickSendRequest.objects.filter(pk=asked.pk).update(**asdict(made))
    return made


def _hold_request(key: str, author: Author) -> QuickSendRequest | None:
    """Return what the author has asked for under a key, now or before; nobody else goes on with it meanwhile."""
    if not key or author.user_id is None:
        return None
    QuickSendRequest.objects.bulk_create([QuickSendRequest(key=key, user_id=author.user_id)], ignore_conflicts=True)
    return QuickSendRequest.objects.select_for_update().get(key=key, user_id=author.user_id)


def _make_live(email_id: int, author: Author, now: datetime) -> Email:
    email = get_email(email_id)
    if email.content_type == ContentType.CONFIRMATION_REQUEST:
        raise Conflict("Only double opt-in sends a confirmation request, to those who have asked for something.")
    if email.status == EmailStatus.EXPIRED:
        raise Conflict("This email is out of use. Copy it to send it again.")
    if email.status != EmailStatus.LIVE:
        go_live_email(email_id, now=now, by=author.user_id)
    return get_email(email_id)


def _make_segment(name: str, people: Sequence[int], author: Author, now: datetime) -> int:
    segment = audiences.create_segment(
        name=name, kind="static", definition={}, business_unit_id=author.business_unit_id, owner_id=author.user_id
    )
    audiences.add_members(segment, people, now=now)
    audiences.go_live(segment)
    evaluate_segment(segment, now)
    return segment
