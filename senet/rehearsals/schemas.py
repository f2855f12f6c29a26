"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from senet.rehearsals.values import Assumption, RehearsalOptions, RehearsalReport
from senet.shared.schemas import ProblemOut


class RehearsalRow(Schema):
    """A rehearsal in a list."""

    id: int
    journey_id: int
    status: Literal["waiting", "running", "done", "failed", "interrupted"]
    progress: float = Field(description="The share of the virtual time that has passed, from 0 to 1.")
    virtual_now: datetime | None = Field(description="Where the virtual clock stands.")
    options: RehearsalOptions
    error: str = Field(description="Why there is no report, as a sentence.")
    problems: list[ProblemOut] = Field(description="What keeps the journey from going live.")
    user_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class RehearsalOut(RehearsalRow):
    """A rehearsal with its report, once it is done."""

    report: RehearsalReport | None


class AssumptionsOut(Schema):
    """What a rehearsal would assume of each email tile's readers, and where each value comes from."""

    assumptions: list[Assumption]
    notes: list[str]
