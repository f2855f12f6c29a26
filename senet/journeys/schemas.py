"""What the API takes and gives."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema
from pydantic import AwareDatetime

from senet.journeys.definition import Definition
from senet.journeys.values import JourneyScope, JourneyStatus, JourneyTarget, Verdict
from senet.shared.paging import PageQuery
from senet.shared.schemas import ProblemOut

Drawn = dict[str, Any]  # the drawn graph's JSON; `definition.py` reads it and finds what does not fit


class TileVerdict(Schema):
    """What a check says of one tile."""

    tile: int
    verdict: Verdict


class JourneyCheckOut(Schema):
    """Everything that a check found; only errors forbid going live."""

    verdict: Verdict
    problems: list[ProblemOut]
    tiles: list[TileVerdict]


class JourneyRow(Schema):
    """A journey in a list."""

    id: int
    name: str
    description: str
    status: JourneyStatus
    time_zone: str
    start_at: datetime | None
    end_at: datetime | None
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime


class JourneyOut(JourneyRow):
    """A journey with its drawing."""

    definition: Definition
    target: JourneyTarget
    scope: JourneyScope
    minimum_consent: int
    content_settings_id: int | None
    suppression_segment_id: int | None
    is_recurring: bool
    interval_days: int | None
    iteration_count: int | None
    refuse_large_emails: bool
    template_id: int | None = Field(description="The template that it was drawn from.")
    live_version: int | None = Field(description="The number of the version that runs or ran last.")
    locked: list[str] = Field(description="Settings that the present state does not let anybody change.")


class JourneyIn(Schema):
    """A new draft."""

    name: str = Field("", max_length=200)
    description: str = Field("", max_length=5000)
    definition: Drawn = Field(default_factory=dict)
    time_zone: str = Field("UTC", max_length=64)
    start_at: AwareDatetime | None = Field(None, description="With its UTC offset.")
    end_at: AwareDatetime | None = Field(None, description="With its UTC offset.")
    target: JourneyTarget = JourneyTarget.CONTACT
    scope: JourneyScope = JourneyScope.ORGANIZATION
    minimum_consent: int = Field(0, ge=0, le=5)
    content_settings_id: int | None = None
    suppression_segment_id: int | None = None
    is_recurring: bool = False
    interval_days: int | None = Field(None, ge=1, le=3650, description="Days that an iteration lasts.")
    iteration_count: int | None = Field(None, ge=1, le=10_000, description="How often the audience is called in.")
    refuse_large_emails: bool = Field(False, description="An email of more than 128 KB is an error, not a warning.")
    template_id: int | None = None


class JourneyChange(Schema):
    """What to change; what is left out stays."""

    name: str = Field("", max_length=200)
    description: str = Field("", max_length=5000)
    definition: Drawn = Field(default_factory=dict)
    time_zone: str = Field("UTC", max_length=64)
    start_at: AwareDatetime | None = Field(None, description="With its UTC offset.")
    end_at: AwareDatetime | None = Field(None, description="With its UTC offset.")
    target: JourneyTarget = JourneyTarget.CONTACT
    scope: JourneyScope = JourneyScope.ORGANIZATION
    minimum_consent: int = Field(0, ge=0, le=5)
    content_settings_id: int | None = None
    suppression_segment_id: int | None = None
    is_recurring: bool = False
    interval_days: int | None = Field(None, ge=1, le=3650, description="Days that an iteration lasts.")
    iteration_count: int | None = Field(None, ge=1, le=10_000, description="How often the audience is called in.")
    refuse_large_emails: bool = False
    template_id: int | None = None


class CopyQuery(Schema):
    """What a copy is to be called."""

    name: str = Field("", max_length=200, description="By default: Copy of …")


class JourneyQuery(PageQuery):
    """Filters of the list."""

    status: JourneyStatus | None = None
    owner_id: int | None = None


class PersonOut(Schema):
    """A person of a sample."""

    id: int
    name: str
    email: str


class RadiusReasonOut(Schema):
    """How many, and why."""

    reason: str
    label: str
    count: int


class EntranceRadiusOut(Schema):
    """Whom one entrance would bring in now."""

    tile: int
    name: str
    would_enter: int
    below_consent: int
    already_in: int


class MessageDayOut(Schema):
    """The messages of one day: those that surely follow, and how many there may be at most."""

    day: date
    messages: int
    at_most: int


class TileForecastOut(Schema):
    """The messages of one email tile, and the first day on which there may be one."""

    tile: int
    name: str
    first_day: date | None
    messages: int
    at_most: int


class ForecastOut(Schema):
    """An estimate of the messages that follow when people enter now; `later` are those after the days shown."""

    messages: int
    at_most: int
    days: list[MessageDayOut] = Field(description="Days of the journey's time zone.")
    later: MessageDayOut | None
    tiles: list[TileForecastOut]
    note: str


class BlastRadiusOut(Schema):
    """Who would enter if the journey went live now."""

    would_enter: int
    suppressed: int
    below_consent: int
    already_in: int
    sample: list[PersonOut]
    stopped: list[RadiusReasonOut] = Field(description="Would be stopped as they enter.")
    blocked: list[RadiusReasonOut] = Field(description="Of those who enter: would get no mail, and go on without it.")
    entrances: list[EntranceRadiusOut]
    forecast: ForecastOut | None


class GoLiveOut(Schema):
    """What going live did."""

    journey: JourneyOut
    version: int
    blast_radius: BlastRadiusOut


class MilestoneOut(Schema):
    """Something that happened to a journey."""

    id: int
    at: datetime
    kind: str
    user_id: int | None
    user_name: str
    detail: dict[str, Any]


class StepOut(Schema):
    """One visit on a person's way."""

    iteration: int
    tile: int
    kind: str
    name: str
    arrived_at: datetime
    due_at: datetime | None
    left_at: datetime | None
    outcome: str | None
    reason: str | None
    branch: int | None
    branch_label: str


class PlaceOut(Schema):
    """One place where a person stands; several lanes may hold the same person at once."""

    tile: int
    kind: str
    name: str
    since: datetime
    until: datetime | None
    waiting_for: str


class IterationStandingOut(Schema):
    """Where a person stood, or stands, in one iteration."""

    number: int
    state: str
    places: list[PlaceOut]
    explanation: str


class StandingOut(Schema):
    """Where a person stands, and why: waiting, stopped, failed, finished or not_entered."""

    journey_id: int
    contact_id: int
    state: str
    tile: int | None
    since: datetime | None
    until: datetime | None
    waiting_for: str
    reason: str | None
    explanation: str
    iteration: int | None
    places: list[PlaceOut] = Field(description="Everywhere they stand now.")
    iterations: list[IterationStandingOut]
    way: list[StepOut]
