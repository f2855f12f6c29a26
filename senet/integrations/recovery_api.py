"""Routes: recovery items, the calls that failed for good, for administrators and marketing managers."""

from __future__ import annotations

from django.db.models import F, QuerySet
from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts.access import SEES_EVERYTHING, visible
from senet.accounts.http import principal
from senet.integrations import actions
from senet.integrations.errors import RecoveryItemNotFound
from senet.integrations.models import WorkflowCall
from senet.integrations.schemas import (
    RecoverAllIn,
    RecoveredOut,
    RecoveryCountOut,
    RecoveryItemDetail,
    RecoveryItemOut,
    RecoveryQuery,
)
from senet.integrations.values import CallState
from senet.shared.clock import utc_now
from senet.shared.errors import NotAllowed
from senet.shared.paging import Listing, Page, PageOf, Sort

router = Router(tags=["integrations"])

ITEMS = Listing(
    sorts={"failed_at": Sort("finished_at", nullable=True), "created_at": Sort("created_at")},
    filters={"journey_id": "journey_id", "tile": "tile", "workflow_id": "workflow_id", "contact_id": "contact_id"},
)


def _check_role(request: HttpRequest) -> None:
    if principal(request).role not in SEES_EVERYTHING:
        raise NotAllowed("Only administrators and marketing managers see and recover what failed. Ask one of them.")


def _items() -> QuerySet[WorkflowCall]:
    rows = WorkflowCall.objects.filter(state=CallState.FAILED.value)
    return rows.annotate(workflow_name=F("workflow__name"), failed_at=F("finished_at"))


@router.get("/recovery-items", response=PageOf[RecoveryItemOut], operation_id="recovery_items_list")
def list_items(request: HttpRequest, query: Query[RecoveryQuery]) -> Page[WorkflowCall]:
    """List what failed for good, the latest first."""
    _check_role(request)
    return ITEMS.page(_items(), query)


@router.get("/recovery-items/count", response=RecoveryCountOut, operation_id="recovery_items_count")
def count_items(request: HttpRequest) -> dict[str, object]:
    """Count what failed for good in one's business units; for everybody."""
    rows = visible(_items(), principal(request), column="workflow__business_unit_id")
    return {"count": rows.count()}


@router.post("/recovery-items/recover", response=RecoveredOut, operation_id="recovery_items_recover_all")
def recover_all(request: HttpRequest, body: RecoverAllIn) -> dict[str, object]:
    """Make all failed calls of a journey or a workflow again."""
    _check_role(request)
    recovered = actions.recover_all(utc_now(), journey_id=body.journey_id, workflow_id=body.workflow_id)
    return {"recovered": recovered}


@router.get("/recovery-items/{int:item_id}", response=RecoveryItemDetail, operation_id="recovery_items_get")
def get_item(request: HttpRequest, item_id: int) -> WorkflowCall:
    """Return a recovery item with its attempts."""
    _check_role(request)
    item = _items().annotate(idempotency_key=F("key")).prefetch_related("attempts").filter(pk=item_id).first()
    if item is None:
        raise RecoveryItemNotFound
    return item


@router.post("/recovery-items/{int:item_id}/recover", response=RecoveredOut, operation_id="recovery_items_recover")
def recover_item(request: HttpRequest, item_id: int) -> dict[str, object]:
    """Make a failed call again, with all its attempts and the same idempotency key."""
    _check_role(request)
    actions.recover_item(item_id, utc_now())
    return {"recovered": 1}


@router.delete("/recovery-items/{int:item_id}", response={204: None}, operation_id="recovery_items_delete")
def delete_item(request: HttpRequest, item_id: int) -> Status[None]:
    """Give a failed call up."""
    _check_role(request)
    actions.dismiss_item(item_id, utc_now())
    return Status(204, None)
