"""Routes of this room: workflows, and a call to try one out."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.integrations import actions
from senet.integrations.channel_api import router as channel_router
from senet.integrations.errors import WorkflowNotFound
from senet.integrations.link_api import router as link_router
from senet.integrations.models import Workflow
from senet.integrations.queries import read_policy
from senet.integrations.recovery_api import router as recovery_router
from senet.integrations.registry import list_actions
from senet.integrations.schemas import (
    ActionsOut,
    NewWorkflowOut,
    SecretOut,
    TestCallIn,
    TestCallOut,
    WorkflowChange,
    WorkflowIn,
    WorkflowOut,
    WorkflowQuery,
)
from senet.integrations.trying import try_workflow
from senet.integrations.values import CallTest
from senet.people.queries import get_contact
from senet.shared.clock import utc_now
from senet.shared.errors import NotFound
from senet.shared.paging import Listing, Page, PageOf, Sort

router = Router(tags=["integrations"])
router.add_router("", recovery_router)
router.add_router("", channel_router)
router.add_router("", link_router)
View = TypeVar("View", bound=Callable[..., object])

WORKFLOWS = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={"kind": "kind", "active": "active"},
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text),
)


def _commits_by_itself(view: View) -> View:
    """Keep a view that waits for others out of a transaction."""
    view.commits_by_itself = True  # type: ignore[attr-defined]  # read by senet.api
    return view


def _get(request: HttpRequest, workflow_id: int, permission: Permission) -> Workflow:
    found = Workflow.objects.filter(pk=workflow_id).first()
    if found is None:
        raise WorkflowNotFound
    try:
        check_object(found.business_unit_id, principal(request), permission)
    except NotFound as error:
        raise WorkflowNotFound from error
    return found


@router.get("/workflows", response=PageOf[WorkflowOut], operation_id="workflows_list")
def list_workflows(request: HttpRequest, query: Query[WorkflowQuery]) -> Page[Workflow]:
    """List workflows."""
    return WORKFLOWS.page(visible(Workflow.objects.all(), principal(request)), query)


@router.post("/workflows", response={201: NewWorkflowOut}, operation_id="workflows_create")
def create_workflow(request: HttpRequest, body: WorkflowIn) -> Status[NewWorkflowOut]:
    """Make a workflow. A webhook's secret is shown this once."""
    person = require(request, Permission.EDIT)
    made, secret = actions.create_workflow(
        **body.model_dump(),
        policy=read_policy(),
        business_unit_id=person.business_unit_id,
        owner_id=person.user_id,
    )
    shown = WorkflowOut.from_orm(Workflow.objects.get(pk=made))
    return Status(201, NewWorkflowOut(**shown.dict(), secret=secret))


@router.get("/workflows/actions", response=ActionsOut, operation_id="workflows_actions")
def get_actions(request: HttpRequest) -> dict[str, object]:
    """List the Python actions that are registered."""
    require(request, Permission.VIEW)
    return {"actions": list_actions()}


@router.get("/workflows/{int:workflow_id}", response=WorkflowOut, operation_id="workflows_get")
def get_workflow(request: HttpRequest, workflow_id: int) -> Workflow:
    """Return a workflow."""
    return _get(request, workflow_id, Permission.VIEW)


@router.patch("/workflows/{int:workflow_id}", response=WorkflowOut, operation_id="workflows_update")
def change_workflow(request: HttpRequest, workflow_id: int, body: WorkflowChange) -> Workflow:
    """Change a workflow; calls that wait are made as it is then."""
    _get(request, workflow_id, Permission.EDIT)
    actions.change_workflow(workflow_id, body.model_dump(exclude_unset=True), read_policy())
    return _get(request, workflow_id, Permission.VIEW)


@router.delete("/workflows/{int:workflow_id}", response={204: None}, operation_id="workflows_delete")
def delete_workflow(request: HttpRequest, workflow_id: int) -> Status[None]:
    """Remove a workflow that nothing uses."""
    _get(request, workflow_id, Permission.EDIT)
    actions.delete_workflow(workflow_id)
    return Status(204, None)


@router.post("/workflows/{int:workflow_id}/rotate-secret", response=SecretOut, operation_id="workflows_rotate_secret")
def rotate_secret(request: HttpRequest, workflow_id: int) -> dict[str, object]:
    """Give a webhook a new secret; for a day calls are signed with the old one as well."""
    _get(request, workflow_id, Permission.EDIT)
    return {"secret": actions.rotate_secret(workflow_id, utc_now())}


@router.post("/workflows/{int:workflow_id}/test", response=TestCallOut, operation_id="workflows_test")
@_commits_by_itself
def test_workflow(request: HttpRequest, workflow_id: int, body: TestCallIn) -> CallTest:
    """Call a workflow once, now, and tell what it answered. Nothing is counted or tried again."""
    _get(request, workflow_id, Permission.EDIT)
    if body.contact_id is not None:
        check_object(get_contact(body.contact_id).business_unit_id, principal(request), Permission.VIEW)
    return try_workflow(workflow_id, contact_id=body.contact_id, now=utc_now())
