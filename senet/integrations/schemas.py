"""What the API takes and gives."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from ninja import Field, Schema

from senet.integrations.addresses import LONGEST_URL
from senet.integrations.values import CallState, WorkflowKind
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
