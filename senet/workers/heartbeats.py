"""Each process says every second that it lives and how its components do; `/healthz` and `senet check` read it."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, InterfaceError, connection

import senet.workers
from senet.shared.clock import utc_now
from senet.shared.sql import load_sql
from senet.workers.loops import Pulse

log = structlog.get_logger(__name__)

FRESH = timedelta(seconds=6)  # a component that has not been heard for longer is taken for dead
_BEAT_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """One component of one process, as it last said."""

    name: str
    host: str
    pid: int
    started_at: datetime
    beat_at: datetime
    detail: dict[str, object]

    def is_fresh(self, now: datetime) -> bool:
        """Say whether it was heard lately."""
        return now - self.beat_at <= FRESH


def beat(pulses: Sequence[Pulse], *, started_at: datetime, now: datetime) -> None:
    """Write the components' signs of life in one statement."""
    rows = [{"name": pulse.name, "detail": pulse.as_detail()} for pulse in pulses]
    parameters: dict[str, str | int | datetime] = {
        "rows": json.dumps(rows, default=str),
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "started_at": started_at,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(load_sql(senet.workers, "beat"), parameters)


def fall_silent() -> None:
    """Take this process's heartbeats away, at a clean end."""
    with connection.cursor() as cursor:
        cursor.execute(load_sql(senet.workers, "fall_silent"), {"host": socket.gethostname(), "pid": os.getpid()})


def list_heartbeats() -> list[Heartbeat]:
    """Return every component's last sign of life, the newest first."""
    with connection.cursor() as cursor:
        cursor.execute(load_sql(senet.workers, "list_heartbeats"))
        return [
            Heartbeat(name, host, pid, started_at, beat_at, detail if isinstance(detail, dict) else json.loads(detail))
            for name, host, pid, started_at, beat_at, detail in cursor.fetchall()
        ]


def start_heartbeat(pulses: Sequence[Pulse], stop: threading.Event) -> threading.Thread:
    """Beat in a thread until told to stop."""
    thread = threading.Thread(target=_run, args=[pulses, stop], name="heartbeat", daemon=True)
    thread.start()
    return thread


def _run(pulses: Sequence[Pulse], stop: threading.Event) -> None:
    started_at = utc_now()
    while not stop.is_set():
        _try(lambda: beat(pulses, started_at=started_at, now=utc_now()))
        stop.wait(_BEAT_SECONDS)
    _try(fall_silent)
    connection.close()


def _try(act: Callable[[], None]) -> None:
    try:
        act()
    except (DatabaseError, InterfaceError) as failure:
        log.warning("heartbeat_failed", error=next(iter(str(failure).splitlines()), ""))
        connection.close()
