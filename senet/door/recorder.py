"""Group commit: what arrives while one batch commits is the next batch. A click is answered after its commit.

One thread and one connection write; the door's loop hands in events and gets a future back. When PostgreSQL does not
answer, a batch goes to the spool file, which is as durable, and is replayed when PostgreSQL is back.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections import deque
from collections.abc import Sequence
from contextlib import suppress

import psycopg
import structlog
from django.db import connection as django_connection

import senet.door
from senet.door.spool import Spool, StillCommitting
from senet.door.values import Event
from senet.shared.sql import load_sql

log = structlog.get_logger(__name__)

Connection = psycopg.Connection[tuple[object, ...]]
Waiting = tuple[Event, "asyncio.Future[None] | None"]
_BATCH = 5_000
_OPENS_WAIT_SECONDS = 0.05
_RETRY_SECONDS = 1.0


class Recorder:
    """Writes opens and clicks, in the order of their arrival."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool
        self._queue: deque[Waiting] = deque()
        self._arrived = threading.Event()
        self._stopping = False
        self._urgent = False
        self._connection: Connection | None = None
        self._retry_at = self._replay_at = 0.0
        self._thread = threading.Thread(target=self._run, name="recorder", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what has been handed in, then end."""
        self._stopping = True
        self._arrived.set()
        self._thread.join(20)

    def note(self, event: Event) -> None:
        """Hand in an event that nobody waits for; it is written within 200 ms."""
        self._queue.append((event, None))
        self._arrived.set()

    def keep(self, event: Event) -> asyncio.Future[None]:
        """Hand in an event; the future is done when it is durable."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._queue.append((event, done))
        self._urgent = True
        self._arrived.set()
        return done

    def _run(self) -> None:
        while True:
            self._arrived.wait(_RETRY_SECONDS)
            self._arrived.clear()
            while batch := self._take():
                self._settle(batch)
            self._replay()
            if self._stopping and not self._queue:
                break
        if self._connection is not None:
            self._connection.close()

    def _take(self) -> list[Waiting]:
        """Take what waits; opens alone may wait a moment for company."""
        queue = self._queue
        if queue and not self._urgent and not self._stopping:
            time.sleep(_OPENS_WAIT_SECONDS)
        self._urgent = False
        return [queue.popleft() for _ in range(min(len(queue), _BATCH))]

    def _settle(self, batch: list[Waiting]) -> None:
        """Make a batch durable, one way or the other, and tell those who wait."""
        events = [event for event, _ in batch]
        failure: Exception | None = None
        try:
            self._write(events)
        except Exception as error:
            failure = error
            log.exception("events_lost", count=len(events))
        waiting = [done for _, done in batch if done is not None]
        if waiting:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                waiting[0].get_loop().call_soon_threadsafe(_tell, waiting, failure)

    def _write(self, events: Sequence[Event]) -> None:
        """Write to PostgreSQL, or to the spool while it does not answer."""
        if time.monotonic() < self._retry_at:
            self._spool.append(events, None)
            return
        xid: list[str] = []
        try:
            self._connection = self._connection or connect()
            write_events(self._connection, events, xid)
        except (psycopg.DataError, psycopg.IntegrityError) as error:
            self._write_one_by_one(events, error)
        except psycopg.Error as error:  # it does not answer, or answers that it cannot write just now
            log.warning("events_spooled", count=len(events), error=_first_line(error))
            self._drop_connection()
            self._spool.append(events, xid[0] if xid else None)

    def _write_one_by_one(self, events: Sequence[Event], error: psycopg.Error) -> None:
        """Put the event that PostgreSQL refuses aside, so that it does not take the others with it."""
        if len(events) > 1:
            for event in events:
                self._write([event])
        else:
            log.error("event_refused", type=events[0].type, error=_first_line(error))
            self._spool.put_aside(events[0])

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._retry_at = time.monotonic() + _RETRY_SECONDS

    def _replay(self) -> None:
        """Bring the spool home when PostgreSQL is back."""
        if time.monotonic() < max(self._retry_at, self._replay_at) or not self._spool.has_files():
            return
        try:
            self._connection = self._connection or connect()
            self._spool.replay(self._connection, write_events)
        except psycopg.Error as error:
            log.warning("spool_waits", error=_first_line(error))
            self._drop_connection()
        except Exception as error:  # this thread must go on: people wait for their redirects
            log.warning("spool_waits", error=_first_line(error), exc_info=not isinstance(error, StillCommitting))
            self._replay_at = time.monotonic() + _RETRY_SECONDS


def _first_line(error: Exception) -> str:
    return next(iter(str(error).splitlines()), type(error).__name__)


def _tell(waiting: Sequence[asyncio.Future[None]], failure: Exception | None) -> None:
    for done in waiting:
        if done.done():
            continue
        if failure is None:
            done.set_result(None)
        else:
            done.set_exception(failure)


def connect() -> Connection:
    """Return a connection of the door's own, outside Django's transactions."""
    parameters = {**django_connection.get_connection_params()}
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(name, None)
    connection: Connection = psycopg.connect(**{**parameters, "connect_timeout": 3}, autocommit=True)
    connection.execute("SET statement_timeout = '15s'")
    return connection


def write_events(connection: Connection, events: Sequence[Event], xid: list[str]) -> None:
    """Write events in one transaction; `xid` is told its id before it commits."""
    visitors = [event.visitor for event in events]
    parameters = {
        "type": [event.type for event in events],
        "at": [event.at for event in events],
        "message_id": [event.message_id for event in events],
        "link": [event.link for event in events],
        "browser": [visitor.browser for visitor in visitors],
        "os": [visitor.os for visitor in visitors],
        "device": [visitor.device for visitor in visitors],
        "verdict": [visitor.verdict for visitor in visitors],
        "rule": [visitor.rule for visitor in visitors],
        "detail": [_detail(event) for event in events],
    }
    with connection.transaction():
        row = connection.execute(load_sql(senet.door, "record_events"), parameters, prepare=True).fetchone()
        assert row is not None  # noqa: S101  one row always
        xid.append(str(row[0]))


def _detail(event: Event) -> str | None:
    detail = {"user_agent": event.visitor.user_agent, "referrer": event.referrer, "version": event.email_version_id}
    kept = {key: value for key, value in detail.items() if value}
    return json.dumps(kept, ensure_ascii=False) if kept else None
