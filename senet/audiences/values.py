"""What crosses this room's door."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class SegmentStatus(StrEnum):
    """A segment's life. Going live and stopping pass by themselves."""

    DRAFT = "draft"
    GOING_LIVE = "going_live"
    LIVE = "live"
    STOPPING = "stopping"
    STOPPED = "stopped"


class By(StrEnum):
    """How somebody came into an audience, or left it."""

    RULE = "rule"
    USER = "user"
    IMPORT = "import"
    CENTRE = "centre"
    ONE_CLICK = "one_click"
    FORM = "form"
    CONFIRMATION = "confirmation"  # of what they had asked for, by a link in a mail


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What one evaluation of a segment did. `skipped`: somebody else is at it, or the segment is not live."""

    segment_id: int
    added: int = 0
    removed: int = 0
    size: int = 0
    seconds: float = 0.0
    full: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class DueReport:
    """What one round over all live segments did; `failed` are the ids whose error was kept on the segment."""

    evaluated: Sequence[Evaluation] = ()
    failed: Sequence[int] = ()

    @property
    def done(self) -> Sequence[Evaluation]:
        """The evaluations that let somebody in or out."""
        return [one for one in self.evaluated if one.added or one.removed]


@dataclass(frozen=True, slots=True)
class PersonInSample:
    """One of those whom a definition would select."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Audience:
    """A segment or subscription list as other rooms name it. `status` of a list is always live."""

    kind: str
    id: int
    name: str
    status: str
    size: int | None
