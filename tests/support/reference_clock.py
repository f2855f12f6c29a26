"""Durations, local moments and windows as the reference model of journeys reckons with them: minute by minute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Json = Mapping[str, Any]
MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10080}
ALL_DAY = {"start": "00:00", "end": "24:00"}


def length(duration: Json) -> timedelta:
    """Return a duration for reckoning with."""
    return timedelta(minutes=duration["amount"] * MINUTES[duration["unit"]])


def find_moment(local: str, zone: ZoneInfo) -> datetime:
    """Return when clocks in a zone show a time."""
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC)


def next_open(window: Json | None, moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the first minute from a moment on that lies in a window."""
    while not lies_in(window, moment, zone):
        moment += timedelta(minutes=1)
    return moment


def lies_in(window: Json | None, moment: datetime, zone: ZoneInfo) -> bool:
    """Say whether a moment lies in a window of weekdays and hours."""
    if window is None:
        return True
    local = moment.astimezone(zone)
    clock = f"{local:%H:%M}"
    on_the_day = not window["weekdays"] or local.weekday() in window["weekdays"]
    return on_the_day and any(each["start"] <= clock < each["end"] for each in window["times"] or [ALL_DAY])
