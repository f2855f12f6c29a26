"""Builders: interactions in the log, and what the log holds."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from senet.interactions.actions import record
from senet.interactions.values import Interaction

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def record_some(type_name: str = "EmailOpened", count: int = 1, *, at: datetime = NOON, **columns: Any) -> None:
    """Record the same interaction a number of times."""
    record([Interaction(type_name, at, **columns)] * count)


def count_interactions(type_name: str = "") -> int:
    """Return how many interactions the log in PostgreSQL holds, of one type or of all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM interaction WHERE type = %s OR %s = ''", [type_name, type_name])
        return int(cursor.fetchone()[0])


def read_interactions(*columns: str) -> list[tuple[Any, ...]]:
    """Return columns of every interaction in the order of recording."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM interaction ORDER BY id")
        return list(cursor.fetchall())


def logged(type_name: str) -> list[tuple[Any, ...]]:
    """Return the log's rows of one type: contact, journey, tile, detail."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, journey_id, tile, detail::text FROM interaction WHERE type = %s"
            " ORDER BY contact_id, id",
            [type_name],
        )
        return [(*row[:3], json.loads(row[3]) if row[3] else None) for row in cursor.fetchall()]
