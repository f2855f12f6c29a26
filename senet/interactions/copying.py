"""Reads rows out of PostgreSQL as COPY text, as fast as they come, and the next batch while the present one goes in."""

from __future__ import annotations

import select
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import psycopg
from django.db import connection as django_connection
from psycopg.pq import ExecStatus

from senet.interactions.offsets import Connection


def connect() -> Connection:
    """Return a connection of our own to Django's database, outside its transactions. It works in UTC."""
    parameters = {**django_connection.get_connection_params()}
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(name, None)
    connection: Connection = psycopg.connect(**parameters, autocommit=True)
    connection.execute("SET TIME ZONE 'UTC'")
    return connection


@dataclass(slots=True)
class RowCounter:
    """Counts rows of COPY text (one line a row) while they pass."""

    rows: int = 0

    def count(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        for chunk in chunks:
            self.rows += chunk.count(b"\n")
            yield chunk


def copy_out(connection: Connection, query: str, size: int = 1 << 20) -> Iterator[bytes]:
    """Yield a query's rows in COPY text format, in pieces of about a size; an absent value is an empty field.

    It reads libpq itself: psycopg's own loop over a row at a time costs as much as all the rest of shipping.
    Raises: OperationalError.
    """
    pgconn = connection.pgconn
    result = pgconn.exec_(f"COPY ({query}) TO STDOUT (NULL '')".encode())
    if result.status != ExecStatus.COPY_OUT:
        raise psycopg.OperationalError(result.get_error_message())
    get_row = pgconn.get_copy_data
    piece, held = bytearray(size + size // 4), 0
    while True:
        length, row = get_row(1)
        if length > 0:
            end = held + length
            piece[held:end] = row
            held = end
            if held >= size:
                yield bytes(memoryview(piece)[:held])
                held = 0
        elif length == 0:
            select.select([pgconn.socket], [], [])
            pgconn.consume_input()
        else:
            break
    end_of_rows = pgconn.get_result()
    if end_of_rows is None or end_of_rows.status != ExecStatus.COMMAND_OK:
        message = end_of_rows.get_error_message() if end_of_rows else "The server went away in the middle."
        raise psycopg.OperationalError(message)
    while pgconn.get_result() is not None:
        pass
    yield bytes(memoryview(piece)[:held])


class ReadAhead:
    """Reads one query's rows in a thread, on a connection of its own, while something else is done."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._connection: Connection | None = None
        self._reading: Future[list[bytes]] | None = None

    def begin(self, query: str) -> None:
        """Begin to read."""
        self._reading = self._thread.submit(self._read, query)

    def take(self) -> list[bytes] | None:
        """Return what was begun, or None when nothing was. Raises: what reading raised."""
        reading, self._reading = self._reading, None
        return None if reading is None else reading.result()

    def _read(self, query: str) -> list[bytes]:
        if self._connection is None:
            self._connection = connect()
        return list(copy_out(self._connection, query))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(wait=True, cancel_futures=True)
        if self._connection is not None:
            self._connection.close()
