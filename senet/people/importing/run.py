"""Drives one import from its file to its end: chunk by chunk, each with the run's counters in one transaction.

A run holds a session lock while it works. A run that says "running" and whose lock is free was interrupted (its process
died, or PostgreSQL did); it goes on behind the last settled line.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path

import structlog
from django.db import connection, transaction
from django.db.models import F

from senet.people.custom import load_definitions
from senet.people.errors import ImportFinished, ImportRunning
from senet.people.importing.cleaning import CleanChunk, Cleaner
from senet.people.importing.file import Row, count_rows, open_csv, read_rows
from senet.people.importing.load import ChunkCounts, LoadSettings, load_chunk, prepare
from senet.people.importing.mapping import check_mapping
from senet.people.models import ImportRun
from senet.shared.clock import utc_now
from senet.shared.errors import SenetError

log = structlog.get_logger(__name__)

CHUNK_ROWS = 20_000  # at most; a chunk that takes longer than it should makes the next one smaller
MIN_CHUNK_ROWS = 1_000
CHUNK_SECONDS = 0.8  # the log's readers wait for the oldest transaction
_LOCKS = 0x5E2E7002
Progress = Callable[[int, int], None]  # rows settled, rows in the file


def run_import(
    run_id: int,
    *,
    progress: Progress | None = None,
    chunk_rows: int = CHUNK_ROWS,
    clock: Callable[[], datetime] = utc_now,
) -> ImportRun:
    """Run an import to its end, or on from where it was interrupted, and return its row.

    Raises: ImportRunning, ImportFinished, BadFile, BadMapping (which are also kept in the row as its error).
    """
    with _holding(run_id):
        run = ImportRun.objects.get(pk=run_id)
        if run.status not in {"waiting", "running", "interrupted"}:
            raise ImportFinished
        ImportRun.objects.filter(pk=run_id).update(status="running", error="", started_at=run.started_at or clock())
        try:
            _run(run, progress or (lambda _done, _total: None), chunk_rows, clock)
        except SenetError as error:
            ImportRun.objects.filter(pk=run_id).update(status="failed", error=error.message, finished_at=clock())
            raise
        except BaseException as error:
            note = f"The import stopped at line {run.last_line}: {type(error).__name__}. Resume it to go on."
            _note_interruption(run_id, note)
            raise
    run.refresh_from_db()
    log.info("import_finished", run_id=run_id, created=run.created, updated=run.updated, rejected=run.rejected)
    return run


def _run(run: ImportRun, progress: Progress, chunk_rows: int, clock: Callable[[], datetime]) -> None:
    file = open_csv(
        Path(run.path), encoding=run.options.get("encoding", ""), delimiter=run.options.get("delimiter", "")
    )
    definitions = load_definitions("contact")
    places = check_mapping(run.mapping, headings=file.headings, key=run.key, definitions=definitions)
    total = run.total_rows or count_rows(file)
    ImportRun.objects.filter(pk=run.pk).update(total_rows=total, encoding=file.encoding, warnings=list(file.warnings))
    cleaner = Cleaner(places, key=run.key, width=len(file.headings), definitions=definitions)
    settings = LoadSettings(run.pk, run.key, run.business_unit_id, run.user_id, run.options.get("units"))
    prepare()
    done = run.processed
    pace = _Pace(chunk_rows)
    for chunk in _clean_ahead(read_rows(file, after_line=run.last_line), cleaner, pace):
        started = time.perf_counter()
        _settle(run.pk, chunk, settings, clock())
        pace.learn(chunk.size, time.perf_counter() - started)
        done += chunk.size
        progress(done, total)
    ImportRun.objects.filter(pk=run.pk).update(status="done", finished_at=clock())
    _refresh_statistics()


class _Pace:
    """How many rows a chunk has, so that its transaction stays short also on a busy machine."""

    def __init__(self, most: int) -> None:
        self._most = most
        self.rows = most

    def learn(self, rows: int, seconds: float) -> None:
        """Take smaller steps after a slow chunk, larger ones again after quick ones."""
        if seconds > CHUNK_SECONDS:
            self.rows = min(self.rows, max(MIN_CHUNK_ROWS, int(rows * CHUNK_SECONDS / seconds)))
        elif seconds < CHUNK_SECONDS / 2:
            self.rows = min(self._most, self.rows * 2)


def _clean_ahead(rows: Iterator[Row], cleaner: Cleaner, pace: _Pace) -> Iterator[CleanChunk]:
    """Yield cleaned chunks; the next one is read and cleaned while the database works on the one before."""

    def take() -> CleanChunk | None:
        raw = list(islice(rows, pace.rows))
        return cleaner.clean(raw) if raw else None

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="import") as pool:
        future = pool.submit(take)
        while (chunk := future.result()) is not None:
            future = pool.submit(take)
            yield chunk


def _settle(run_id: int, chunk: CleanChunk, settings: LoadSettings, now: datetime) -> None:
    """Write a chunk and what the run knows of it, or neither."""
    with transaction.atomic():
        counts: ChunkCounts = load_chunk(chunk, settings, now=now)
        ImportRun.objects.filter(pk=run_id).update(
            processed=F("processed") + chunk.size,
            last_line=chunk.last_line,
            created=F("created") + counts.created,
            updated=F("updated") + counts.updated,
            unchanged=F("unchanged") + counts.unchanged,
            rejected=F("rejected") + counts.rejected,
            heartbeat_at=now,
        )


def _refresh_statistics() -> None:
    """Tell the planner what the table looks like now, before anybody selects from it."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contact, company")


def _note_interruption(run_id: int, error: str) -> None:
    try:
        ImportRun.objects.filter(pk=run_id).update(status="interrupted", error=error)
    except Exception:  # noqa: BLE001  the database itself may be gone; the free lock tells the same
        log.warning("import_interruption_not_noted", run_id=run_id)


@contextmanager
def _holding(run_id: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCKS, run_id])
        if cursor.fetchone() != (True,):
            raise ImportRunning
    try:
        yield
    finally:
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCKS, run_id])


def is_held(run_id: int) -> bool:
    """Say whether a process is working on a run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s::oid AND objid = %s::oid)",
            [_LOCKS, run_id],
        )
        (held,) = cursor.fetchone() or (False,)
        return bool(held)
