"""Background work: segments that go live, and the regular round over those that are."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError
from procrastinate.contrib.django import app

from senet.audiences.check import list_used_segments
from senet.audiences.definition import parse_definition
from senet.audiences.evaluation import evaluate_segment, full_evaluation_interval
from senet.audiences.models import Segment
from senet.audiences.values import DueReport, Evaluation, SegmentStatus
from senet.shared.clock import utc_now
from senet.shared.errors import SenetError

log = structlog.get_logger(__name__)

_RETRY_AFTER = timedelta(minutes=1)


@app.task(queue="audiences", pass_context=False)
def bring_live(segment_id: int) -> None:
    """Evaluate a segment that is going live. What fails is kept on the segment and tried again by the round."""
    _try_evaluation(segment_id, utc_now(), [], [])


def evaluate_due(now: datetime) -> DueReport:
    """Evaluate every live segment whose time has come; one that fails does not stop the others.

    Segments that others refer to come first, so that one round is enough for a chain of them.
    """
    done: list[Evaluation] = []
    failed: list[int] = []
    Segment.objects.filter(status=SegmentStatus.STOPPING).update(status=SegmentStatus.STOPPED)
    found = Segment.objects.filter(status__in=(SegmentStatus.GOING_LIVE, SegmentStatus.LIVE))
    for segment in _order_by_use(list(found.order_by("id"))):
        if _is_due(segment, now):
            _try_evaluation(segment.pk, now, done, failed)
    return DueReport(tuple(done), tuple(failed))


def _is_due(segment: Segment, now: datetime) -> bool:
    if segment.evaluation_error and segment.attempted_at is not None:
        return now - segment.attempted_at >= _RETRY_AFTER
    if segment.status == SegmentStatus.GOING_LIVE or segment.evaluated_at is None:
        return True
    pause = full_evaluation_interval() if segment.kind == "static" else timedelta(seconds=settings.SEGMENT_SECONDS)
    return now - segment.evaluated_at >= pause


def _try_evaluation(segment_id: int, now: datetime, done: list[Evaluation], failed: list[int]) -> None:
    try:
        evaluation = evaluate_segment(segment_id, now)
    except (SenetError, DatabaseError, ValueError, KeyError) as error:
        log.warning("segment_left_as_it_was", segment_id=segment_id, error=type(error).__name__)
        failed.append(segment_id)
    else:
        if not evaluation.skipped:
            done.append(evaluation)


def _order_by_use(segments: list[Segment]) -> list[Segment]:
    """Put each segment behind those it refers to. Cycles are refused at go-live; one left over keeps its place."""
    by_id = {segment.pk: segment for segment in segments}
    uses = {segment.pk: [number for number in _find_uses(segment) if number in by_id] for segment in segments}
    ordered: dict[int, Segment] = {}
    while len(ordered) < len(by_id):
        ready = [number for number in by_id if number not in ordered and all(one in ordered for one in uses[number])]
        for number in ready or [next(number for number in by_id if number not in ordered)]:
            ordered[number] = by_id[number]
    return list(ordered.values())


def _find_uses(segment: Segment) -> list[int]:
    if segment.kind == "static" or segment.live_definition is None:
        return []
    try:
        return list_used_segments(parse_definition(segment.live_definition))
    except SenetError:
        return []
