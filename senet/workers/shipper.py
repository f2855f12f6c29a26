"""`senet shipper`: copies the log, the ledger and the mirrors into ClickHouse, four times a second."""

from __future__ import annotations

from datetime import datetime

from senet.workers.loops import Loop

_PAUSE_SECONDS = 0.2


def ship(now: datetime) -> int:
    """Ship what has been committed since the last time."""
    from senet.insights.streams import STREAMS
    from senet.interactions.shipper import run_once

    return int(run_once(STREAMS, now))


def make_loop() -> Loop:
    """Return the shipper's loop."""
    return Loop("shipper", ship, pause_seconds=_PAUSE_SECONDS)


def run() -> None:
    """Ship until told to stop."""
    from senet.workers.process import begin, wait_for

    process = begin("shipper")
    from senet.workers.heartbeats import start_heartbeat
    from senet.workers.remote import clickhouse_held

    loop = make_loop()
    with clickhouse_held():
        heartbeat = start_heartbeat([loop.pulse], process.stop)
        loop.run(process.stop)
        wait_for([heartbeat], seconds=5)
