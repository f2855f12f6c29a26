"""What crosses this room's door: what is assumed of readers, what is asked for, and the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_DAYS = 366
MAX_PEOPLE = 1_000_000
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
TileId = int


class ReactionDelay(BaseModel):
    """How long people take, counted from the delivery: lognormal, to the minute.

    Half of them are quicker than the median. The spread is the standard deviation of the logarithm; 0: nobody differs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    median_hours: float = Field(ge=0, le=8760, allow_inf_nan=False)
    spread: float = Field(1.0, ge=0, le=4, allow_inf_nan=False)


class BehaviourChange(BaseModel):
    """What somebody assumes otherwise; what is left out comes from history or from the literature."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    open_rate: Share | None = Field(None, description="People who open, as a share of the messages delivered.")
    click_rate: Share | None = Field(None, description="People who click, as a share of the messages delivered.")
    unsubscribe_rate: Share | None = Field(None, description="People who unsubscribe, of the messages delivered.")
    hard_bounce_rate: Share | None = Field(None, description="Hard bounces, as a share of the messages sent.")
    soft_bounce_rate: Share | None = Field(None, description="Soft bounces, as a share of the messages sent.")
    block_bounce_rate: Share | None = Field(None, description="Block bounces, as a share of the messages sent.")
    open_delay: ReactionDelay | None = None
    click_delay: ReactionDelay | None = None
    link_weights: Mapping[int, Annotated[float, Field(ge=0, le=1e9, allow_inf_nan=False)]] | None = Field(
        None, description="How often each numbered link is chosen, as shares of any sum."
    )

    @model_validator(mode="after")
    def _bounces_fit(self) -> BehaviourChange:
        bounces = (self.hard_bounce_rate or 0) + (self.soft_bounce_rate or 0) + (self.block_bounce_rate or 0)
        if bounces > 1:
            raise ValueError("More messages bounce than are sent.")
        return self


class Behaviour(BaseModel):
    """What the readers of one email tile do."""

    model_config = ConfigDict(frozen=True)
    open_rate: float
    click_rate: float
    unsubscribe_rate: float
    hard_bounce_rate: float
    soft_bounce_rate: float
    block_bounce_rate: float
    open_delay: ReactionDelay
    click_delay: ReactionDelay
    link_weights: Mapping[int, float] = {}


class RehearsalOptions(BaseModel):
    """What to rehearse, how long and with whom."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    days: int | None = Field(
        None, ge=1, le=MAX_DAYS, description="Virtual days; left out: to the journey's end, or 60."
    )
    people: int = Field(
        100_000, ge=1, le=MAX_PEOPLE, description="At most so many people; of a larger audience a sample."
    )
    seed: int = Field(1, ge=0, le=2**31 - 1, description="The same seed gives the same report.")
    start_at: datetime | None = Field(None, description="When it begins; left out: at the journey's start, or now.")
    seconds: float = Field(
        300, gt=0, le=900, allow_inf_nan=False, description="After so long it ends where it is, with a report."
    )
    behaviour: BehaviourChange = BehaviourChange()
    tiles: Mapping[TileId, BehaviourChange] = Field({}, description="What holds for single email tiles.")


class Assumption(BaseModel):
    """What was assumed of an email tile's readers, and where each value comes from."""

    model_config = ConfigDict(frozen=True)
    tile: TileId
    behaviour: Behaviour
    sources: Mapping[str, str]  # field → words


class PathFlow(BaseModel):
    """How many took a way out of a tile."""

    branch: int
    label: str
    people: int
    daily: Sequence[int]


class MailFlow(BaseModel):
    """What became of an email tile's messages: attempted = queued + blocked."""

    queued: int
    blocked: int
    blocked_reasons: Mapping[str, int]
    delivered: int
    hard_bounced: int
    soft_bounced: int
    block_bounced: int
    opened: int
    clicked: int
    unsubscribed: int
    daily_queued: Sequence[int]
    daily_blocked: Sequence[int]
    daily_opened: Sequence[int]
    daily_clicked: Sequence[int]


class TileFlow(BaseModel):
    """How people went through one tile: arrived = waiting + processed + stopped + expired + failed, at the end."""

    tile: TileId
    kind: str
    name: str
    arrived: int
    waiting: int
    processed: int
    stopped: int
    expired: int
    failed: int
    stop_reasons: Mapping[str, int]
    paths: Sequence[PathFlow]
    daily_arrived: Sequence[int]
    daily_waiting: Sequence[int]  # at the end of each day
    daily_processed: Sequence[int]
    daily_stopped: Sequence[int]
    daily_expired: Sequence[int]
    daily_failed: Sequence[int]
    mail: MailFlow | None = None


class EndState(BaseModel):
    """Where people are when the rehearsal ends, and why."""

    state: str  # finished, waiting, stopped, failed
    tile: TileId
    reason: str | None
    people: int


class RehearsalReport(BaseModel):
    """What a rehearsal found. Counts are of the whole audience: where a sample was rehearsed, multiplied by `scale`."""

    journey_id: int
    name: str
    time_zone: str
    start_at: datetime
    until: datetime  # the virtual moment at which it ended
    days: Sequence[date]  # of the journey's time zone; every `daily` list has one number for each
    audience: int  # members of the sources that the journey calls in
    rehearsed: int  # of them
    scale: float
    entered: int
    seed: int
    ticks: int
    minutes_between_ticks: int  # at busy times: how late a step may be at most
    seconds: float
    ended_early: str = ""
    tiles: Sequence[TileFlow]
    daily_queued: Sequence[int]
    daily_blocked: Mapping[str, Sequence[int]]  # by reason
    end_states: Sequence[EndState]
    assumptions: Sequence[Assumption]
    notes: Sequence[str]
