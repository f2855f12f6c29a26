"""Calendar events: what an email invites to. Templates name the event's columns, and the door serves it as a file."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from senet.content.models import CalendarEvent, Email, EmailVersion
from senet.content.urls import clean_url
from senet.shared.clock import find_zone
from senet.shared.errors import Conflict, InvalidInput, NotFound

COLUMNS = ("name", "description", "location", "url", "starts_at", "ends_at", "time_zone")
_WRITABLE = frozenset({*COLUMNS, "organizer_name", "organizer_email"})


@dataclass(frozen=True, slots=True)
class EventFile:
    """An event as its calendar file says it. `sequence` grows with every change: calendars take the newer one."""

    uid: str
    sequence: int
    name: str
    description: str
    location: str
    url: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    organizer_name: str
    organizer_email: str
    updated_at: datetime


def create_event(*, business_unit_id: int, owner_id: int | None, **values: Any) -> int:
    """Make an event and return its id. Raises: InvalidInput."""
    event = CalendarEvent(business_unit_id=business_unit_id, owner_id=owner_id, key=secrets.token_urlsafe(16))
    _set(event, values)
    event.save()
    return event.pk


def change_event(event_id: int, **values: Any) -> None:
    """Change an event; messages sent and calendar files opened from now on say the new.

    Raises: NotFound, InvalidInput.
    """
    event = CalendarEvent.objects.select_for_update().filter(pk=event_id).first()
    if event is None:
        raise NotFound("There is no calendar event by that number.")
    _set(event, values)
    event.sequence += 1
    event.save()


def delete_event(event_id: int) -> None:
    """Remove an event that no email uses. Raises: NotFound, Conflict."""
    event = get_event(event_id)
    users = list(Email.objects.filter(event_id=event_id).values_list("name", flat=True)[:5])
    if users:
        raise Conflict(f"Emails invite to this event: {', '.join(users)}. Choose another event there first.")
    published = EmailVersion.objects.filter(compiled__event_id=event_id).select_related("email").first()
    if published is not None:
        raise Conflict(f"“{published.email.name}” was published with this event, and its messages name it.")
    event.delete()


def get_event(event_id: int) -> CalendarEvent:
    """Return the row. Raises: NotFound."""
    event = CalendarEvent.objects.filter(pk=event_id).first()
    if event is None:
        raise NotFound("There is no calendar event by that number.")
    return event


def find_event_values(event_ids: Sequence[int], door_url: str) -> dict[int, dict[str, object]]:
    """Return events as templates see them, by id; those that are gone are left out."""
    return {
        event.pk: {
            "id": event.pk,
            **{name: getattr(event, name) for name in COLUMNS},
            "calendar_url": f"{door_url.rstrip('/')}/calendar/{event.key}.ics",
        }
        for event in CalendarEvent.objects.filter(pk__in=list(event_ids))
    }


def find_event_units(event_ids: Sequence[int]) -> dict[int, int]:
    """Return the business unit of each event that there is."""
    return dict(CalendarEvent.objects.filter(pk__in=list(event_ids)).values_list("id", "business_unit_id"))


def find_event_file(key: str) -> EventFile | None:
    """Return what an event's calendar file says, or None when no event has that key."""
    event = CalendarEvent.objects.filter(key=key).first()
    if event is None:
        return None
    names = (*COLUMNS, "organizer_name", "organizer_email", "sequence", "updated_at")
    return EventFile(uid=f"{event.key}@senet", **{name: getattr(event, name) for name in names})


def _set(event: CalendarEvent, values: dict[str, Any]) -> None:
    unknown = values.keys() - _WRITABLE
    if unknown:
        raise InvalidInput(f"A calendar event has no {', '.join(sorted(unknown))}.")
    for name, value in values.items():
        setattr(event, name, value.strip() if isinstance(value, str) else value)
    if not event.name:
        raise InvalidInput("Give the event a name.", field="name")
    if event.ends_at <= event.starts_at:
        raise InvalidInput("The event ends before it begins.", field="ends_at")
    if find_zone(event.time_zone) is None:
        raise InvalidInput("There is no such time zone. Write one such as Europe/Berlin.", field="time_zone")
    if event.url and clean_url(event.url) is None:
        raise InvalidInput("The event's page needs an http or https address.", field="url")
