"""The runs that judge again, as PostgreSQL remembers them: where the next begins, and what one left half done.

Table: `verdict_run`. One run works at a time, by an advisory lock of its own: shipping has another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from senet.interactions.copying import connect

_LOCK = 4_915_003
_MOST_EMAILS = 1000  # of more than that, everything is remade after a crash


@dataclass(frozen=True, slots=True)
class HalfDone:
    """Emails whose numbers a run was changing when it was cut short; no years: too many to be named."""

    emails: tuple[int, ...]
    years: tuple[int, ...]


@contextmanager
def alone() -> Iterator[None]:
    """Wait for a run of somebody else's, and keep others from beginning one."""
    with connect() as locking:
        locking.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        yield
        locking.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def find_since() -> datetime | None:
    """Return where the next run begins: with the last whole one, or with what those cut short since had looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT least(max(started_at) FILTER (WHERE finished_at IS NOT NULL),"
            " min(since) FILTER (WHERE finished_at IS NULL)),"
            " coalesce(bool_or(finished_at IS NULL AND since IS NULL), false) FROM verdict_run"
        )
        moment, whole_log = cursor.fetchone()
    return moment if isinstance(moment, datetime) and not whole_log else None


def list_half_done() -> list[HalfDone]:
    """Return what runs that were cut short have left half done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT emails, years FROM verdict_run WHERE finished_at IS NULL AND emails IS NOT NULL")
        return [HalfDone(tuple(emails), tuple(years or ())) for emails, years in cursor.fetchall()]


def begin(now: datetime, since: datetime | None) -> int:
    """Note that a run begins, and what it looks at."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO verdict_run (started_at, since) VALUES (%s, %s) RETURNING id", [now, since])
        return int(cursor.fetchone()[0])


def begin_stretch(run_id: int, emails: Sequence[int], years: Sequence[int]) -> None:
    """Note whose numbers change next, before anything does."""
    few = len(emails) <= _MOST_EMAILS
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE verdict_run SET emails = %s, years = %s WHERE id = %s",
            [list(emails) if few else [], list(years) if few else None, run_id],
        )


def end_stretch(run_id: int) -> None:
    """Note that a stretch is whole."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE verdict_run SET emails = NULL, years = NULL WHERE id = %s", [run_id])


def forget_half_done() -> None:
    """Note that what was half done has been made good."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE verdict_run SET emails = NULL, years = NULL WHERE finished_at IS NULL")


def finish(run_id: int, now: datetime, changed: int) -> None:
    """Note that a run is whole; those that changed nothing are forgotten but for the last one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM verdict_run WHERE id <> %s AND (finished_at IS NULL OR changed = 0)", [run_id])
        cursor.execute("UPDATE verdict_run SET finished_at = %s, changed = %s WHERE id = %s", [now, changed, run_id])
