"""Routes: who is suppressed and why, and what an administrator may do about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from senet.accounts.access import SEES_EVERYTHING
from senet.accounts.http import principal, require
from senet.accounts.queries import find_user_names
from senet.accounts.values import Permission
from senet.messages import suppression
from senet.messages.models import Suppression, SuppressionChange
from senet.messages.suppression import Cause
from senet.shared.clock import utc_now
from senet.shared.errors import NotAllowed, NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["suppressions"])


class SuppressionQuery(PageQuery):
    """Search looks for addresses and domains by what they hold."""

    cause: Cause | None = None
    category: str | None = Field(None, max_length=60, description="Of the bounce, such as full-mailbox.")
    state: Literal["active", "over"] | None = Field(None, description="Over: released, or its time has passed.")


class SuppressionOut(Schema):
    """An address, a domain (@example.com) or a local part (office@) that is, or was, not written to."""

    id: int
    key: str
    cause: Cause
    category: str = Field(description="Of the bounce.")
    reason: str
    since: datetime
    until: datetime | None = Field(description="Nothing: for ever.")
    message_id: int | None
    released_at: datetime | None
    times: int = Field(description="How often it has been suppressed.")


class SuppressionChangeOut(Schema):
    """One line of the trail."""

    change: Literal["suppressed", "released"]
    cause: Cause
    at: datetime
    until: datetime | None
    message_id: int | None
    user_id: int | None
    user_name: str = Field(description="Empty: a bounce or a complaint did it.")
    note: str


class SuppressionDetail(SuppressionOut):
    """A suppression with its trail, the oldest line first."""

    changes: list[SuppressionChangeOut]


class SuppressionIn(Schema):
    """What to suppress."""

    key: str = Field(min_length=2, max_length=254, description="An address, a domain (@example.com) or office@.")
    note: str = Field("", max_length=1000)
    until: datetime | None = None


class ReleaseIn(Schema):
    """Why an address may be written to again."""

    note: str = Field(min_length=1, max_length=1000)


def _filter_state(state: str) -> Q:
    active = Q(released_at=None) & (Q(until=None) | Q(until__gt=utc_now()))
    return active if state == "active" else ~active


SUPPRESSIONS = Listing(
    sorts={"key": Sort("key"), "since": Sort("since"), "until": Sort("until", nullable=True)},
    filters={"cause": "cause", "category": "category", "state": _filter_state},
    search=lambda text: Q(key__contains=text.lower()),
)


def _check_role(request: HttpRequest) -> None:
    if principal(request).role not in SEES_EVERYTHING:
        raise NotAllowed("Only administrators and marketing managers see suppressed addresses. Ask one of them.")


def _rows() -> QuerySet[Suppression]:
    """Return suppressions with how often each key was suppressed; only a page's rows are counted."""
    changes = SuppressionChange.objects.filter(key=OuterRef("key"), change="suppressed").order_by()
    counted = changes.values("key").annotate(times=Count("id")).values("times")
    return Suppression.objects.annotate(times=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


@router.get("/suppressions", response=PageOf[SuppressionOut], operation_id="suppressions_list")
def list_suppressions(request: HttpRequest, query: Query[SuppressionQuery]) -> Page[Suppression]:
    """List who is not written to, the latest first."""
    _check_role(request)
    return SUPPRESSIONS.page(_rows(), query)


@router.post("/suppressions", response={201: SuppressionDetail}, operation_id="suppressions_create")
def add_suppression(request: HttpRequest, body: SuppressionIn) -> Status[dict[str, Any]]:
    """Suppress an address, a domain or a local part."""
    who = require(request, Permission.ADMINISTER)
    until = body.until
    made = suppression.add_suppression(body.key, note=body.note, user_id=who.user_id, until=until, now=utc_now())
    return Status(201, _describe(made))


@router.get("/suppressions/{int:suppression_id}", response=SuppressionDetail, operation_id="suppressions_get")
def get_suppression(request: HttpRequest, suppression_id: int) -> dict[str, Any]:
    """Return a suppression with everything that happened to it."""
    _check_role(request)
    return _describe(suppression_id)


@router.post(
    "/suppressions/{int:suppression_id}/release", response=SuppressionDetail, operation_id="suppressions_release"
)
def release(request: HttpRequest, suppression_id: int, body: ReleaseIn) -> dict[str, Any]:
    """Let an address be written to again. The trail keeps who decided it, and why."""
    who = require(request, Permission.ADMINISTER)
    suppression.release(suppression_id, note=body.note, user_id=who.user_id, now=utc_now())
    return _describe(suppression_id)


def _describe(suppression_id: int) -> dict[str, Any]:  # a schema's values
    found = _rows().filter(pk=suppression_id).values().first()
    if found is None:
        raise NotFound("There is no such suppression.")
    changes = list(SuppressionChange.objects.filter(key=found["key"]).order_by("id").values())
    names = find_user_names(change["user_id"] for change in changes)
    return {**found, "changes": [{**change, "user_name": names.get(change["user_id"], "")} for change in changes]}
