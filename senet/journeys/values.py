"""What crosses this room's door: statuses, reasons, reports and the way a person took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from senet.integrations.values import ChannelFacts, WorkflowFacts
from senet.people.custom import Definition as CustomColumn


class JourneyStatus(StrEnum):
    """Where a journey is in its life."""

    DRAFT = "draft"
    GOING_LIVE = "going_live"
    LIVE = "live"
    LIVE_EDITABLE = "live_editable"
    STOPPING = "stopping"
    STOPPED = "stopped"
    ERROR = "error"
    EXPIRED = "expired"


class JourneyTarget(StrEnum):
    """Whom a journey is for: people one by one, or the companies that they belong to."""

    CONTACT = "contact"
    COMPANY = "company"


class JourneyScope(StrEnum):
    """Whose contacts may be in a journey: everybody's, or those of the journey's own business unit."""

    ORGANIZATION = "organization"
    BUSINESS_UNIT = "business_unit"


RUNNING = (JourneyStatus.LIVE, JourneyStatus.LIVE_EDITABLE)


class Outcome(StrEnum):
    """How a visit ended."""

    PROCESSED = "processed"
    STOPPED = "stopped"
    EXPIRED = "expired"
    FAILED = "failed"


class StopReason(StrEnum):
    """Why a person gets nothing more from a journey."""

    SUPPRESSED = "suppressed"
    CONSENT = "consent"
    EXTERNAL_CONSENT = "external_consent"
    UNSUBSCRIBED = "unsubscribed"
    DELETED = "deleted"
    BUSINESS_UNIT = "business_unit"
    NEXT_ITERATION = "next_iteration"
    EXITED = "exited"


class MilestoneKind(StrEnum):
    """Something that happened to a journey."""

    CREATED = "created"
    GOING_LIVE = "going_live"
    WENT_LIVE = "went_live"
    GO_LIVE_FAILED = "go_live_failed"
    STARTED = "started"
    ITERATION_STARTED = "iteration_started"
    EDITED = "edited"  # opened for editing
    CHANGED = "changed"
    RESTORED = "restored"
    EDIT_CANCELLED = "edit_cancelled"
    STOPPED = "stopped"
    ENDED = "ended"
    EXPIRED = "expired"


class Verdict(StrEnum):
    """What a check for errors says of a tile or a journey."""

    VALID = "valid"
    WARNING = "warning"
    ERROR = "error"


@dataclass(slots=True)
class TickReport:
    """What one tick did. `moved` counts steps: arrivals by enrolment, releases and stops."""

    enrolled: int = 0
    released: int = 0
    stopped: int = 0
    heard: int = 0  # interactions that an if/then tile may ask about
    chunks: int = 0  # transactions that changed something
    ended: int = 0  # journeys that reached their end
    failed: int = 0  # steps that raised: the log says what
    seconds: float = 0.0

    @property
    def moved(self) -> int:
        """Return how many steps people took; 0 when there was nothing to do."""
        return self.enrolled + self.released + self.stopped


@dataclass(frozen=True, slots=True)
class Person:
    """One person of a sample."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many, and why: the reason's code and its words."""

    reason: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class EntranceRadius:
    """Whom one entrance would bring in now."""

    tile: int
    name: str
    would_enter: int
    below_consent: int
    already_in: int


@dataclass(frozen=True, slots=True)
class MessageDay:
    """The messages of one day: those that surely follow, and how many there may be at most."""

    day: date
    messages: int
    at_most: int


@dataclass(frozen=True, slots=True)
class TileForecast:
    """The messages of one email tile, and the first day on which there may be one."""

    tile: int
    name: str
    first_day: date | None
    messages: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """An estimate of the messages that follow when people enter now; `later` are those after the days shown."""

    messages: int
    at_most: int
    days: tuple[MessageDay, ...]
    later: MessageDay | None
    tiles: tuple[TileForecast, ...]
    note: str


