"""The temporary table of people who arrive, as the engine fills it, for tests that play one statement of a tile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def cohort(contact_ids: Sequence[int]) -> Iterator[None]:
    """Open a transaction in which these people arrive; leave the connection as it was found."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.cohort') IS NULL")
        (missing,) = cursor.fetchone()
        if missing:
            cursor.execute("CREATE TEMPORARY TABLE cohort (contact_id bigint PRIMARY KEY)")
        cursor.execute("DELETE FROM cohort")
        cursor.execute("INSERT INTO cohort SELECT unnest(%s::bigint[])", [list(contact_ids)])
        yield
        cursor.execute("DROP TABLE cohort" if missing else "DELETE FROM cohort")
