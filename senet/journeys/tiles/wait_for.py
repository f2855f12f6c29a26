"""Wait for: holds each person for a length of time, counted from their own arrival."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Literal
from zoneinfo import ZoneInfo

from senet.journeys.tiles.base import LONGEST, Checking, Duration, TileId, WaitingTile
from senet.journeys.windows import Window, restrict

if TYPE_CHECKING:
    from senet.journeys.move import Move


class WaitForTile(WaitingTile):
    """Waits for a duration."""

    icon: ClassVar[str] = "hourglass"
    kind: Literal["wait_for"] = "wait_for"
    duration: Duration | None = None
    restriction: Window | None = None

    def check(self, checking: Checking) -> None:
        if self.duration is None:
            self.find("duration_missing", "No duration is set.", checking, "Say how long people wait here.")
        elif self.duration.length <= timedelta(0):
            self.find("duration_not_positive", "The duration must be longer than nothing.", checking, "Make it longer.")
        elif self.duration.length > LONGEST:
            self.find("duration_too_long", "The duration is longer than ten years.", checking, "Make it shorter.")
        elif checking.end_at is not None and checking.now + self.duration.length >= checking.end_at:
            message = "The wait is longer than the journey lasts: nobody will leave this tile."
            self.find("wait_beyond_end", message, checking, "Shorten the wait or move the end.", "warning")

    def due_at(self, arrived_at: datetime, zone: ZoneInfo) -> datetime | None:
        if self.duration is None:
            return None
        return restrict(arrived_at + self.duration.length, self.restriction, zone)

    def is_open(self, move: Move) -> bool:
        return self.restriction is None or self.restriction.is_open(move.now, move.plan.zone)

    def arrive(self, move: Move) -> bool:
        move.execute("stand_at_tile", tile=self.id, due_at=self.due_at(move.now, move.plan.zone))
        return False

    def waiting_until(self, titles: Mapping[TileId, str]) -> str:  # noqa: ARG002
        if self.duration is None:
            return ""
        text = f"{self.duration.text} {'has' if self.duration.amount == 1 else 'have'} passed"
        return f"{text}, then {self.restriction.text}" if self.restriction else text
