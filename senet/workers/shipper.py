"""`senet shipper`: copies the log, the ledger and the mirrors into ClickHouse, five times a second."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

import senet.workers
from senet.insights.streams import STREAMS
from senet.interactions import clickhouse
from senet.interactions import shipper as interactions_shipper
from senet.shared.sql import load_sql
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Loop
from senet.workers.process import begin, wait_for
from senet.workers.remote import clickhouse_held

_PAUSE_SECONDS = 0.2


def make_loop() -> Loop:
    """Return the shipper's loop; its pulse tells how far behind ClickHouse is."""

    def ship(now: datetime) -> int:
        shipped = interactions_shipper.run_once(STREAMS, now)
        loop.pulse.detail["lag_seconds"] = round(measure_lag_seconds(now), 1)
        return shipped

    loop = Loop("shipper", ship, pause_seconds=_PAUSE_SECONDS, at_end=close)
    return loop


def measure_lag_seconds(now: datetime) -> float:
    """Return how old the oldest moment is up to which a stream is known to be complete."""
    with connection.cursor() as cursor:
        cursor.execute(load_sql(senet.workers, "find_shipped_at"))
        (shipped_at,) = cursor.fetchone()
    return max(0.0, (now - shipped_at).total_seconds()) if shipped_at else 0.0


def close() -> None:
    """Let go of PostgreSQL's lock and of ClickHouse, in the loop's own thread."""
    interactions_shipper.stop()
    clickhouse.close()


def run() -> None:
    """Ship until told to stop."""
    stop = begin()
    loop = make_loop()
    with clickhouse_held():
        heartbeat = start_heartbeat([loop.pulse], stop)
        loop.run(stop)
        wait_for([heartbeat], seconds=5)
