"""Writes an event as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import re
from datetime import UTC

from icalendar import Calendar, Event, vCalAddress, vText

from senet.content.events import EventFile

_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")


def write_calendar(event: EventFile) -> bytes:
    """Return the file; times are in UTC, which every calendar shows in its owner's zone."""
    entry = Event()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("dtstamp", event.updated_at.astimezone(UTC))
    entry.add("dtstart", event.starts_at.astimezone(UTC))
    entry.add("dtend", event.ends_at.astimezone(UTC))
    entry.add("summary", _line(event.name))
    if event.description:
        entry.add("description", event.description.replace("\r\n", "\n").replace("\r", "\n"))
    if event.location:
        entry.add("location", _line(event.location))
    if event.url:
        entry.add("url", _line(event.url))
    if event.organizer_email:
        organizer = vCalAddress(f"MAILTO:{_line(event.organizer_email)}")
        organizer.params["cn"] = vText(_line(event.organizer_name) or _line(event.organizer_email))
        entry.add("organizer", organizer)
    calendar = Calendar()
    calendar.add("prodid", "-//Senet//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(entry)
    return bytes(calendar.to_ical())


def _line(text: str) -> str:
    return _CONTROL.sub(" ", text).strip()
