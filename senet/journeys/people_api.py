"""Routes of the people in a journey: who stands where, who left how, and segments of those behind a number."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from senet.accounts.http import principal
from senet.accounts.values import Permission
from senet.interactions.verdicts import Verdict
from senet.journeys.access import get_permitted, visible_units
from senet.journeys.numbers import SavedNumber, save_as_segment
from senet.journeys.people import PeopleQuery, PersonState, list_people
from senet.journeys.schemas import StepOut
from senet.shared.clock import utc_now
from senet.shared.period import read_period

router = Router(tags=["journeys"])


class PeopleFilter(Schema):
    """Who is asked for."""

    state: PersonState = PersonState.WAITING
    tile: int | None = Field(None, ge=1, le=30_000)
    reason: str | None = Field(None, max_length=100, pattern=r"^[^\x00]*$")
    branch: int | None = Field(None, ge=0, le=1000)
    iteration: int | None = Field(None, ge=1, lt=2**31, description="By default all of them.")
    cursor: str = Field("", max_length=2000, description="next_cursor of the page before.")
    limit: int = Field(50, ge=1, le=200)


class PersonInJourneyOut(Schema):
    """One person at one tile. Whoever may not see them learns that somebody is there, not who."""

    contact_id: int | None
    name: str
    email: str
    step: StepOut
    explanation: str


class PeopleOut(Schema):
    """A page of people."""

    items: list[PersonInJourneyOut]
    next_cursor: str | None


class SegmentOfNumberIn(Schema):
    """Whose segment: the people behind a number that a tile shows."""

    number: str = Field(
        max_length=100,
        description="processed, stopped, path:0, reason:consent, delivered, opened, blocked:EmailBlockedByUser, …",
    )
    name: str = Field(max_length=200)
    description: str = Field("", max_length=2000)
    live: bool = Field(False, description="Take it live at once; its membership is true already.")
    iteration: int | None = Field(None, ge=1, lt=2**31, description="By default all of them.")
    since: datetime | None = Field(None, alias="from", description="The filters under which the page shows the number.")
    until: datetime | None = Field(None, alias="to")
    verdict: Verdict = Field(Verdict.ALL, description="Whose opens and clicks count.")
    company_id: int | None = Field(None, ge=1, lt=2**63, description="Only people who belong to this company now.")


class SegmentOfNumberOut(Schema):
    """The segment that was made, and how many are in it."""

    segment_id: int
    size: int
    number: str


@router.get("/journeys/{int:journey_id}/people", response=PeopleOut, operation_id="journeys_people")
def people(request: HttpRequest, journey_id: int, query: Query[PeopleFilter]) -> dict[str, object]:
    """List who stands where in a journey, or who was stopped, expired, failed or processed where, and why."""
    journey = get_permitted(request, journey_id, Permission.VIEW)
    page = list_people(journey, PeopleQuery(**query.model_dump()), unit_ids=visible_units(request))
    return {"items": [asdict(item) for item in page.items], "next_cursor": page.next_cursor}


@router.post(
    "/journeys/{int:journey_id}/tiles/{int:tile}/segment",
    response={201: SegmentOfNumberOut},
    operation_id="journeys_save_segment",
)
def save_segment(request: HttpRequest, journey_id: int, tile: int, body: SegmentOfNumberIn) -> Status[SavedNumber]:
    """Make a static segment with exactly the people behind a number that a tile shows, as they are now."""
    journey = get_permitted(request, journey_id, Permission.GO_LIVE if body.live else Permission.EDIT)
    person = principal(request)
    since, until = read_period(body.since, body.until)
    saved = save_as_segment(
        journey,
        tile,
        **body.model_dump(exclude={"since", "until"}),
        since=since,
        until=until,
        owner_id=person.user_id,
        business_unit_id=person.business_unit_id,
        now=utc_now(),
    )
    return Status(201, saved)
