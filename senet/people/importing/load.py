"""Writes one cleaned chunk: COPY into the staging table, then a handful of statements over the whole chunk.

The caller opens the transaction and moves the run's counters in it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

import senet.people
from senet.people.importing.cleaning import STAGED, CleanChunk, Reason
from senet.shared.sql import execute, fetch_all

LOCK = 0x5E2E7001  # one chunk at a time, whatever the number of imports: two files may name the same new person
DEFAULT_CONSENT_LEVEL = 4


@dataclass(frozen=True, slots=True)
class LoadSettings:
    """What is the same for all chunks of a run. `units` None: contacts of every business unit may be written."""

    run_id: int
    key: str
    business_unit_id: int
    user_id: int | None
    units: list[int] | None


@dataclass(frozen=True, slots=True)
class ChunkCounts:
    """What became of a chunk's rows. A repeat of an earlier chunk's line counts as that line's rejection."""

    created: int
    updated: int
    unchanged: int
    rejected: int


def prepare() -> None:
    """Make this connection's staging table."""
    execute(senet.people, "import_make_stage")


def load_chunk(chunk: CleanChunk, settings: LoadSettings, *, now: datetime) -> ChunkCounts:
    """Write a chunk and return what became of its rows."""
    parameters = {
        "run_id": settings.run_id,
        "key": settings.key,
        "by_email": settings.key == "email",
        "units": settings.units,
        "user_id": settings.user_id,
        "business_unit_id": settings.business_unit_id,
        "consent_level": DEFAULT_CONSENT_LEVEL,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        # Rows are looked up by indexes; the planner knows nothing of a temporary table and might read all contacts.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("TRUNCATE import_row")
    reject(settings.run_id, chunk.rejected)
    _copy_rows(chunk.rows)
    rejected = len(chunk.rejected) + execute(senet.people, "import_reject_repeats", parameters)
    for by_id in (True, False):
        execute(senet.people, "import_add_companies", {**parameters, "by_id": by_id})
    execute(senet.people, "import_match_companies", parameters)
    execute(senet.people, f"import_match_by_{settings.key}", parameters)
    conflicts = execute(senet.people, "import_reject_conflicts", parameters)
    repeats = execute(senet.people, "import_note_repeats", parameters)
    ((updated,),) = fetch_all(senet.people, "import_update_contacts", parameters)
    created = execute(senet.people, "import_insert_contacts", parameters)
    kept = chunk.size - rejected - conflicts
    return ChunkCounts(created, updated, kept - created - updated - repeats, rejected + conflicts + repeats)


def reject(run_id: int, rejected: Mapping[int, list[Reason]]) -> None:
    """Note rows that were refused."""
    if rejected:
        rows = ((run_id, line, json.dumps(reasons)) for line, reasons in rejected.items())
        _copy("COPY import_rejection (run_id, line, reasons) FROM STDIN (FORMAT csv)", rows)


def _copy_rows(rows: Iterable[tuple[Any, ...]]) -> None:
    _copy(f"COPY import_row (line, {', '.join(STAGED)}, custom) FROM STDIN (FORMAT csv)", rows)


def _copy(statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Send rows as CSV, which the standard library writes in C; None and '' become NULL."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    with connection.cursor() as cursor, cursor.cursor.copy(statement) as copy:
        copy.write(buffer.getvalue())
