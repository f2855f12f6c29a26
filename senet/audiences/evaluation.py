"""Keeps the membership of dynamic segments true: whole, range by range, or only for the contacts that changed.

Input: `contact`, `company`, other memberships. Output: `segment_member` and `membership_change`, always together in one
statement. Each range is a transaction of its own, so that readers of the log are never held up; one advisory lock a
segment keeps two evaluations apart. Whoever changes while a whole evaluation runs is caught by the next one, because
its position is taken before the first range is read.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet

import senet.audiences
from senet.audiences.check import check_definition, find_zone
from senet.audiences.compiler import Condition, compile_definition
from senet.audiences.definition import Group, parse_definition
from senet.audiences.errors import SegmentNotFound, SegmentNotReady
from senet.audiences.fields import Catalogue, load_catalogue
from senet.audiences.models import Segment
from senet.audiences.values import Evaluation, SegmentStatus
from senet.shared.errors import SenetError
from senet.shared.sql import execute, fetch_all, load_sql

log = structlog.get_logger(__name__)

RANGE_ROWS = 50_000
MAX_DELTA = 100_000  # beyond it a whole evaluation costs no more
_MINUTE, _LEISURE = 60, 50  # what no change announces is looked at each minute, if that takes 2 % of the time or less
_EVALUATED = (SegmentStatus.GOING_LIVE.value, SegmentStatus.LIVE.value)


@dataclass(slots=True)
class _Count:
    added: int = 0
    removed: int = 0


class _Interrupted(Exception):  # noqa: N818  not an error: somebody stopped the segment meanwhile
    """The segment is not live any more."""


def full_evaluation_interval() -> timedelta:
    """Return how often every contact is looked at again, for what no change announces."""
    return timedelta(seconds=settings.SEGMENT_FULL_SECONDS)


def evaluate_segment(segment_id: int, now: datetime, *, full: bool | None = None) -> Evaluation:
    """Make a live segment's membership true, and let one that is going live arrive.

    `full` forces a look at every contact, or at the changed ones only; by itself it looks at the changed ones when that
    is enough. Running it twice changes nothing.

    Raises: SegmentNotFound; and whatever failed, after it was noted on the segment.
    """
    segment = Segment.objects.filter(pk=segment_id).first()
    if segment is None:
        raise SegmentNotFound
    if segment.status not in _EVALUATED:
        return Evaluation(segment_id, skipped=True)
    with hold_lock(segment_id) as held:
        if not held:
            return Evaluation(segment_id, skipped=True)
        segment.refresh_from_db()
        try:
            return _evaluate(segment, now, full)
        except _Interrupted:
            return Evaluation(segment_id, skipped=True)
        except (SenetError, DatabaseError, ValueError, KeyError) as error:
            _note_failure(segment_id, error, now)
            raise


@contextmanager
def hold_lock(segment_id: int) -> Iterator[bool]:
    """Hold the lock of a segment's evaluation, if nobody else does; yields whether it is held."""
    parameters = {"segment_id": segment_id}
    held = bool(fetch_all(senet.audiences, "lock_segment", parameters)[0][0])
    try:
        yield held
    finally:
        if held:
            with suppress(DatabaseError):  # a lost connection has given its locks back
                fetch_all(senet.audiences, "unlock_segment", parameters)


def _evaluate(segment: Segment, now: datetime, full: bool | None) -> Evaluation:
    started = time.perf_counter()
    position = int(fetch_all(senet.audiences, "find_position")[0][0])
    count = _Count()
    if segment.kind == "static":
        full = True
        count.removed = execute(senet.audiences, "drop_deleted_members", {"segment_id": segment.pk, "now": now})
    else:
        condition = compile_live(segment, now)
        changed = None if full or _needs_whole(segment, condition, now, full) else _find_changed(segment, condition)
        full = changed is None
        if changed is None:
            _refresh_whole(segment, condition, now, count)
        else:
            _refresh_contacts(segment, condition, changed, now, count)
    size = _measure_size(segment, count, full)
    done = Evaluation(segment.pk, count.added, count.removed, size, time.perf_counter() - started, full)
    _note_success(segment, done, now, position)
    say = log.info if full or count.added or count.removed else log.debug
    say(
        "segment_evaluated",
        segment_id=segment.pk,
        full=full,
        added=count.added,
        removed=count.removed,
        seconds=round(done.seconds, 3),
    )
    return done


def compile_live(segment: Segment, now: datetime) -> Condition:
    """Return what a segment's membership follows, as SQL. Raises: SegmentNotReady, InvalidInput."""
    stored = segment.live_definition if segment.live_definition is not None else segment.definition
    return compile_checked(parse_definition(stored), segment.time_zone, now)


def compile_checked(definition: Group, time_zone: str, now: datetime, catalogue: Catalogue | None = None) -> Condition:
    """Check a definition and compile it. Raises: SegmentNotReady with every problem."""
    fields = load_catalogue() if catalogue is None else catalogue
    problems = check_definition(definition, fields)
    if problems:
        raise SegmentNotReady(problems=problems)
    return compile_definition(definition, fields, find_zone(time_zone), now)


