"""What every tile is: a part of the frozen graph that checks itself, lets people in and lets them go.

A tile's SQL works on temporary tables of the transaction (see move.py). `cohort` holds the people who arrive at the
tile now, `leaving` those whom a waiting tile lets go, `parted` those who have left a tile and by which way; the
engine takes them on from there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from senet.journeys.values import TileFacts
from senet.shared.errors import Problems

if TYPE_CHECKING:
    from senet.journeys.move import Move

TileId = int
Next = TileId | None
_UNIT_MINUTES = {"minutes": 1, "hours": 60, "days": 1440, "weeks": 10080}
LONGEST = timedelta(days=3650)


def read_local(value: str | None) -> str | None:
    """Return a date and time as clocks show it, to the minute. Raises: ValueError."""
    if not value:
        return None
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError("Give the date and time as clocks show it, without an offset: 2026-12-01T09:00.")
    return moment.replace(second=0, microsecond=0).isoformat(timespec="minutes")


def find_moment(local: str | None, zone: ZoneInfo) -> datetime | None:
    """Return a local date and time in UTC; one that the clocks show twice is the first of the two."""
    return datetime.fromisoformat(local).replace(tzinfo=zone).astimezone(UTC) if local else None


LocalMoment = Annotated[str | None, BeforeValidator(read_local)]


class Duration(BaseModel):
    """A length of time as a person says it. A day is 24 hours."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    amount: int = Field(ge=-1_000_000, le=1_000_000)
    unit: Literal["minutes", "hours", "days", "weeks"]

    @property
    def length(self) -> timedelta:
        """Return the duration for reckoning with."""
        return timedelta(minutes=self.amount * _UNIT_MINUTES[self.unit])

    @property
    def text(self) -> str:
        """Return the duration for reading."""
        return f"{self.amount} {self.unit.removesuffix('s') if self.amount == 1 else self.unit}"


@dataclass(frozen=True, slots=True)
class Checking:
    """What a tile may look at when it checks itself, and where it says what it found."""

    tiles: Sequence[Tile]
    facts: TileFacts
    zone: ZoneInfo
    end_at: datetime | None
    now: datetime
    ancestors: frozenset[TileId] = frozenset()  # the tiles that lead to this one
    problems: Problems = field(default_factory=Problems)
    minimum_consent: int = 0
    target: str = "contact"
    start_at: datetime | None = None
    journey_id: int = 0


class Tile(BaseModel):
    """The properties that all tiles share. A kind of tile is a subclass in a file of its own."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    waits: ClassVar[bool] = False  # whether a person may stand here; then `release` lets them go
    icon: ClassVar[str] = "circle"

    id: TileId = Field(ge=1, le=30_000)
    kind: str
    name: str = Field("", max_length=200)
    description: str = Field("", max_length=2000)

    @property
    def exits(self) -> tuple[Next, ...]:
        """Return where each way out leads; the position is the branch."""
        raise NotImplementedError

    def branch_label(self, branch: int) -> str:
        """Return what a way out is called."""
        return "" if len(self.exits) == 1 else f"Branch {branch + 1}"

    def check(self, checking: Checking) -> None:
        """Say everything that is wrong with this tile, all at once."""

    def arrive(self, move: Move) -> bool:
        """Write the visits of `cohort`. True: all of them leave again at once by the only way out, branch 0.

        False: those who leave at once are in `parted` under this tile, with their branch; the others stand here.
        """
        raise NotImplementedError

    def release(self, move: Move, limit: int) -> int:
        """Put at most `limit` of those who are due into `leaving`, locked, and return how many."""
        raise NotImplementedError

    def due_at(self, arrived_at: datetime, zone: ZoneInfo) -> datetime | None:  # noqa: ARG002
        """Return when somebody who came at a moment is let go by time alone; None when that is not for time to say.

        A journey that goes live again reckons anew for those who stand here, counted from their own arrival.
        """
        return None

    def retimed(self, arrived_at: datetime, due_at: datetime, zone: ZoneInfo) -> datetime:
        """Return when time lets somebody go who stands here until `due_at`, as the tile is set now."""
        return self.due_at(arrived_at, zone) or due_at

    @property
    def answers(self) -> Mapping[str, frozenset[int]]:
        """Return what rules may ask about here: email, page, form, event, survey, channel, each with its records."""
        return {}

    def outcome(self, move: Move) -> str:  # noqa: ARG002  most tiles have one
        """Return what becomes of those who go on from here now: processed or expired."""
        return "processed"

    def after_release(self, move: Move) -> None:
        """Do what leaving this tile brings with it, for those whom `release` let go (`parted` under this tile)."""

    def is_open(self, move: Move) -> bool:  # noqa: ARG002  most tiles are always open
        """Say whether those who are due may leave; False holds them without asking again for each."""
        return True

    def waiting_until(self, titles: Mapping[TileId, str]) -> str:  # noqa: ARG002
        """Say until what a person stands here, as the end of a sentence; `titles` are the tiles' names."""
        return ""

    def find(self, code: str, message: str, checking: Checking, advice: str = "", severity: str = "error") -> None:
        """Note a problem of this tile."""
        checking.problems.add(code, message, where=f"tiles.{self.id}", advice=advice, severity=severity)

    @property
    def title(self) -> str:
        """Return the tile's name, or its kind when it has none."""
        return self.name or self.kind.replace("_", " ").capitalize()


class StraightTile(Tile):
    """A tile with one way out."""

    next: Next = None

    @property
    def exits(self) -> tuple[Next, ...]:
        return (self.next,)


class ReleasingTile(Tile):
    """A tile where people stand until their `due_at`."""

    waits: ClassVar[bool] = True

    def release(self, move: Move, limit: int) -> int:
        return move.execute("claim_due", tile=self.id, limit=limit)


class Entrance(ReleasingTile, StraightTile):
    """A tile where people enter a journey; a journey may have several, each the beginning of a lane.

    Who was stopped here and may go on after all stands here until the next tick.
    """

    walkable: ClassVar[bool] = False  # whether another tile may lead here; who comes that way passes through

    @property
    def included_segments(self) -> list[int]:
        """Return the segments whose members enter."""
        return []

    @property
    def included_lists(self) -> list[int]:
        """Return the lists whose members enter."""
        return []

    @property
    def excluded_segments(self) -> list[int]:
        """Return the segments whose members stay out."""
        return []

    @property
    def needed(self) -> int:
        """Return of how many included sources a person must be a member."""
        return 1

    def arrive(self, move: Move) -> bool:
        move.execute("pass_tile", tile=self.id)
        return True


class WaitingTile(ReleasingTile, StraightTile):
    """A tile with one way out where people stand until their `due_at`."""
