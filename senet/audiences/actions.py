"""Writes: segments through their life, and who is on a subscription list. The caller opens the transaction.

What runs over many contacts (evaluation, adding by a rule, deleting) commits chunk by chunk when there is none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

import senet.audiences
from senet.audiences.check import find_zone
from senet.audiences.definition import parse_definition
from senet.audiences.errors import AudienceInUse, ListNotFound, SegmentLocked, SegmentNotFound, SegmentNotReady
from senet.audiences.evaluation import compile_checked, evaluate_segment, fetch_filled, list_ranges
from senet.audiences.models import Segment, SubscriptionList
from senet.audiences.queries import check_segment, find_segment_users
from senet.audiences.tasks import bring_live
from senet.audiences.usage import find_usage
from senet.audiences.values import By, SegmentStatus
from senet.shared.errors import InvalidInput, Problem
from senet.shared.sql import execute, fetch_all

__all__ = [
    "add_members",
    "add_members_by_query",
    "change_list",
    "change_segment",
    "create_list",
    "create_segment",
    "delete_list",
    "delete_segment",
    "evaluate_segment",
    "go_live",
    "join_list",
    "leave_list",
    "remove_members",
    "remove_members_by_query",
    "stop",
]

CHUNK = 20_000
_EDITABLE = (SegmentStatus.DRAFT, SegmentStatus.STOPPED)
_STOPPABLE = (SegmentStatus.GOING_LIVE, SegmentStatus.LIVE)


def create_segment(
    *,
    name: str,
    kind: str,
    definition: Mapping[str, Any],  # the drawn tree's JSON
    business_unit_id: int,
    time_zone: str = "UTC",
    description: str = "",
    owner_id: int | None = None,
) -> int:
    """Draw up a segment and return its id. Raises: InvalidInput."""
    _check_header(name, kind)
    find_zone(time_zone)
    parse_definition(definition)
    segment = Segment.objects.create(
        name=name.strip(),
        kind=kind,
        definition=dict(definition),
        business_unit_id=business_unit_id,
        time_zone=time_zone,
        description=description,
        owner_id=owner_id,
    )
    return int(segment.pk)


def _check_header(name: str, kind: str) -> None:
    if not name.strip():
        raise InvalidInput("Give the segment a name.", field="name")
    if kind not in ("static", "dynamic"):
        raise InvalidInput("A segment is static or dynamic.", field="kind")


def change_segment(segment_id: int, changes: Mapping[str, Any]) -> None:
    """Change a segment's name, description, kind, definition or time zone.

    Name, description and kind are fixed once it has been live; definition and time zone while it is.

    Raises: SegmentNotFound, SegmentLocked, InvalidInput.
    """
    segment = _lock_segment(segment_id)
    changed = {key: value for key, value in changes.items() if getattr(segment, key) != value}
    if segment.live_definition is not None and (fixed := changed.keys() & {"name", "description", "kind"}):
        words = " and ".join(sorted(fixed))
        raise SegmentLocked(f"The {words} cannot change any more: the segment has been live. Copy it instead.")
    if segment.status not in _EDITABLE and changed:
        raise SegmentLocked
    _check_header(str(changed.get("name", segment.name)), str(changed.get("kind", segment.kind)))
    find_zone(str(changed.get("time_zone", segment.time_zone)))
    parse_definition(changed.get("definition", segment.definition))
    for key, value in changed.items():
        setattr(segment, key, value)
    segment.save(update_fields=[*changed, "updated_at"])


def _lock_segment(segment_id: int) -> Segment:
    segment = Segment.objects.select_for_update().filter(pk=segment_id).first() if _in_transaction() else None
    segment = segment or Segment.objects.filter(pk=segment_id).first()
    if segment is None:
        raise SegmentNotFound
    return segment


def _in_transaction() -> bool:
    return bool(transaction.get_connection().in_atomic_block)


def go_live(segment_id: int) -> None:
    """Let a segment go live: its membership is made in the background, then it is live.

    Raises: SegmentNotFound, SegmentLocked, SegmentNotReady with every problem.
    """
    with transaction.atomic():
        segment = _lock_segment(segment_id)
        if segment.status not in _EDITABLE:
            raise SegmentLocked("The segment is live already.")
        if problems := [found for found in check_segment(segment_id) if found.severity == "error"]:
            raise SegmentNotReady(problems=problems)
        segment.live_definition = segment.definition
        segment.status = SegmentStatus.GOING_LIVE
        segment.evaluation_error, segment.progress, segment.generation = "", 0, segment.generation + 1
        segment.evaluated_xid = segment.fully_evaluated_at = segment.attempted_at = None  # look at everybody
        segment.save()
        bring_live.defer(segment_id=segment_id)


def stop(segment_id: int, *, force: bool = False) -> None:
    """Stop a segment: its members stay as they are and are no longer kept true.

    Raises: SegmentNotFound, SegmentLocked when it is not live, AudienceInUse unless forced.
    """
    segment = _lock_segment(segment_id)
    if segment.status not in _STOPPABLE:
        raise SegmentLocked("Only a live segment can be stopped.")
    _check_unused("segment", segment_id, force)
    segment.status = SegmentStatus.STOPPED
    segment.save(update_fields=["status", "updated_at"])


def _check_unused(kind: str, audience_id: int, force: bool) -> None:
    problems: list[Problem] = [*find_segment_users(kind, audience_id), *find_usage(kind, audience_id)]
    if problems and not force:
        raise AudienceInUse(problems=problems)


def delete_segment(segment_id: int, now: datetime, *, force: bool = False) -> None:
    """Delete a segment; its members leave it first. Raises: SegmentNotFound, SegmentLocked, AudienceInUse."""
    segment = _lock_segment(segment_id)
    _check_unused("segment", segment_id, force)
    if segment.status in _STOPPABLE:
        raise SegmentLocked("Stop the segment before you delete it.")
    while execute(
        senet.audiences, "clear_members", {"segment_id": segment_id, "rows": CHUNK, "now": now, "by": By.USER}
    ):
        pass
    segment.delete()


# -- members of a static segment -----------------------------------------------------------------------------------


def add_members(segment_id: int, contact_ids: Sequence[int], *, now: datetime, by: By = By.USER) -> int:
    """Put contacts into a static segment and return how many are new. Ids that name nobody are ignored.

    Raises: SegmentNotFound, SegmentLocked for a dynamic segment.
    """
    return _change_members("add_members", segment_id, contact_ids, now, by)


def remove_members(segment_id: int, contact_ids: Sequence[int], *, now: datetime, by: By = By.USER) -> int:
    """Take contacts out of a static segment and return how many were in it. Raises: as add_members."""
    return _change_members("remove_members", segment_id, contact_ids, now, by)


def add_members_by_query(segment_id: int, definition: Mapping[str, Any], *, now: datetime) -> int:
    """Put everybody whom a definition selects now into a static segment, once. Raises: as add_members, InvalidInput."""
    return _change_by_query("add_members", segment_id, definition, now)


def remove_members_by_query(segment_id: int, definition: Mapping[str, Any], *, now: datetime) -> int:
    """Take everybody whom a definition selects now out of a static segment. Raises: as add_members, InvalidInput."""
    return _change_by_query("remove_members", segment_id, definition, now)


def _change_members(statement: str, segment_id: int, contact_ids: Sequence[int], now: datetime, by: By) -> int:
    _get_static(segment_id)
    ordered, done = sorted(set(contact_ids)), 0
    for start in range(0, len(ordered), CHUNK):
        done += _write_members(statement, segment_id, ordered[start : start + CHUNK], now, by)
    return done


def _change_by_query(statement: str, segment_id: int, definition: Mapping[str, Any], now: datetime) -> int:
    segment = _get_static(segment_id)
    condition = compile_checked(parse_definition(definition), segment.time_zone, now)
    done = 0
    for above, upto in list_ranges(CHUNK):
        rows = fetch_filled("match_range", condition, {"above": above, "upto": upto})
        done += _write_members(statement, segment_id, sorted(contact_id for (contact_id,) in rows), now, By.USER)
    return done


def _get_static(segment_id: int) -> Segment:
    segment = Segment.objects.filter(pk=segment_id).first()
    if segment is None:
        raise SegmentNotFound
    if segment.kind != "static":
        raise SegmentLocked("The members of a dynamic segment follow its definition. Change that, or use a static one.")
    return segment


def _write_members(statement: str, segment_id: int, contact_ids: Sequence[int], now: datetime, by: By) -> int:
    parameters = {"segment_id": segment_id, "contact_ids": list(contact_ids), "now": now, "by": by}
    with transaction.atomic():
        changed = execute(senet.audiences, statement, parameters)
        step = changed if statement == "add_members" else -changed
        if changed:
            size = int(fetch_all(senet.audiences, "count_members", {"segment_id": segment_id})[0][0])
            Segment.objects.filter(pk=segment_id).update(size=size)
    return abs(step)


# -- subscription lists ----------------------------------------------------------------------------------------------


def create_list(
    *, name: str, business_unit_id: int, description: str = "", public: bool = True, owner_id: int | None = None
) -> int:
    """Make a subscription list and return its id. Raises: InvalidInput."""
    if not name.strip():
        raise InvalidInput("Give the list a name.", field="name")
    made = SubscriptionList.objects.create(
        name=name.strip(),
        description=description,
        public=public,
        owner_id=owner_id,
        business_unit_id=business_unit_id,
    )
    return int(made.pk)


def change_list(list_id: int, changes: Mapping[str, Any]) -> None:
    """Change a list's name, description or whether the centre shows it. Raises: ListNotFound, InvalidInput."""
    if "name" in changes and not str(changes["name"]).strip():
        raise InvalidInput("Give the list a name.", field="name")
    if not SubscriptionList.objects.filter(pk=list_id).update(**changes):
        raise ListNotFound


