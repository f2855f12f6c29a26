"""What the API reads and writes about A/B tests."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Field, Schema

from senet.content.language.budget import MAX_SOURCE
from senet.content.schemas import Strict
from senet.content.values import AbChoice, AbKind, AbMetric, AbStatus
from senet.shared.schemas import ProblemOut

_LINE = 2_000
LONGEST = 60 * 24 * 30  # minutes: the log of the time since it began is kept that long


class AbTestSettings(Strict):
    """How a test goes."""

    percent: int = Field(20, ge=1, le=100, description="Of the audience, half for each version.")
    metric: AbMetric = AbMetric.CLICKS
    duration_minutes: int = Field(1_440, ge=1, le=LONGEST)
    inconclusive: AbChoice = Field(AbChoice.A, description="What the others get when nothing is proved.")


class AbTestIn(AbTestSettings):
    """A new test. What is left out of version B begins as the email has it."""

    name: str = Field(min_length=1, max_length=200)
    kind: AbKind
    subject: str | None = Field(None, max_length=_LINE)
    preheader: str | None = Field(None, max_length=_LINE)
    from_name: str | None = Field(None, max_length=_LINE)
    source_kind: Literal["html", "mjml"] | None = None
    source: str | None = Field(None, max_length=MAX_SOURCE)
    plain_text: str | None = Field(None, max_length=MAX_SOURCE)
    plain_text_automatic: bool | None = None


class AbTestChange(AbTestSettings):
    """What to change of a test; what is left out stays."""

    name: str = Field("", min_length=1, max_length=200)
    kind: AbKind = AbKind.HEADER
    subject: str = Field("", max_length=_LINE)
    preheader: str = Field("", max_length=_LINE)
    from_name: str = Field("", max_length=_LINE)
    source_kind: Literal["html", "mjml"] = "html"
    source: str = Field("", max_length=MAX_SOURCE)
    plain_text: str = Field("", max_length=MAX_SOURCE)
    plain_text_automatic: bool = True


class AbTestOut(Schema):
    """An A/B test: its settings, version B, where it stands and what came of it."""

    id: int
    email_id: int
    name: str
    kind: AbKind
    subject: str
    preheader: str
    from_name: str
    source_kind: str
    source: str
    plain_text: str
    plain_text_automatic: bool
    percent: int
    metric: AbMetric
    duration_minutes: int
    inconclusive: AbChoice
    status: AbStatus
    journey_id: int | None
    tile: int | None
    started_at: datetime | None
    ends_at: datetime | None
    decided_at: datetime | None
    conclusive: bool | None
    confidence: float | None = Field(description="How sure it is that the versions differ; 0 to 1.")
    winner: AbChoice | None
    a_sent: int | None
    a_hits: int | None
    b_sent: int | None
    b_hits: int | None
    replaced_at: datetime | None
    created_at: datetime
    updated_at: datetime


class AbTestDetail(AbTestOut):
    """A test with what keeps its version B from being published."""

    problems: list[ProblemOut]
