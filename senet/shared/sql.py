"""Loads statements from a room's `sql` folder: one statement a file, named parameters, a header comment."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import structlog
from django.db import connection

log = structlog.get_logger(__name__)

Parameters = Mapping[str, Any]  # values psycopg can adapt; it raises on the rest


@cache
def load_sql(room: ModuleType, name: str) -> str:
    """Return the text of `<room>/sql/<name>.sql`.

    Raises: FileNotFoundError when the room has no such statement.
    """
    assert room.__file__ is not None  # noqa: S101  a package has a file
    return (Path(room.__file__).parent / "sql" / f"{name}.sql").read_text(encoding="utf-8")


def execute(room: ModuleType, name: str, parameters: Parameters | None = None) -> int:
    """Run a statement on Django's connection and return the number of rows it touched."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(load_sql(room, name), parameters)
        rows = int(cursor.rowcount)
    log.debug("sql_ran", statement=name, rows=rows, seconds=round(time.perf_counter() - started, 4))
    return rows


def fetch_all(room: ModuleType, name: str, parameters: Parameters | None = None) -> Sequence[tuple[Any, ...]]:
    """Run a statement and return its rows as tuples; the caller gives them types."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(load_sql(room, name), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    log.debug("sql_ran", statement=name, rows=len(rows), seconds=round(time.perf_counter() - started, 4))
    return rows
