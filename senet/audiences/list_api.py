"""Routes of this room: subscription lists and who is on them."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

import senet.audiences
from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.audiences import actions
from senet.audiences.errors import ListNotFound
from senet.audiences.member_api import MEMBER_HEADER, commits_by_itself, member_rows, visible_units
from senet.audiences.members import Member, iterate_members, list_members
from senet.audiences.models import SubscriptionList
from senet.audiences.schemas import (
    ListChange,
    ListIn,
    ListOut,
    ListQuery,
    MemberOut,
    MembersChange,
    MembersChanged,
)
from senet.shared.clock import utc_now
from senet.shared.csv_export import stream_csv
from senet.shared.errors import InvalidInput, NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort
from senet.shared.sql import fetch_all

router = Router(tags=["audiences"])

LISTS = Listing(
    sorts={"name": Sort("name", folded=True), "created_at": Sort("created_at")},
    filters={"public": "public"},
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text),
)
_CSV = ("id", "name", "description", "public", "created_at")


def _get(request: HttpRequest, list_id: int, permission: Permission) -> SubscriptionList:
    found = SubscriptionList.objects.filter(pk=list_id).first()
    if found is None:
        raise ListNotFound
    try:
        check_object(found.business_unit_id, principal(request), permission)
    except NotFound as error:
        raise ListNotFound from error
    return found


def _show(lists: Iterable[SubscriptionList]) -> list[ListOut]:
    rows = list(lists)
    sizes = dict(fetch_all(senet.audiences, "count_list_members", {"list_ids": [one.pk for one in rows]}))
    return [
        ListOut(
            id=one.pk,
            name=one.name,
            description=one.description,
            public=one.public,
            size=sizes.get(one.pk, 0),
            owner_id=one.owner_id,
            business_unit_id=one.business_unit_id,
            created_at=one.created_at,
        )
        for one in rows
    ]


@router.get("/lists", response=PageOf[ListOut])
def list_lists(request: HttpRequest, query: Query[ListQuery]) -> Page[ListOut]:
    """List subscription lists."""
    page = LISTS.page(visible(SubscriptionList.objects.all(), principal(request)), query)
    return Page(_show(page.items), page.next_cursor, page.total)


@router.post("/lists", response={201: ListOut})
def create_list(request: HttpRequest, body: ListIn) -> Status[ListOut]:
    """Make a subscription list."""
    person = require(request, Permission.EDIT)
    made = actions.create_list(**body.model_dump(), business_unit_id=person.business_unit_id, owner_id=person.user_id)
    return Status(201, _show(SubscriptionList.objects.filter(pk=made))[0])


@router.get("/lists/export.csv", response=None)
def export_lists(request: HttpRequest, query: Query[ListQuery]) -> StreamingHttpResponse:
    """Download the lists, with the same search and filters."""
    person = require(request, Permission.EXPORT)
    rows = LISTS.order(LISTS.narrow(visible(SubscriptionList.objects.all(), person), query), query)
    return stream_csv(request, "lists.csv", _CSV, rows.values_list(*_CSV).iterator(chunk_size=2000))


@router.get("/lists/{int:list_id}", response=ListOut)
def get_list(request: HttpRequest, list_id: int) -> ListOut:
    """Return a subscription list."""
    return _show([_get(request, list_id, Permission.VIEW)])[0]


@router.patch("/lists/{int:list_id}", response=ListOut)
def change_list(request: HttpRequest, list_id: int, body: ListChange) -> ListOut:
    """Change a subscription list."""
    _get(request, list_id, Permission.EDIT)
    if changes := body.model_dump(exclude_none=True):
        actions.change_list(list_id, changes)
    return _show([_get(request, list_id, Permission.VIEW)])[0]


@router.delete("/lists/{int:list_id}", response={204: None})
@commits_by_itself
def delete_list(request: HttpRequest, list_id: int, force: bool = False) -> Status[None]:
    """Delete a subscription list; `force` although something live uses it."""
    _get(request, list_id, Permission.EDIT)
    actions.delete_list(list_id, utc_now(), force=force)
    return Status(204, None)


@router.get("/lists/{int:list_id}/members", response=PageOf[MemberOut])
def list_list_members(request: HttpRequest, list_id: int, query: Query[PageQuery]) -> Page[Member]:
    """List the members whom the viewer may see."""
    _get(request, list_id, Permission.VIEW)
    return list_members("list", list_id, query, unit_ids=visible_units(principal(request)))


@router.post("/lists/{int:list_id}/members", response=MembersChanged)
def change_list_members(request: HttpRequest, list_id: int, body: MembersChange) -> MembersChanged:
    """Subscribe and unsubscribe contacts by their ids."""
    _get(request, list_id, Permission.EDIT)
    if body.add_by is not None or body.remove_by is not None:
        raise InvalidInput("People join a subscription list one by one: name their ids.")
    now = utc_now()
    added = actions.join_list(list_id, body.add, now=now)
    removed = actions.leave_list(list_id, body.remove, now=now)
    return MembersChanged(added=len(added), removed=len(removed))


@router.get("/lists/{int:list_id}/members.csv", response=None)
def export_list_members(request: HttpRequest, list_id: int) -> StreamingHttpResponse:
    """Download the members whom the viewer may see."""
    found = _get(request, list_id, Permission.EXPORT)
    rows = iterate_members("list", found.pk, unit_ids=visible_units(principal(request)))
    return stream_csv(request, f"list-{found.pk}.csv", MEMBER_HEADER, member_rows(rows))
