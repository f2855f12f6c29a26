"""`senet shipper`: copies the log, the ledger and the mirrors into ClickHouse; judges opens and clicks again."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import connection

import senet.workers
from senet.insights.streams import STREAMS
from senet.insights.verdicts import judge_again
from senet.interactions import clickhouse
from senet.interactions import shipper as interactions_shipper
from senet.shared.sql import load_sql
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Loop, run_in_threads
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


def make_verdict_loop() -> Loop:
    """Return the loop that judges opens and clicks again by what has become known since."""
    return Loop("verdicts", judge_again, pause_seconds=float(settings.VERDICT_SECONDS))


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
    loop, verdicts = make_loop(), make_verdict_loop()
    with clickhouse_held():
        heartbeat = start_heartbeat([loop.pulse, verdicts.pulse], stop)
        threads = run_in_threads([verdicts], stop)
        loop.run(stop)
        wait_for([*threads, heartbeat], seconds=5)
