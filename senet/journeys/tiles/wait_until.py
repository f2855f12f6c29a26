"""Wait until: holds everybody until one moment of the journey's time zone; who comes later passes at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal
from zoneinfo import ZoneInfo

from senet.journeys.tiles.base import Checking, LocalMoment, TileId, WaitingTile, find_moment
from senet.journeys.windows import Window, restrict

if TYPE_CHECKING:
    from senet.journeys.move import Move


class WaitUntilTile(WaitingTile):
    """Waits until a date and time, to the minute, as the clocks of the journey's time zone show it."""

    icon: ClassVar[str] = "calendar"
    kind: Literal["wait_until"] = "wait_until"
    at: LocalMoment = None
    restriction: Window | None = None

    def moment(self, zone: ZoneInfo) -> datetime | None:
        """Return the moment in UTC; a time that the clocks show twice is the first of the two."""
        return find_moment(self.at, zone)

    def check(self, checking: Checking) -> None:
        moment = self.moment(checking.zone)
        if moment is None:
            self.find("moment_missing", "No date and time is set.", checking, "Say until when people wait here.")
        elif moment <= checking.now:
            message = "The moment is past: everybody passes at once."
            self.find("moment_past", message, checking, "Choose a later moment or remove the tile.", "warning")
        elif checking.end_at is not None and moment >= checking.end_at:
            message = "The moment is after the journey's end: nobody will leave this tile."
            self.find("wait_beyond_end", message, checking, "Choose an earlier moment or move the end.", "warning")

    def due_at(self, arrived_at: datetime, zone: ZoneInfo) -> datetime | None:
        moment = self.moment(zone)
        return restrict(max(moment, arrived_at), self.restriction, zone) if moment is not None else None

    def is_open(self, move: Move) -> bool:
        return self.restriction is None or self.restriction.is_open(move.now, move.plan.zone)

    def arrive(self, move: Move) -> bool:
        moment = self.due_at(move.now, move.plan.zone)
        assert moment is not None  # noqa: S101  checked before going live
        if moment <= move.now:
            move.execute("pass_tile", tile=self.id)
            return True
        move.execute("stand_at_tile", tile=self.id, due_at=moment)
        return False

    def waiting_until(self, titles: Mapping[TileId, str]) -> str:  # noqa: ARG002
        text = f"{self.at.replace('T', ', ')} in the journey's time zone" if self.at else ""
        return f"{text}, then {self.restriction.text}" if self.restriction else text
