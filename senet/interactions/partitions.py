"""The log's partitions, one a day (UTC): made ahead of time, dropped when they are shipped, read and old.

The default partition catches what nobody foresaw. Rows in it are moved to a partition of their day, with their ids and
positions, so that no reader sees them twice or misses them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import structlog
from django.conf import settings
from django.db import connection, transaction

import senet.interactions
from senet.shared.sql import fetch_all

log = structlog.get_logger(__name__)

_DAYS_AHEAD = 7
_LOCK = 4_915_001  # one process at a time makes and drops partitions


def ensure(now: datetime) -> None:
    """Make the partitions of the coming week, take strayed rows home, drop what is shipped and old enough."""
    existing = _list_days()
    today = now.astimezone(UTC).date()
    for day in [today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD + 1)]:
        if day not in existing:
            _make(day)
    for (day,) in fetch_all(senet.interactions, "list_strayed_days"):
        _make(day)
    oldest_kept = today - timedelta(days=settings.INTERACTION_DAYS)
    for day, name in sorted(existing.items()):
        if day < oldest_kept:
            _drop_if_read(name)


def _list_days() -> dict[date, str]:
    rows = fetch_all(senet.interactions, "list_partitions")
    return {start.astimezone(UTC).date(): name for name, start in rows if start is not None}


def _bound(day: date) -> str:
    return datetime.combine(day, time.min, UTC).isoformat()


def _make(day: date) -> None:
    """Make one day's partition and move the rows of that day into it. Attaching it does not hold up writers."""
    name = f"interaction_{day:%Y_%m_%d}"
    first, last = _bound(day), _bound(day + timedelta(days=1))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '4s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is not None:
            return
        cursor.execute(f"CREATE TABLE {name} (LIKE interaction INCLUDING DEFAULTS)")
        cursor.execute(
            "WITH strayed AS"
            " (DELETE FROM interaction_default WHERE recorded_at >= %s AND recorded_at < %s RETURNING *)"
            f" INSERT INTO {name} SELECT * FROM strayed",
            [first, last],
        )
        moved = cursor.rowcount
        cursor.execute(f"ALTER TABLE interaction ATTACH PARTITION {name} FOR VALUES FROM ('{first}') TO ('{last}')")
    log.info("partition_made", partition=name, moved=moved)


def _drop_if_read(name: str) -> None:
    """Drop a day whose rows every reader is past."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '4s'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute("SELECT to_regclass(%s)", [name])
        if cursor.fetchone()[0] is None:
            return
        cursor.execute(f"SELECT max(xid) FROM {name}")
        last_xid = cursor.fetchone()[0]
        ((lowest_reader,),) = fetch_all(senet.interactions, "find_lowest_reader")
        if last_xid is not None and last_xid >= lowest_reader:
            return
        cursor.execute(f"DROP TABLE {name}")
    log.info("partition_dropped", partition=name)