def fill(name: str, condition: Condition) -> str:
    """Return one of this room's statements with a compiled condition in its place."""
    text = load_sql(senet.audiences, name)
    return text.replace("/* join */", condition.join).replace("/* condition */", condition.sql)


def fetch_filled(name: str, condition: Condition, parameters: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """Run a filled statement. Its own parameters never have the compiled ones' names (p1, p2, …)."""
    with connection.cursor() as cursor:
        cursor.execute(fill(name, condition), {**condition.parameters, **parameters})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def list_ranges(rows: int = RANGE_ROWS) -> Iterator[tuple[int, int]]:
    """Yield ranges (above, up to] that together hold every id there is or was, about `rows` contacts in each."""
    above = -1
    while True:
        found = fetch_all(senet.audiences, "find_range_end", {"above": above, "rows": rows})
        if not found:
            yield above, 2**63 - 1
            return
        yield above, found[0][0]
        above = found[0][0]


def _needs_whole(segment: Segment, condition: Condition, now: datetime, full: bool | None) -> bool:
    last = segment.fully_evaluated_at
    if segment.evaluated_xid is None or last is None:
        return True
    if full is False:
        return False
    if now - last >= full_evaluation_interval():
        return True
    if not (condition.uses_time or condition.uses_company):
        return False
    zone = find_zone(segment.time_zone)
    if condition.uses_time and now.astimezone(zone).date() != last.astimezone(zone).date():
        return True
    return now - last >= timedelta(seconds=max(_MINUTE, _LEISURE * segment.full_seconds))


def _find_changed(segment: Segment, condition: Condition) -> list[int] | None:
    """Return the contacts to look at again, or None when they are too many to name."""
    parameters = {
        "position": segment.evaluated_xid,
        "kinds": [kind for kind, _ in condition.audiences],
        "ids": [number for _, number in condition.audiences],
        "limit": MAX_DELTA + 1,
    }
    rows = fetch_all(senet.audiences, "find_changed_contacts", parameters)
    return None if len(rows) > MAX_DELTA else sorted(contact_id for (contact_id,) in rows)


def _refresh_whole(segment: Segment, condition: Condition, now: datetime, count: _Count) -> None:
    expected = max(1, _estimate_contacts())
    for number, (above, upto) in enumerate(list_ranges()):
        with transaction.atomic():
            _check_still_live(segment, min(1.0, number * RANGE_ROWS / expected))
            scope = {"above": above, "upto": upto, "segment_id": segment.pk, "now": now}
            _refresh("refresh_range", condition, scope, count)


def _refresh_contacts(
    segment: Segment, condition: Condition, changed: Sequence[int], now: datetime, count: _Count
) -> None:
    for start in range(0, len(changed), RANGE_ROWS):
        with transaction.atomic():
            _check_still_live(segment, 1.0)
            contact_ids = list(changed[start : start + RANGE_ROWS])
            scope = {"contact_ids": contact_ids, "segment_id": segment.pk, "now": now}
            _refresh("refresh_contacts", condition, scope, count)


def _refresh(name: str, condition: Condition, scope: Mapping[str, Any], count: _Count) -> None:
    ((added, removed),) = fetch_filled(name, condition, scope)
    count.added += added
    count.removed += removed


def _same_life(segment: Segment) -> QuerySet[Segment]:
    """The segment's row, as long as nobody has stopped it or let it go live anew."""
    return Segment.objects.filter(pk=segment.pk, status__in=_EVALUATED, generation=segment.generation)


def _check_still_live(segment: Segment, progress: float) -> None:
    if not _same_life(segment).update(progress=progress):
        raise _Interrupted


def _estimate_contacts() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'contact'::regclass")
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _measure_size(segment: Segment, count: _Count, full: bool) -> int:
    if full or segment.size is None:
        return int(fetch_all(senet.audiences, "count_members", {"segment_id": segment.pk})[0][0])
    return segment.size + count.added - count.removed


def _note_success(segment: Segment, done: Evaluation, now: datetime, position: int) -> None:
    found = _same_life(segment)
    noted = found.update(
        size=done.size,
        evaluated_at=now,
        attempted_at=now,
        evaluation_seconds=done.seconds,
        evaluation_error="",
        evaluated_xid=position,
        progress=1,
        status=SegmentStatus.LIVE,
    )
    if not noted:
        raise _Interrupted
    if done.full:
        found.update(fully_evaluated_at=now, full_seconds=done.seconds)


def _note_failure(segment_id: int, error: Exception, now: datetime) -> None:
    sentence = error.message if isinstance(error, SenetError) else "The database could not evaluate this segment."
    problems = [problem.message for problem in error.problems] if isinstance(error, SenetError) else []
    log.warning("segment_evaluation_failed", segment_id=segment_id, error=type(error).__name__)
    text = " ".join([sentence, *problems])[:2000]
    Segment.objects.filter(pk=segment_id).update(evaluation_error=text, attempted_at=now)
