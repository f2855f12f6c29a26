"""Builders: segments with members, live ones by a rule, subscription lists."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from senet.audiences import actions
from senet.audiences.models import Segment, SubscriptionList
from senet.audiences.values import By
from tests.support.accounts import main_unit

_numbers = itertools.count(1)
EARLY = datetime(2026, 1, 1, tzinfo=UTC)


def clause(field: str, operator: str, *values: Any, **more: Any) -> dict[str, Any]:
    """One condition of a definition: `clause("contact.country", "is_in", "DE", "FR")`."""
    return {"kind": "clause", "field": field, "operator": operator, "values": list(values), **more}


def all_of(*items: Mapping[str, Any]) -> dict[str, Any]:
    """A group of conditions that must all hold."""
    return {"kind": "group", "join": "and", "items": list(items)}


def any_of(*items: Mapping[str, Any]) -> dict[str, Any]:
    """A group of conditions of which one must hold."""
    return {"kind": "group", "join": "or", "items": list(items)}


def none_of(*items: Mapping[str, Any]) -> dict[str, Any]:
    """A group of conditions of which none may hold."""
    return {"kind": "group", "join": "or", "negate": True, "items": list(items)}


def member_of(*ids: int, audience: str = "segment", containment: str = "in") -> dict[str, Any]:
    """A condition over other segments or lists."""
    return {"kind": "membership", "audience": audience, "ids": list(ids), "containment": containment}


def make_segment(
    members: Sequence[int] = (),
    *,
    definition: Mapping[str, Any] | None = None,
    name: str = "",
    status: str = "live",
    now: datetime = EARLY,
    time_zone: str = "UTC",
) -> Segment:
    """A segment: static with these members, or dynamic (and evaluated, when live) with this definition."""
    segment = Segment.objects.create(
        name=name or f"Segment {next(_numbers)}",
        kind="static" if definition is None else "dynamic",
        definition=definition or {},
        time_zone=time_zone,
        business_unit=main_unit(),
    )
    if members:
        add_members(segment.pk, members, now=now)
    if status != "draft":
        Segment.objects.filter(pk=segment.pk).update(status=status, live_definition=definition or {})
        if status in ("going_live", "live"):
            actions.evaluate_segment(segment.pk, now)
    segment.refresh_from_db()
    return segment


def add_members(segment_id: int, contact_ids: Sequence[int], *, now: datetime = EARLY) -> int:
    """Put contacts into a static segment, as the page does."""
    return actions.add_members(segment_id, contact_ids, now=now)


def make_list(
    members: Sequence[int] = (), *, name: str = "", public: bool = True, now: datetime = EARLY, by: By = By.USER
) -> SubscriptionList:
    """A subscription list with these members."""
    made = actions.create_list(name=name or f"List {next(_numbers)}", public=public, business_unit_id=main_unit().pk)
    if members:
        actions.join_list(made, members, by=by, now=now)
    return SubscriptionList.objects.get(pk=made)
