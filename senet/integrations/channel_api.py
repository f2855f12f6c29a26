"""Routes: channels, the activities that partners fetch, and the responses that they send back."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

import senet.integrations
from senet.accounts.access import SEES_EVERYTHING, check_object, list_unit_ids, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission, Principal
from senet.integrations import channels
from senet.integrations.errors import ActivityNotFound, ChannelNotFound, ResponseConflict, ResponseRefused
from senet.integrations.models import Channel
from senet.integrations.payload import show_people
from senet.integrations.responses import record_responses
from senet.integrations.schemas import (
    ActivitiesOut,
    ActivitiesQuery,
    ChannelChange,
    ChannelIn,
    ChannelOut,
    ChannelResponseOut,
    ResponseIn,
    ResponsesIn,
    ResponsesOut,
)
from senet.integrations.values import Response, ResponseResult, ResponseVerdict
from senet.people.queries import find_contacts_for_render
from senet.shared.clock import utc_now
from senet.shared.errors import InvalidInput, NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort
from senet.shared.sql import fetch_all

router = Router(tags=["integrations"])

CHANNELS = Listing(
    sorts={"name": Sort("name", folded=True), "key": Sort("key"), "created_at": Sort("created_at")},
    search=lambda text: Q(name__icontains=text) | Q(key__icontains=text) | Q(description__icontains=text),
)
_POSITION = re.compile(r"(\d{1,19})\.(\d{1,19})")


def _get(request: HttpRequest, channel_id: int, permission: Permission) -> Channel:
    found = Channel.objects.filter(pk=channel_id).first()
    if found is None:
        raise ChannelNotFound
    try:
        check_object(found.business_unit_id, principal(request), permission)
    except NotFound as error:
        raise ChannelNotFound from error
    return found


def _units(person: Principal) -> frozenset[int] | None:
    return None if person.role in SEES_EVERYTHING else list_unit_ids(person)


@router.get("/channels", response=PageOf[ChannelOut], operation_id="channels_list")
def list_channels(request: HttpRequest, query: Query[PageQuery]) -> Page[Channel]:
    """List channels."""
    return CHANNELS.page(visible(Channel.objects.all(), principal(request)), query)


@router.post("/channels", response={201: ChannelOut}, operation_id="channels_create")
def create_channel(request: HttpRequest, body: ChannelIn) -> Status[Channel]:
    """Declare a channel."""
    person = require(request, Permission.EDIT)
    values = {**body.model_dump(), "responses": body.responses}
    made = channels.create_channel(
        business_unit_id=person.business_unit_id, owner_id=person.user_id, units=_units(person), **values
    )
    return Status(201, Channel.objects.get(pk=made))


@router.get("/channels/{int:channel_id}", response=ChannelOut, operation_id="channels_get")
def get_channel(request: HttpRequest, channel_id: int) -> Channel:
    """Return a channel."""
    return _get(request, channel_id, Permission.VIEW)


@router.patch("/channels/{int:channel_id}", response=ChannelOut, operation_id="channels_update")
def change_channel(request: HttpRequest, channel_id: int, body: ChannelChange) -> Channel:
    """Change a channel; what a live journey asks for has to stay."""
    _get(request, channel_id, Permission.EDIT)
    values = body.model_dump(exclude_unset=True)
    if "responses" in values:
        values["responses"] = body.responses
    channels.change_channel(channel_id, values, units=_units(principal(request)))
    return _get(request, channel_id, Permission.VIEW)


@router.delete("/channels/{int:channel_id}", response={204: None}, operation_id="channels_delete")
def delete_channel(request: HttpRequest, channel_id: int) -> Status[None]:
    """Remove a channel that no live journey uses."""
    _get(request, channel_id, Permission.EDIT)
    channels.delete_channel(channel_id)
    return Status(204, None)


@router.get("/channels/{int:channel_id}/activities", response=ActivitiesOut, operation_id="channels_activities")
def list_activities(request: HttpRequest, channel_id: int, query: Query[ActivitiesQuery]) -> dict[str, object]:
    """List a channel's activities after a position, for a partner that polls. None is missed, and none comes twice."""
    _get(request, channel_id, Permission.VIEW)
    xid, last_id = _read_position(query.after)
    parameters = {"channel_id": channel_id, "xid": xid, "id": last_id, "limit": query.limit}
    rows = fetch_all(senet.integrations, "list_activities", parameters)
    people = _find_people([row[5] for row in rows], principal(request))
    items = [_show(row, people.get(row[5])) for row in rows]
    return {"items": items, "next": f"{rows[-1][0]}.{rows[-1][1]}" if rows else query.after}


def _read_position(text: str) -> tuple[int, int]:
    if not text:
        return 0, 0
    found = _POSITION.fullmatch(text)
    xid, last_id = (int(part) for part in found.groups()) if found else (2**63, 0)
    if max(xid, last_id) >= 2**63:
        raise InvalidInput("Give `after` as the answer before gave `next`, or leave it out.", after="Not a position.")
    return xid, last_id


def _find_people(ids: Sequence[int], person: Principal) -> dict[int, Any]:
    cards = find_contacts_for_render(ids, unit_ids=_units(person))
    return {contact_id: show_people(card) for contact_id, card in cards.items()}


def _show(row: tuple[Any, ...], people: Any) -> dict[str, object]:  # JSON
    _, id_, journey_id, iteration, tile, contact_id, created_at = row
    contact, company = people or (None, None)
    return {
        "id": id_,
        "journey_id": journey_id,
        "iteration": iteration,
        "tile": tile,
        "contact_id": contact_id,
        "created_at": created_at,
        "contact": contact,
        "company": company,
    }


@router.post(
    "/channel-activities/{int:activity_id}/responses",
    response=ChannelResponseOut,
    operation_id="channel_activities_respond",
)
def respond(request: HttpRequest, activity_id: int, body: ResponseIn) -> ResponseVerdict:
    """Tell what came of an activity. Sending the same again changes nothing."""
    person = require(request, Permission.EDIT)
    response = Response(activity_id=activity_id, **body.model_dump())
    (verdict,) = record_responses([response], now=utc_now(), unit_ids=_units(person))
    if verdict.result is not ResponseResult.REFUSED:
        return verdict
    if verdict.code == "activity_not_found":
        raise ActivityNotFound(verdict.message)
    if verdict.code == "idempotency_conflict":
        raise ResponseConflict(verdict.message)
    raise ResponseRefused(verdict.message, reason=verdict.code)


@router.post("/channel-activities/responses", response=ResponsesOut, operation_id="channel_activities_respond_many")
def respond_many(request: HttpRequest, body: ResponsesIn) -> dict[str, object]:
    """Tell what came of many activities. What cannot be recorded is refused one by one; the others are recorded."""
    person = require(request, Permission.EDIT)
    responses = [Response(**one.model_dump()) for one in body.responses]
    results = record_responses(responses, now=utc_now(), unit_ids=_units(person))
    counts = Counter(verdict.result for verdict in results)
    return {**{result.value: counts[result] for result in ResponseResult}, "results": results}
