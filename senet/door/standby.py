"""The standby: writes while there is no line, at the start and in bad times, and brings the spool home.

One thread with a connection of its own. While PostgreSQL does not answer, batches go to the spool, which is as
durable. When it answers and nothing is left to do, the connection becomes the line.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

import psycopg
import structlog

from senet.door.line import Batch, Waiting, prepare_line
from senet.door.spool import Spool, StillCommitting
from senet.door.values import Event
from senet.door.writing import Connection, connect, write_events

log = structlog.get_logger(__name__)

_BATCH = 5_000
_RETRY_SECONDS = 1.0


class Standby:
    """Makes batches durable, one way or the other; `offer` is given a connection and says whether it is wanted."""

    def __init__(self, spool: Spool, offer: Callable[[Connection], bool]) -> None:
        self._spool = spool
        self._offer = offer
        self._queue: deque[Waiting] = deque()
        self._doubtful: deque[tuple[Batch, str]] = deque()
        self._arrived = threading.Event()
        self._stopping = False
        self._connection: Connection | None = None
        self._retry_at = self._replay_at = 0.0
        self._thread = threading.Thread(target=self._run, name="standby", daemon=True)

    def start(self) -> None:
        """Begin to write."""
        self._thread.start()

    def stop(self) -> None:
        """Write what has been handed in, then end."""
        self._stopping = True
        self._arrived.set()
        self._thread.join(20)

    def put(self, batch: Batch, xid: str | None = None) -> None:
        """Hand in events; `xid` is the transaction in which they may have been committed after all."""
        if xid is None:
            self._queue.extend(batch)
        else:
            self._doubtful.append((batch, xid))
        self._arrived.set()

    def _run(self) -> None:
        while True:
            self._arrived.wait(_RETRY_SECONDS)
            self._arrived.clear()
            while self._doubtful:
                self._settle(*self._doubtful.popleft())
            while batch := [self._queue.popleft() for _ in range(min(len(self._queue), _BATCH))]:
                self._settle(batch, None)
            self._replay()
            self._hand_on()
            if self._stopping and not self._queue and not self._doubtful:
                break

    def _settle(self, batch: Batch, xid: str | None) -> None:
        """Make a batch durable and tell those who wait."""
        events = [event for event, _ in batch]
        failure: Exception | None = None
        try:
            if xid is None:
                self._write(events)
            else:
                self._spool.append(events, xid)
        except Exception as error:
            failure = error
            log.exception("events_lost", count=len(events))
        waiting = [done for _, done in batch if done is not None]
        if waiting:
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                waiting[0].get_loop().call_soon_threadsafe(tell, waiting, failure)

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
            log.warning("events_spooled", count=len(events), error=first_line(error))
            self._drop_connection()
            self._spool.append(events, xid[0] if xid else None)

    def _write_one_by_one(self, events: Sequence[Event], error: psycopg.Error) -> None:
        """Put the event that PostgreSQL refuses aside, so that it does not take the others with it."""
        if len(events) > 1:
            for event in events:
                self._write([event])
        else:
            log.error("event_refused", type=events[0].type, error=first_line(error))
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
            log.warning("spool_waits", error=first_line(error))
            self._drop_connection()
        except Exception as error:  # this thread must go on: people wait for their redirects
            log.warning("spool_waits", error=first_line(error), exc_info=not isinstance(error, StillCommitting))
            self._replay_at = time.monotonic() + _RETRY_SECONDS

    def _hand_on(self) -> None:
        """Make a line of the connection, or close it when there is one or it is no good."""
        connection, self._connection = self._connection, None
        if connection is None:
            return
        try:
            prepare_line(connection)
        except psycopg.Error as error:
            log.warning("no_line", error=first_line(error))
            connection.close()
            self._retry_at = time.monotonic() + _RETRY_SECONDS
            return
        if not self._offer(connection):
            connection.close()


def first_line(error: Exception) -> str:
    """Return an error's first line; the others tell where."""
    return next(iter(str(error).splitlines()), type(error).__name__)


def tell(waiting: Sequence[asyncio.Future[None]], failure: Exception | None) -> None:
    """Let those go on who wait; on their loop."""
    for done in waiting:
        if done.done():
            continue
        if failure is None:
            done.set_result(None)
        else:
            done.set_exception(failure)
