"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema
from pydantic import JsonValue, field_validator

from senet.integrations.addresses import LONGEST_URL
from senet.integrations.responses import LONGEST_KEYWORD
from senet.integrations.values import CallState, ResponseResult, WorkflowKind
from senet.shared.paging import PageQuery


class WorkflowIn(Schema):
    """A new workflow: a webhook with its URL, or a registered Python action with its name."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=2000)
    kind: WorkflowKind = WorkflowKind.WEBHOOK
    url: str = Field("", max_length=LONGEST_URL)
    action: str = Field("", max_length=100)
    active: bool = True


class WorkflowChange(Schema):
    """What to change; what is left out stays. The kind is fixed."""

    name: str = Field("", max_length=200)
    description: str = Field("", max_length=2000)
    url: str = Field("", max_length=LONGEST_URL)
    action: str = Field("", max_length=100)
    active: bool = True


class WorkflowOut(Schema):
    """A workflow."""

    id: int
    name: str
    description: str
    kind: WorkflowKind
    url: str
    action: str
    active: bool = Field(description="Calls of a workflow that is not active wait.")
    rotated_at: datetime | None
    held_until: datetime | None = Field(description="The webhook's server asked not to be called before.")
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime


class NewWorkflowOut(WorkflowOut):
    """A workflow that was just made."""

    secret: str | None = Field(description="Of a webhook: what its calls are signed with. It is shown this once.")


class SecretOut(Schema):
    """A new secret."""

    secret: str = Field(description="What calls are signed with from now on. It is shown this once.")


class WorkflowQuery(PageQuery):
    """Filters of the list."""

    kind: WorkflowKind | None = None
    active: bool | None = None


class ActionsOut(Schema):
    """The Python actions that this server knows."""

    actions: list[str]


class TestCallIn(Schema):
    """Whom a test call is about; nobody: a made-up person."""

    contact_id: int | None = Field(None, ge=1, lt=2**63)


class TestCallOut(Schema):
    """What came of a test call."""

    ok: bool
    status: int | None = Field(description="What HTTP answered.")
    error: str
    body: str = Field(description="The beginning of the answer: another server's words, not to be trusted.")
    milliseconds: int


class ResponseTypeIn(Schema):
    """A response that a channel can bring back. At most one is custom: it takes a keyword."""

    key: str = Field(min_length=1, max_length=63)
    label: str = Field(min_length=1, max_length=200)
    custom: bool = False


class ChannelIn(Schema):
    """A new channel."""

    name: str = Field(min_length=1, max_length=200)
    key: str = Field(min_length=1, max_length=63)
    description: str = Field("", max_length=2000)
    responses: list[ResponseTypeIn] = Field(default_factory=list, max_length=50)
    compliance_column: str = Field(
        "",
        max_length=100,
        description="A boolean column of contacts that forbids the channel: do_not_email, do_not_bulk_email or"
        " custom.<key>; empty: none.",
    )
    workflow_id: int | None = Field(None, ge=1, lt=2**63, description="The workflow that is told of each activity.")


class ChannelChange(Schema):
    """What to change; what is left out stays."""

    name: str = Field("", max_length=200)
    key: str = Field("", max_length=63)
    description: str = Field("", max_length=2000)
    responses: list[ResponseTypeIn] = Field(default_factory=list, max_length=50)
    compliance_column: str = Field("", max_length=100)
    workflow_id: int | None = Field(None, ge=1, lt=2**63)


class ResponseTypeOut(Schema):
    """A response that a channel declares."""

    key: str
    label: str
    custom: bool


class ChannelOut(Schema):
    """A channel."""

    id: int
    name: str
    key: str
    description: str
    responses: list[ResponseTypeOut]
    compliance_column: str
    workflow_id: int | None
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime


class ActivitiesQuery(Schema):
    """Where to go on."""

    after: str = Field("", max_length=45, description="`next` of the answer before; empty: from the beginning.")
    limit: int = Field(100, ge=1, le=500)


class ActivityOut(Schema):
    """What a channel is asked to do for one person. `contact` is null when it is gone or not yours to see."""

    id: int
    journey_id: int
    iteration: int
    tile: int
    contact_id: int
    created_at: datetime
    contact: dict[str, JsonValue] | None
    company: dict[str, JsonValue] | None


class ActivitiesOut(Schema):
    """A channel's activities in order. Ask again with `next`, also when there are none: new ones come after it."""

    items: list[ActivityOut]
    next: str


class ResponseIn(Schema):
    """What came of an activity."""

    response: str = Field(min_length=1, max_length=63, description="The key of a response that the channel declares.")
    keyword: str = Field("", max_length=LONGEST_KEYWORD, description="Of a custom response.")
    at: datetime | None = Field(None, description="When it happened; left out: now.")
    idempotency_key: str = Field(min_length=1, max_length=200, description="The same when the same is sent again.")

    @field_validator("at")
    @classmethod
    def _is_aware(cls, value: datetime | None) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("Give the moment with its offset: 2026-12-01T09:00:00Z.")
        return value


class ResponseOfActivityIn(ResponseIn):
    """What came of one of several activities."""

    activity_id: int = Field(ge=1, lt=2**63)


class ResponsesIn(Schema):
    """Up to 1,000 responses, of any channels."""

    responses: list[ResponseOfActivityIn] = Field(min_length=1, max_length=1000)


class ChannelResponseOut(Schema):
    """What became of a response."""

    activity_id: int
    idempotency_key: str
    result: ResponseResult
    code: str
    message: str


class ResponsesOut(Schema):
    """What became of each response, in the order in which they were sent."""

    recorded: int
    repeated: int
    refused: int
    results: list[ChannelResponseOut]


class AttemptOut(Schema):
    """An attempt that did not succeed."""

    at: datetime
    status: int | None
    error: str
    milliseconds: int | None


class RecoveryItemOut(Schema):
    """A call that failed for good. `error` may hold another server's words: show it as text."""

    id: int
    workflow_id: int
    workflow_name: str
    journey_id: int
    iteration: int
    tile: int
    contact_id: int
    company_id: int | None
    status: int | None
    error: str
    created_at: datetime
    failed_at: datetime | None


class RecoveryItemDetail(RecoveryItemOut):
    """A recovery item with every attempt, the first first."""

    idempotency_key: UUID
    state: CallState
    attempts: list[AttemptOut]


class RecoveryQuery(PageQuery):
    """Filters of the list."""

    journey_id: int | None = None
    tile: int | None = Field(None, ge=0, le=2**31 - 1)
    workflow_id: int | None = None
    contact_id: int | None = None


class RecoverAllIn(Schema):
    """Whose items: a journey's, a workflow's, or those of both."""

    journey_id: int | None = Field(None, ge=1, lt=2**63)
    workflow_id: int | None = Field(None, ge=1, lt=2**63)


class RecoveredOut(Schema):
    """How many calls are made again."""

    recovered: int


class RecoveryCountOut(Schema):
    """How many recovery items there are in one's business units."""

    count: int
