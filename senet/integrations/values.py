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


OPEN_STATES = (CallState.QUEUED.value, CallState.FAILED.value)  # those from which a call may still be made


@dataclass(frozen=True, slots=True)
class WorkflowFacts:
    """What a journey's check asks of a workflow."""

    name: str
    active: bool
    problem: str = ""  # a sentence on why its calls would fail


@dataclass(frozen=True, slots=True)
class ResponseType:
    """A response that a channel declares. A custom one takes a keyword, such as the text of an answer."""

    key: str
    label: str
    custom: bool = False


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """What a journey's check asks of a channel."""

    name: str
    responses: Mapping[str, ResponseType]
    problem: str = ""  # a sentence on why it would not work


@dataclass(frozen=True, slots=True)
class ChannelRules:
    """What a tile needs of a channel when people arrive."""

    channel_id: int
    compliance_column: str
    workflow_id: int | None


@dataclass(frozen=True, slots=True)
class Activity:
    """A channel activity, as a call tells of it."""

    id: int
    channel_id: int
    channel_key: str
    channel_name: str


@dataclass(frozen=True, slots=True)
class Response:
    """A response to an activity, as a partner sends it. Repeating it with the same key changes nothing."""

    activity_id: int
    response: str
    idempotency_key: str
    keyword: str = ""
    at: datetime | None = None  # None: now


class ResponseResult(StrEnum):
    """What became of a response."""

    RECORDED = "recorded"
    REPEATED = "repeated"  # it was recorded before, exactly so
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class ResponseVerdict:
    """What became of a response, with a code and a sentence when it was refused."""

    activity_id: int
    idempotency_key: str
    result: ResponseResult
    code: str = ""
    message: str = ""


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
    activity: Activity | None = None


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
