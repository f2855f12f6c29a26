"""The line to the log: batches on one connection, written by the event loop itself, so that no thread is waited for.

A batch is one INSERT … SELECT in a transaction of its own, whose end is asked for when PostgreSQL has told the
transaction's id. What arrives meanwhile is the next batch. When anything goes wrong, the line gives back what is not
written and is closed for good.
"""

from __future__ import annotations

import asyncio
import re
import select
import time
from collections.abc import Callable, Sequence

import psycopg
from psycopg import pq

import senet.door
from senet.door.values import Event
from senet.door.writing import COLUMNS, Connection, make_parameters
from senet.shared.sql import load_sql

Waiting = tuple[Event, "asyncio.Future[None] | None"]
Batch = Sequence[Waiting]
Unwritten = tuple[Batch, str | None]  # with the transaction in which it may have been committed after all
_NAME = b"record_events"
_PARAMETER = re.compile(r"%\((\w+)\)s")


def prepare_line(connection: Connection) -> None:
    """Make a connection ready to be a line. Raises: psycopg.Error."""
    pg = connection.pgconn
    text = _PARAMETER.sub(lambda match: f"${COLUMNS.index(match[1]) + 1}", load_sql(senet.door, "record_events"))
    result = pg.prepare(_NAME, text.encode())
    if result.status != pq.ExecStatus.COMMAND_OK:
        raise psycopg.errors.error_from_result(result)
    pg.nonblocking = 1
    pg.enter_pipeline_mode()


class Line:
    """Writes batches in their order; `take` gives the next one, empty when nothing waits.

    `on_written` is told every batch that is durable, `on_broken` the one that is not when the line breaks.
    """

    def __init__(
        self,
        connection: Connection,
        take: Callable[[], Batch],
        on_written: Callable[[Batch], None],
        on_broken: Callable[[Unwritten, Exception], None],
    ) -> None:
        self._connection = connection
        self._pg = connection.pgconn
        self._socket = self._pg.socket
        self._take = take
        self._on_written = on_written
        self._on_broken = on_broken
        self._batch: Batch = ()
        self._xid: str | None = None
        self._has_unsent = False
        self._loop = asyncio.get_running_loop()
        self._loop.add_reader(self._socket, self._read)

    def go(self) -> None:
        """Send the next batch, when there is one and none is under way."""
        if not self._batch:
            try:
                self._insert()
            except Exception as error:  # noqa: BLE001  people wait for their redirects: the standby has a try
                self._break(error)

    def finish(self, seconds: float) -> Unwritten:
        """Wait for what is under way and close; for when the loop has ended. Return what is not written."""
        deadline = time.monotonic() + seconds
        while self._batch and (left := deadline - time.monotonic()) > 0:
            select.select([self._socket], [self._socket] if self._has_unsent else [], [], left)
            self._read()
        return self._close()

    def _insert(self) -> None:
        self._batch = self._take()
        if self._batch:
            columns = make_parameters([event for event, _ in self._batch]).values()
            self._pg.send_query_prepared(_NAME, [column.encode() for column in columns])
            self._pg.send_flush_request()  # the transaction's id is to come back before its end is asked for
            self._flush()

    def _read(self) -> None:
        """Take in what PostgreSQL says."""
        try:
            if self._has_unsent:
                self._flush()
            self._pg.consume_input()
            while self._batch and not self._pg.is_busy():
                self._advance(self._pg.get_result())
        except Exception as error:  # noqa: BLE001  as above
            self._break(error)

    def _advance(self, result: pq.abc.PGresult | None) -> None:
        if result is None:
            return  # a statement has no more results
        if result.status == pq.ExecStatus.TUPLES_OK:
            xid = result.get_value(0, 0)
            assert xid is not None  # noqa: S101  one row always
            self._xid = xid.decode()
            self._pg.pipeline_sync()
            self._flush()
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            written, self._batch, self._xid = self._batch, (), None
            self._on_written(written)
            self._insert()
        else:
            raise psycopg.errors.error_from_result(result)

    def _flush(self) -> None:
        """Send what the socket takes now, and the rest when it takes more."""
        has_unsent = self._pg.flush() == 1
        if has_unsent != self._has_unsent and not self._loop.is_closed():
            if has_unsent:
                self._loop.add_writer(self._socket, self._read)
            else:
                self._loop.remove_writer(self._socket)
        self._has_unsent = has_unsent

    def _break(self, error: Exception) -> None:
        self._on_broken(self._close(), error)

    def _close(self) -> Unwritten:
        unwritten = self._batch, self._xid  # without its id, its end was not asked for: it is not committed
        self._batch, self._xid = (), None
        if not self._loop.is_closed():
            self._loop.remove_reader(self._socket)
            self._loop.remove_writer(self._socket)
        self._connection.close()
        return unwritten
