"""Appointment: a colleague is to meet each person, or each company, some time after they have come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar, Literal

from pydantic import Field

from senet.journeys.tiles.activity import ActivityTile
from senet.journeys.tiles.base import Checking, Duration
from senet.journeys.values import ActivityContent


class AppointmentTile(ActivityTile):
    """Makes an appointment: it starts some time after somebody has come and lasts so long."""

    icon: ClassVar[str] = "appointment"
    kind: Literal["appointment"] = "appointment"
    start_after: Duration | None = None
    length: Duration | None = None
    location: str = Field("", max_length=500)

    @property
    def inline(self) -> ActivityContent:
        return ActivityContent(
            self.subject,
            self.description,
            self.priority,
            self.location,
            start_after=self.start_after.length if self.start_after else None,
            duration=self.length.length if self.length else None,
        )

    def _list_times(self) -> Iterator[Duration]:
        yield from (each for each in (self.start_after, self.length) if each is not None)

    def _check_times(self, checking: Checking) -> None:
        super()._check_times(checking)
        if self.start_after is None:
            message = "It is not set when the appointment starts."
            self.find("start_after_missing", message, checking, "Say how long after somebody has come it starts.")
        elif self.start_after.length < timedelta(0):
            message = "The appointment would start before it is made."
            self.find("start_after_negative", message, checking, "Make the time until its start longer.")
        if self.length is None:
            self.find("length_missing", "It is not set how long it lasts.", checking, "Say how long it lasts.")
        elif self.length.length <= timedelta(0):
            self.find("length_not_positive", "The appointment lasts no time.", checking, "Make it longer.")