def delete_list(list_id: int, now: datetime, *, force: bool = False) -> None:
    """Delete a list; everybody leaves it first. Raises: ListNotFound, AudienceInUse unless forced."""
    found = SubscriptionList.objects.filter(pk=list_id).first()
    if found is None:
        raise ListNotFound
    _check_unused("list", list_id, force)
    while execute(senet.audiences, "clear_list", {"list_id": list_id, "rows": CHUNK, "now": now, "by": By.USER}):
        pass
    found.delete()


def join_list(list_id: int, contact_ids: Sequence[int], *, by: By | str = By.USER, now: datetime) -> list[int]:
    """Subscribe contacts and return those who were not on the list before. Raises: ListNotFound."""
    return _change_list("join_list", list_id, contact_ids, By(by), now)


def leave_list(list_id: int, contact_ids: Sequence[int], *, by: By | str = By.USER, now: datetime) -> list[int]:
    """Unsubscribe contacts and return those who were on the list. Raises: ListNotFound."""
    return _change_list("leave_list", list_id, contact_ids, By(by), now)


def _change_list(statement: str, list_id: int, contact_ids: Sequence[int], by: By, now: datetime) -> list[int]:
    if not SubscriptionList.objects.filter(pk=list_id).exists():
        raise ListNotFound
    ordered, done = sorted(set(contact_ids)), list[int]()
    for start in range(0, len(ordered), CHUNK):
        parameters = {"list_id": list_id, "contact_ids": ordered[start : start + CHUNK], "by": by, "now": now}
        done.extend(contact_id for (contact_id,) in fetch_all(senet.audiences, statement, parameters))
    return done
