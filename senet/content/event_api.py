"""Routes: calendar events, which emails invite to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status
from pydantic import AwareDatetime

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.content import events
from senet.content.models import CalendarEvent
from senet.content.schemas import Strict
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["content"])

EVENTS = Listing(
    sorts={"name": Sort("name", folded=True), "starts_at": Sort("starts_at"), "updated_at": Sort("updated_at")},
    filters={},
    search=lambda text: Q(name__icontains=text) | Q(location__icontains=text),
    default_sort="-starts_at",
)


class CalendarEventIn(Strict):
    """A new event."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=5_000)
    location: str = Field("", max_length=500)
    url: str = Field("", max_length=2_000)
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    time_zone: str = Field("UTC", max_length=64)
    organizer_name: str = Field("", max_length=200)
    organizer_email: str = Field("", max_length=254)


class CalendarEventChange(Strict):
    """What to change; what is left out stays."""

    name: str = Field("", min_length=1, max_length=200)
    description: str = Field("", max_length=5_000)
    location: str = Field("", max_length=500)
    url: str = Field("", max_length=2_000)
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    time_zone: str = Field("UTC", max_length=64)
    organizer_name: str = Field("", max_length=200)
    organizer_email: str = Field("", max_length=254)


class CalendarEventOut(Schema):
    """An event, and where its calendar file is."""

    id: int
    name: str
    description: str
    location: str
    url: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    organizer_name: str
    organizer_email: str
    calendar_url: str = Field(description="The public address of its calendar file.")
    business_unit_id: int
    owner_id: int | None
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_calendar_url(event: CalendarEvent) -> str:
        """Return where the door serves it."""
        return f"{settings.DOOR_URL.rstrip('/')}/calendar/{event.key}.ics"


@router.get("/calendar-events", response=PageOf[CalendarEventOut], operation_id="calendar_events_list")
def list_events(request: HttpRequest, query: Query[PageQuery]) -> Page[CalendarEvent]:
    """List calendar events."""
    return EVENTS.page(visible(CalendarEvent.objects.all(), principal(request)), query)


@router.post("/calendar-events", response={201: CalendarEventOut}, operation_id="calendar_events_create")
def create_event(request: HttpRequest, body: CalendarEventIn) -> Status[CalendarEvent]:
    """Make a calendar event."""
    who = require(request, Permission.EDIT)
    values = body.dict()
    event_id = events.create_event(business_unit_id=who.business_unit_id, owner_id=who.user_id, **values)
    return Status(201, events.get_event(event_id))


@router.get("/calendar-events/{int:event_id}", response=CalendarEventOut, operation_id="calendar_events_get")
def get_event(request: HttpRequest, event_id: int) -> CalendarEvent:
    """Return a calendar event."""
    return _allowed(request, event_id, Permission.VIEW)


@router.patch("/calendar-events/{int:event_id}", response=CalendarEventOut, operation_id="calendar_events_update")
def change_event(request: HttpRequest, event_id: int, body: CalendarEventChange) -> CalendarEvent:
    """Change a calendar event; who opens its file from now on gets the new one."""
    _allowed(request, event_id, Permission.EDIT)
    given = body.dict(exclude_unset=True)
    events.change_event(event_id, **{name: value for name, value in given.items() if value is not None})
    return events.get_event(event_id)


@router.delete("/calendar-events/{int:event_id}", response={204: None}, operation_id="calendar_events_delete")
def delete_event(request: HttpRequest, event_id: int) -> Status[None]:
    """Remove a calendar event that no email invites to."""
    _allowed(request, event_id, Permission.EDIT)
    events.delete_event(event_id)
    return Status(204, None)


def _allowed(request: HttpRequest, event_id: int, permission: Permission) -> CalendarEvent:
    event = events.get_event(event_id)
    check_object(event.business_unit_id, principal(request), permission)
    return event
