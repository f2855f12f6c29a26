"""Writes: ask for a rehearsal, run it, delete it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

import structlog
from django.db.backends.base.base import BaseDatabaseWrapper
from structlog.contextvars import bound_contextvars

from senet.journeys.errors import JourneyNotFound
from senet.journeys.models import Journey
from senet.rehearsals.assuming import History, live_history
from senet.rehearsals.direct import find_span, rehearse
from senet.rehearsals.errors import (
    RehearsalCancelled,
    RehearsalFinished,
    RehearsalInterrupted,
    RehearsalNotFound,
    TooManyRehearsals,
)
from senet.rehearsals.locks import holding
from senet.rehearsals.models import Rehearsal
from senet.rehearsals.play import Watch
from senet.rehearsals.queries import note_interruptions
from senet.rehearsals.stage import on_stage
from senet.rehearsals.values import RehearsalOptions
from senet.shared.clock import utc_now
from senet.shared.errors import SenetError

log = structlog.get_logger(__name__)

Progress = Callable[[float, datetime], None]  # share of the virtual time, where its clock stands
_KEPT = 20  # reports of one journey
_MOST_WAITING = 10  # of one journey
_BETWEEN_NOTES_SECONDS = 0.4
_UNFINISHED = ("waiting", "running", "interrupted")


def start_rehearsal(journey_id: int, options: RehearsalOptions, *, user_id: int | None = None) -> int:
    """Note that a journey is to be rehearsed and return the rehearsal's number; `run_rehearsal` does it.

    Raises: JourneyNotFound, TooManyRehearsals.
    """
    if not Journey.objects.filter(pk=journey_id).exists():
        raise JourneyNotFound
    rows = list(Rehearsal.objects.filter(journey_id=journey_id).order_by("-id").defer("report"))
    note_interruptions(rows)
    coming = [row.pk for row in rows if row.status in {"waiting", "running"}]
    if len(coming) >= _MOST_WAITING:
        raise TooManyRehearsals("This journey waits for as many rehearsals as it may. Wait for them, or delete some.")
    old = [row.pk for row in rows if row.pk not in coming][_KEPT - 1 :]
    Rehearsal.objects.filter(pk__in=old).delete()
    made = Rehearsal.objects.create(
        journey_id=journey_id, options=options.model_dump(mode="json", exclude_unset=True), user_id=user_id
    )
    return made.pk


def run_rehearsal(
    rehearsal_id: int,
    *,
    history: History = live_history,
    progress: Progress | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    clock: Callable[[], datetime] = utc_now,
) -> Rehearsal:
    """Run a rehearsal to its report, from the beginning also when it was interrupted, and return its row.

    Raises: RehearsalNotFound, RehearsalRunning, RehearsalFinished, RehearsalCancelled, TooManyRehearsals, and what
    kept it from its report, which is also kept in the row.
    """
    with holding(rehearsal_id), bound_contextvars(rehearsal_id=rehearsal_id):
        row = Rehearsal.objects.select_related("journey").filter(pk=rehearsal_id).first()
        if row is None:
            raise RehearsalNotFound
        if row.status not in _UNFINISHED:
            raise RehearsalFinished
        _note(rehearsal_id, status="running", error="", problems=[], progress=0.0, started_at=clock())
        try:
            _run(row, history, progress or (lambda _share, _moment: None), should_stop, clock)
        except RehearsalCancelled:
            log.info("rehearsal_cancelled")
            raise
        except RehearsalInterrupted as error:
            _note(rehearsal_id, status="interrupted", error=error.message)
            raise
        except SenetError as error:
            problems = [asdict(problem) for problem in error.problems]
            _note(rehearsal_id, status="failed", error=error.message, problems=problems, finished_at=clock())
            raise
        except BaseException as error:
            words = f"The rehearsal broke off: {type(error).__name__}. The log says more."
            _note(rehearsal_id, status="failed", error=words, finished_at=clock())
            raise
    return Rehearsal.objects.get(pk=rehearsal_id)


def _run(
    row: Rehearsal,
    history: History,
    progress: Progress,
    should_stop: Callable[[], bool],
    clock: Callable[[], datetime],
) -> None:
    options = RehearsalOptions.model_validate(row.options)
    now = clock()
    span = find_span(row.journey, options, now)
    with on_stage() as live:
        watch = _make_watch(row.pk, live, options.seconds, progress, should_stop)
        report = rehearse(row.pk, row.journey, options, span=span, now=now, history=history, watch=watch)
    found = report.model_dump(mode="json")
    _note(row.pk, status="done", report=found, progress=1.0, virtual_now=report.until, finished_at=clock())


def _make_watch(
    rehearsal_id: int, live: BaseDatabaseWrapper, seconds: float, progress: Progress, should_stop: Callable[[], bool]
) -> Watch:
    """Return what is asked before each tick: it notes how far we are, on the live connection, and says when to end."""
    started = noted = time.monotonic()

    def watch(share: float, moment: datetime) -> str:
        nonlocal noted
        if should_stop():
            raise RehearsalInterrupted
        if time.monotonic() - noted >= _BETWEEN_NOTES_SECONDS:
            noted = time.monotonic()
            with live.cursor() as cursor:
                cursor.execute(
                    "UPDATE rehearsal SET progress = %s, virtual_now = %s WHERE id = %s", [share, moment, rehearsal_id]
                )
                if cursor.rowcount == 0:
                    raise RehearsalCancelled
            progress(share, moment)
        if time.monotonic() - started > seconds:
            return f"Ended after {seconds:g} seconds, before the time that was to be rehearsed was over."
        return ""

    return watch


def _note(rehearsal_id: int, **values: object) -> None:
    Rehearsal.objects.filter(pk=rehearsal_id).update(**values)


def delete_rehearsal(rehearsal_id: int) -> None:
    """Forget a rehearsal; one that runs ends before its next tick. Raises: RehearsalNotFound."""
    deleted, _ = Rehearsal.objects.filter(pk=rehearsal_id).delete()
    if not deleted:
        raise RehearsalNotFound
