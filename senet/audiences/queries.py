"""Reads: how large an audience would be, who is in a sample of it, what is wrong with a segment."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import OperationalError, connection, transaction

import senet.audiences
from senet.audiences.check import (
    check_definition,
    check_memberships,
    find_cycle,
    find_zone,
    list_used_segments,
)
from senet.audiences.compiler import Condition
from senet.audiences.definition import Group, Membership, parse_definition, walk
from senet.audiences.errors import EvaluationTooSlow, ListNotFound, SegmentNotFound
from senet.audiences.evaluation import compile_checked, fetch_filled
from senet.audiences.fields import load_catalogue
from senet.audiences.models import Segment, SubscriptionList
from senet.audiences.values import Audience, PersonInSample
from senet.people.models import Contact
from senet.shared.errors import InvalidInput, Problem, Problems, SenetError
from senet.shared.sql import fetch_all

ESTIMATE_MILLISECONDS = 20_000


def estimate(definition: Group, time_zone: str, now: datetime) -> int:
    """Return how many contacts a definition would select. Raises: SegmentNotReady, EvaluationTooSlow."""
    condition = compile_checked(definition, time_zone, now)
    return int(_fetch_in_time("count_matches", condition, {})[0][0])


def sample(
    definition: Group, time_zone: str, now: datetime, *, limit: int = 10, unit_ids: Collection[int] | None = None
) -> list[PersonInSample]:
    """Return some of those whom a definition would select, from some business units or from all.

    Raises: SegmentNotReady, EvaluationTooSlow.
    """
    condition = compile_checked(definition, time_zone, now)
    units = None if unit_ids is None else sorted(unit_ids)
    rows = _fetch_in_time("sample_matches", condition, {"limit": limit, "unit_ids": units})
    people = Contact.objects.in_bulk([contact_id for (contact_id,) in rows])
    return [
        PersonInSample(one.pk, f"{one.first_name} {one.last_name}".strip(), one.email)
        for (contact_id,) in rows
        if (one := people.get(contact_id)) is not None
    ]


def _fetch_in_time(name: str, condition: Condition, parameters: dict[str, object]) -> Sequence[tuple[Any, ...]]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(ESTIMATE_MILLISECONDS)])
            rows = fetch_filled(name, condition, parameters)
            cursor.execute("SELECT set_config('statement_timeout', '0', true)")
            return rows
    except OperationalError as error:
        raise EvaluationTooSlow from error


def check_segment(segment_id: int) -> list[Problem]:
    """Return every problem that keeps a segment from going live, and what else is worth knowing.

    Raises: SegmentNotFound.
    """
    segment = Segment.objects.filter(pk=segment_id).first()
    if segment is None:
        raise SegmentNotFound
    problems = Problems()
    try:
        find_zone(segment.time_zone)
    except InvalidInput as error:
        problems.add("bad_time_zone", error.message, where="time_zone")
    if segment.kind == "static":
        return problems.found
    try:
        definition = parse_definition(segment.definition)
    except InvalidInput as error:
        return [*problems.found, *(error.problems or [Problem(error.code, error.message, where="definition")])]
    problems.found += check_definition(definition, load_catalogue())
    problems.found += _check_references(definition, segment_id)
    return problems.found


def _check_references(definition: Group, own_id: int) -> list[Problem]:
    lists = {number for _, node in walk(definition) if isinstance(node, Membership) for number in node.ids}
    segments = {
        one.pk: one
        for one in Segment.objects.all().only("id", "name", "status", "kind", "definition", "live_definition")
    }
    problems = check_memberships(
        definition,
        own_id=own_id,
        segments={number: (one.name, one.status) for number, one in segments.items()},
        lists=dict(SubscriptionList.objects.filter(pk__in=lists).values_list("id", "name")),
    )
    uses = {number: _list_uses(one) for number, one in segments.items() if one.kind == "dynamic"}
    uses[own_id] = list_used_segments(definition)
    if way := find_cycle(own_id, uses):
        names = " → ".join(segments[number].name for number in way)
        problems.append(
            Problem("cycle", f"The segment would depend on itself: {names}.", "definition", advice="Break the circle.")
        )
    return problems


def _list_uses(segment: Segment) -> list[int]:
    try:
        return list_used_segments(parse_definition(segment.live_definition or segment.definition))
    except SenetError:
        return []


def find_segment_users(kind: str, audience_id: int) -> list[Problem]:
    """Return a problem for each live segment that refers to a segment or list."""
    users = Segment.objects.filter(kind="dynamic", status__in=("live", "going_live")).exclude(live_definition=None)
    return [
        Problem(
            "used_by_segment",
            f"The live segment {user.name!r} refers to it.",
            where=f"segments.{user.pk}",
            severity="warning",
        )
        for user in users
        if _refers_to(user, kind, audience_id)
    ]


def _refers_to(segment: Segment, kind: str, audience_id: int) -> bool:
    if kind == "segment" and segment.pk == audience_id:
        return False
    try:
        definition = parse_definition(segment.live_definition or {})
    except SenetError:
        return False
    return any(
        isinstance(node, Membership) and node.audience == kind and audience_id in node.ids
        for _, node in walk(definition)
    )


def get_audience(kind: str, audience_id: int) -> Audience:
    """Return a segment or subscription list by its id. Raises: SegmentNotFound, ListNotFound."""
    if kind == "list":
        found = SubscriptionList.objects.filter(pk=audience_id).first()
        if found is None:
            raise ListNotFound
        return Audience("list", found.pk, found.name, "live", None)
    segment = Segment.objects.filter(pk=audience_id).first()
    if segment is None:
        raise SegmentNotFound
    return Audience("segment", segment.pk, segment.name, segment.status, segment.size)


def get_segment_unit(segment_id: int) -> int:
    """Return the business unit that a segment belongs to. Raises: SegmentNotFound."""
    unit = Segment.objects.filter(pk=segment_id).values_list("business_unit_id", flat=True).first()
    if unit is None:
        raise SegmentNotFound
    return unit


def find_audiences(kind: str, ids: Collection[int]) -> dict[int, Audience]:
    """Return the segments or lists that exist among some ids."""
    if kind == "list":
        lists = SubscriptionList.objects.filter(pk__in=ids)
        return {one.pk: Audience("list", one.pk, one.name, "live", None) for one in lists}
    segments = Segment.objects.filter(pk__in=ids)
    return {one.pk: Audience("segment", one.pk, one.name, one.status, one.size) for one in segments}


def find_lists_of_contacts(contact_ids: Sequence[int], *, most: int) -> dict[int, list[dict[str, Any]]]:
    """Return the public lists that contacts are on, for templates to loop over; those on none are left out."""
    rows = fetch_all(senet.audiences, "list_lists_of_contacts", {"ids": list(contact_ids), "most": most})
    return {contact_id: json.loads(found) for contact_id, found in rows}
