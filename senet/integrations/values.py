"""What crosses this room's door: kinds, states, what is asked of the outside and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

Payload = Mapping[str, Any]  # JSON


class WorkflowKind(StrEnum):
    """What a workflow calls."""

    WEBHOOK = "webhook"
    ACTION = "action"


class CallState(StrEnum):
    """The life of a call: queued → done | failed | cancelled; failed → queued (recovered) | dismissed."""

    QUEUED = "queued"
    DONE = "done"
    FAILED = "failed"  # for good: a recovery item
    CANCELLED = "cancelled"  # nobody is left to call for: the contact was deleted
    DISMISSED = "dismissed"  # a recovery item that somebody deleted


@dataclass(frozen=True, slots=True)
class WorkflowFacts:
    """What a journey's check asks of a workflow."""

    name: str
    active: bool
    problem: str = ""  # a sentence on why its calls would fail


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is under way, with what its workflow says of itself."""

    id: int
    key: str
    workflow_id: int
    workflow_name: str
    kind: WorkflowKind
    url: str
    action: str
    secrets: tuple[str, ...]
    journey_id: int
    iteration: int
    tile: int
    contact_id: int
    company_id: int | None
    created_at: datetime
    attempt: int  # this one; the first is 1
    first_tried_at: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attempt. `error` is empty when it succeeded."""

    error: str = ""
    again: bool = False  # whether another attempt may help
    status: int | None = None
    after: timedelta | None = None  # how long the other side asks to be left alone
    rest: bool = False  # whether that holds for all calls of the workflow
    body: str = ""  # the beginning of the answer

    @property
    def ok(self) -> bool:
        """Say whether the call was taken."""
        return not self.error


@dataclass(frozen=True, slots=True)
class Report:
    """What is written down of an attempt."""

    call_id: int
    state: CallState
    due_at: datetime | None
    status: int | None
    error: str
    at: datetime
    milliseconds: int
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Backlog:
    """How the outbox of calls stands. Counts stop at a bound, so that asking stays cheap."""

    queued: int
    failed: int
    oldest_due_seconds: float


@dataclass(frozen=True, slots=True)
class CallTest:
    """What came of a test call."""

    ok: bool
    status: int | None
    error: str
    body: str
    milliseconds: int
