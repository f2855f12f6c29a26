"""Who rehearses: a session lock a rehearsal, so that a dead one is known, and a few places, so that few run at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.utils import CursorWrapper

from senet.rehearsals.errors import RehearsalRunning, TooManyRehearsals

MOST_AT_ONCE = 2
_LOCKS = 0x5E2E7003  # one a rehearsal, by its number
_PLACES = 0x5E2E7004


@contextmanager
def holding(rehearsal_id: int) -> Iterator[None]:
    """Hold a rehearsal and a place, on this thread's connection. Raises: RehearsalRunning, TooManyRehearsals."""
    session = connections[DEFAULT_DB_ALIAS]  # itself, not what stands in for it while the stage is open
    with session.cursor() as cursor:
        if not _try(cursor, _LOCKS, rehearsal_id):
            raise RehearsalRunning
        place = next((place for place in range(MOST_AT_ONCE) if _try(cursor, _PLACES, place)), None)
        if place is None:
            _let_go(cursor, _LOCKS, rehearsal_id)
            raise TooManyRehearsals
    try:
        yield
    finally:
        if session.connection is not None and not session.connection.closed:
            with session.cursor() as cursor:
                _let_go(cursor, _PLACES, place)
                _let_go(cursor, _LOCKS, rehearsal_id)


def is_held(rehearsal_id: int) -> bool:
    """Say whether a process is at work on a rehearsal."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            " AND classid = %s::oid AND objid = %s::oid)",
            [_LOCKS, rehearsal_id % 2**31],
        )
        (held,) = cursor.fetchone() or (False,)
        return bool(held)


def _try(cursor: CursorWrapper, kind: int, number: int) -> bool:
    cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [kind, number % 2**31])
    return bool(cursor.fetchone() == (True,))


def _let_go(cursor: CursorWrapper, kind: int, number: int) -> None:
    cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [kind, number % 2**31])