@dataclass(frozen=True, slots=True)
class BlastRadius:
    """Who would enter if the journey went live now."""

    would_enter: int
    suppressed: int  # of the audience: stopped at the audience tile
    below_consent: int  # of the audience: not processed
    already_in: int  # of the audience: entered before, in this iteration
    sample: Sequence[Person] = ()
    stopped: Sequence[ReasonCount] = ()  # would be stopped as they enter
    blocked: Sequence[ReasonCount] = ()  # of those who enter: would get no mail; they go on without it
    entrances: Sequence[EntranceRadius] = ()
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True)
class GoLive:
    """What going live did."""

    journey_id: int
    version: int
    blast_radius: BlastRadius


@dataclass(frozen=True, slots=True)
class Step:
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


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a person stands: several lanes may hold the same person at once."""

    tile: int
    kind: str
    name: str
    since: datetime
    until: datetime | None
    waiting_for: str


@dataclass(frozen=True, slots=True)
class IterationStanding:
    """Where a person stood, or stands, in one iteration."""

    number: int
    state: str
    places: tuple[Place, ...]
    explanation: str


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a person stands in a journey, and why.

    `state` is waiting, stopped, failed, finished or not_entered; `explanation` is a sentence for people. What stands
    before `way` is of the last iteration, and of the first place in it.
    """

    journey_id: int
    contact_id: int
    state: str
    tile: int | None
    since: datetime | None
    until: datetime | None
    waiting_for: str
    reason: str | None
    explanation: str
    way: Sequence[Step] = ()
    iteration: int | None = None
    places: tuple[Place, ...] = ()
    iterations: tuple[IterationStanding, ...] = ()


class ActivityKind(StrEnum):
    """What a colleague is asked to do."""

    TASK = "task"
    PHONE_CALL = "phone_call"
    APPOINTMENT = "appointment"


class Priority(StrEnum):
    """How urgent an activity is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


@dataclass(frozen=True, slots=True)
class ActivityContent:
    """What an activity says and when it is to be done, counted from the moment that it is made."""

    subject: str
    description: str = ""
    priority: Priority = Priority.NORMAL
    location: str = ""
    due_in: timedelta | None = None
    start_after: timedelta | None = None  # appointments
    duration: timedelta | None = None


@dataclass(frozen=True, slots=True)
class EmailTraits:
    """What a compiled email is like, as far as a journey asks."""

    html_bytes: int
    language: str


@dataclass(frozen=True, slots=True)
class TileFacts:
    """What other records say about the ids that a journey refers to; gathered once for a whole check."""

    segments: Mapping[int, str] = field(default_factory=dict)  # id → status
    lists: frozenset[int] = frozenset()
    emails: Mapping[int, tuple[str, int | None]] = field(default_factory=dict)  # id → status, live version
    links: Mapping[int, Mapping[int, str]] = field(default_factory=dict)  # email version → number → URL
    variants: Mapping[int, int] = field(
        default_factory=dict
    )  # A/B test → version B beside the live version of its email
    content_settings: Mapping[int, str] = field(default_factory=dict)  # id → status
    email_traits: Mapping[int, EmailTraits] = field(default_factory=dict)  # email version → what it is like
    confirmation_requests: frozenset[int] = frozenset()  # emails that only double opt-in sends
    refuse_large_emails: bool = False  # the journey's own switch
    users: frozenset[int] = frozenset()
    custom_columns: Mapping[str, CustomColumn] = field(default_factory=dict)  # of contacts, by key
    templates: Mapping[int, tuple[ActivityKind, ActivityContent]] = field(default_factory=dict)  # of activities
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)  # entity → columns that may be watched
    workflows: Mapping[int, WorkflowFacts] = field(default_factory=dict)
    channels: Mapping[int, ChannelFacts] = field(default_factory=dict)

    def find_version(self, email_id: int | None, ab_test_id: int | None = None) -> int | None:
        """Return the version of an email that is live, or the version B that a test sends beside it."""
        live = self.emails.get(email_id or 0, ("", None))[1]
        return live if ab_test_id is None else self.variants.get(ab_test_id)

    def find_traits(self, email_id: int | None) -> EmailTraits | None:
        """Return what the live version of an email is like, if there is one and it says."""
        _, version = self.emails.get(email_id or 0, ("", None))
        return self.email_traits.get(version or 0)
