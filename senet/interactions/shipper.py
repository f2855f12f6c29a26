"""The shipper: copies committed rows out of PostgreSQL into ClickHouse, each exactly once, whatever is killed when.

A batch is a range of transaction ids below the horizon (all of them have ended, so the range never changes again). Its
bounds are stored before it is inserted. After a crash the same bounds are inserted again under the same deduplication
token, and then counted, because a token alone is not proof; what does not add up is mended.
Tables: `ship_offset` and each stream's source. One shipper works at a time, by an advisory lock.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import ModuleType

import structlog
from django.db import connection as django_connection

import senet.interactions
from senet.interactions import clickhouse, offsets
from senet.interactions.copying import ReadAhead, RowCounter, connect, copy_out
from senet.shared.sql import load_sql

log = structlog.get_logger(__name__)

BATCH_ROWS = 100_000
_PLANNED_TRANSACTIONS = 50_000
_IDLE_NOTE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Stream:
    """One feed: the rows of `source` between two transaction ids, and the ClickHouse table they go to.

    `statement` names a file in the room's sql folder with the parameters from_xid and to_xid; it selects `columns`, in
    their order, as ClickHouse reads them, the transaction id as `xid`. `mend` rebuilds what views made of the table.
    """

    name: str
    room: ModuleType
    statement: str
    source: str
    xid_column: str
    table: str
    columns: tuple[str, ...]
    mend: Callable[[], None] | None = None


def _ignore(_step: str) -> None:
    """Do nothing at a step."""


@dataclass(frozen=True, slots=True)
class _Batch:
    """The next rows: up to which transaction id, and how many."""

    upto_xid: int
    rows: int


@dataclass(slots=True)
class Shipper:
    """Ships streams on a connection of its own. `at_step` is told each step; tests kill there."""

    streams: Sequence[Stream]
    at_step: Callable[[str], None] = _ignore
    batch_rows: int = BATCH_ROWS
    _connection: offsets.Connection | None = None
    _looked: dict[str, tuple[int, int]] = field(default_factory=dict)  # generation, and how far it has been looked at
    _noted: float = 0.0

    def run_once(self) -> int:
        """Ship what has been committed by now; return the number of rows, 0 when another shipper works."""
        clickhouse.get_client()  # before the lock: the first client makes tables, under it
        try:
            connection = self._connection = self._connection or connect()
            if not _take_lock(connection):
                return 0
            horizon, as_of = _find_horizon(connection)
            shipped = sum(self._ship(connection, stream, horizon) for stream in self.streams)
            self._note(connection, horizon, as_of, at_once=shipped > 0)
            connection.execute("SELECT pg_advisory_unlock(%s)", [offsets.SHIPPING_LOCK])
        except BaseException:  # the connection may be in the middle of a COPY; closing it lets go of the lock
            self.close()
            raise
        return shipped

    def close(self) -> None:
        """Let go of the connection and the lock."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None
        self._looked.clear()

    def _ship(self, connection: offsets.Connection, stream: Stream, horizon: int) -> int:
        """Ship one stream up to the horizon, batch by batch."""
        offset = offsets.get_offset(connection, stream.name)
        generation, looked = self._looked.get(stream.name, (-1, -1))
        if generation == offset.generation and looked >= horizon and offset.upto_xid is None:
            return 0
        shipped = 0
        if offset.upto_xid is not None:
            shipped += self._repeat(connection, stream, offset)
            offset = offsets.get_offset(connection, stream.name)
        start = max(offset.xid, looked) if generation == offset.generation else offset.xid
        while batches := self._plan(connection, stream, start, horizon):
            shipped += self._ship_batches(connection, stream, offset, batches)
            start = batches[-1].upto_xid
            offset = offsets.Offset(start, None, offset.generation)
            if start >= horizon:
                break
        self._looked[stream.name] = (offset.generation, horizon)
        return shipped

    def _plan(self, connection: offsets.Connection, stream: Stream, from_xid: int, horizon: int) -> list[_Batch]:
        """Cut what waits into batches of whole transactions; a big transaction is one batch."""
        rows = connection.execute(
            f"SELECT {stream.xid_column}, count(*) FROM {stream.source}"
            f" WHERE {stream.xid_column} >= %s AND {stream.xid_column} < %s GROUP BY 1 ORDER BY 1 LIMIT %s",
            [from_xid, horizon, _PLANNED_TRANSACTIONS],
        ).fetchall()
        batches: list[_Batch] = []
        size = last = 0
        for xid, count in rows:
            assert isinstance(xid, int)  # noqa: S101  bigint columns
            assert isinstance(count, int)  # noqa: S101
            if size and size + count > self.batch_rows:
                batches.append(_Batch(xid, size))
                size = 0
            size, last = size + count, xid
        if rows:
            batches.append(_Batch(horizon if len(rows) < _PLANNED_TRANSACTIONS else last + 1, size))
        return batches

    def _ship_batches(
        self, connection: offsets.Connection, stream: Stream, offset: offsets.Offset, batches: Sequence[_Batch]
    ) -> int:
        """Ship batches in order; the next one is read while ClickHouse takes the present one."""
        shipped = 0
        with ReadAhead() as ahead:
            if len(batches) > 1:
                self._begin_to_read(ahead, stream, offset.xid, batches[0])
            for batch, following in zip(batches, [*batches[1:], None], strict=True):
                chunks = ahead.take()
                if following is not None:
                    self._begin_to_read(ahead, stream, batch.upto_xid, following)
                shipped += self._ship_batch(connection, stream, offset, batch.upto_xid, chunks)
                offset = offsets.Offset(batch.upto_xid, None, offset.generation)
        return shipped

    def _begin_to_read(self, ahead: ReadAhead, stream: Stream, from_xid: int, batch: _Batch) -> None:
        """Read a batch into memory, unless it is one big transaction: that goes over in pieces."""
        if batch.rows <= 2 * self.batch_rows:
            ahead.begin(_make_query(stream, from_xid, batch.upto_xid))

    def _ship_batch(
        self,
        connection: offsets.Connection,
        stream: Stream,
        offset: offsets.Offset,
        upto_xid: int,
        chunks: Iterable[bytes] | None,
    ) -> int:
        offsets.begin_batch(connection, stream.name, upto_xid)
        self.at_step(f"{stream.name}: bounds stored")
        started = time.perf_counter()
        token = _token(stream, offset, upto_xid)
        chunks = chunks or copy_out(connection, _make_query(stream, offset.xid, upto_xid))
        rows = _insert(stream, chunks, token=token)
        self.at_step(f"{stream.name}: inserted")
        offsets.end_batch(connection, stream.name, upto_xid, rows)
        self.at_step(f"{stream.name}: end noted")
        log.debug("batch_shipped", stream=stream.name, rows=rows, seconds=round(time.perf_counter() - started, 4))
        return rows

    def _repeat(self, connection: offsets.Connection, stream: Stream, offset: offsets.Offset) -> int:
        """Insert the batch whose end was not noted again, count it on the other side, and mend what is not right."""
        upto_xid = offset.upto_xid
        assert upto_xid is not None  # noqa: S101  why we are here
        token = _token(stream, offset, upto_xid)
        query = _make_query(stream, offset.xid, upto_xid)
        rows = _insert(stream, copy_out(connection, query), token=token)
        arrived = count_there(stream, offset.xid, upto_xid)
        if arrived != rows:
            log.warning("batch_mended", stream=stream.name, rows=rows, arrived=arrived)
            delete_there(stream, offset.xid, upto_xid)
            self.at_step(f"{stream.name}: mending")
            _insert(stream, copy_out(connection, query), token="")
        if stream.mend is not None:
            stream.mend()
        offsets.end_batch(connection, stream.name, upto_xid, rows)
        log.info("batch_repeated", stream=stream.name, rows=rows)
        return rows

    def _note(self, connection: offsets.Connection, horizon: int, as_of: datetime, *, at_once: bool) -> None:
        """Note how fresh the numbers are; once a second when nothing happens."""
        now = time.monotonic()
        if at_once or now - self._noted > _IDLE_NOTE_SECONDS:
            offsets.note_caught_up(connection, [stream.name for stream in self.streams], horizon, as_of)
            self._noted = now


def _make_query(stream: Stream, from_xid: int, to_xid: int) -> str:
    """Return the statement of a range of rows; COPY takes no bound values, and these two are integers."""
    return load_sql(stream.room, stream.statement) % {"from_xid": int(from_xid), "to_xid": int(to_xid)}


def _insert(stream: Stream, chunks: Iterable[bytes], *, token: str) -> int:
    """Insert rows as they come and return their number; memory holds one piece of them."""
    counter = RowCounter()
    clickhouse.insert_text(stream.table, stream.columns, counter.count(chunks), token=token)
    return counter.rows


def _token(stream: Stream, offset: offsets.Offset, upto_xid: int) -> str:
    return f"{stream.name}:{offset.generation}:{offset.xid}-{upto_xid}"


def _find_horizon(connection: offsets.Connection) -> tuple[int, datetime]:
    """Return how far may be read, and a moment: everything committed before it may be."""
    as_of, neighbours = _fetch_one(connection, "find_writers", {})
    (horizon,) = _fetch_one(connection, "find_horizon", {"neighbours": neighbours})  # afterwards; see find_writers
    assert isinstance(horizon, int)  # noqa: S101  as the statement says
    assert isinstance(as_of, datetime)  # noqa: S101
    return horizon, as_of


def _fetch_one(connection: offsets.Connection, name: str, parameters: dict[str, object]) -> tuple[object, ...]:
    row = connection.execute(load_sql(senet.interactions, name), parameters).fetchone()
    assert row is not None  # noqa: S101  one row always
    return row


def count_there(stream: Stream, from_xid: int, to_xid: int) -> int:
    """Return how many rows of a range ClickHouse holds."""
    query = f"SELECT count() FROM {stream.table} WHERE xid >= {{from_xid:UInt64}} AND xid < {{to_xid:UInt64}}"
    return int(clickhouse.fetch_rows(query, {"from_xid": from_xid, "to_xid": to_xid})[0][0])


def delete_there(stream: Stream, from_xid: int, to_xid: int) -> None:
    """Take a range of rows out of ClickHouse, and wait until it is done."""
    clickhouse.run(
        f"ALTER TABLE {stream.table} DELETE WHERE xid >= {int(from_xid)} AND xid < {int(to_xid)}"
        " SETTINGS mutations_sync = 2"
    )


def _take_lock(connection: offsets.Connection) -> bool:
    row = connection.execute("SELECT pg_try_advisory_lock(%s)", [offsets.SHIPPING_LOCK]).fetchone()
    return row is not None and bool(row[0])


@contextmanager
def shipping_held() -> Iterator[offsets.Connection]:
    """Keep every shipper from working meanwhile: ClickHouse stands still. Yields the connection that holds the lock."""
    clickhouse.get_client()  # before the lock: the first client makes tables, under it
    with connect() as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [offsets.SHIPPING_LOCK])
        yield connection
        connection.execute("SELECT pg_advisory_unlock(%s)", [offsets.SHIPPING_LOCK])  # closing takes its time


_shippers: dict[tuple[str, ...], Shipper] = {}
_shipping = threading.Lock()


def run_once(streams: Sequence[Stream], now: datetime) -> int:  # noqa: ARG001  loops hand in the time
    """Ship what has been committed by now and return the number of rows. The process keeps one connection for it."""
    key = (str(django_connection.settings_dict["NAME"]), *(stream.name for stream in streams))
    with _shipping:
        shipper = _shippers.setdefault(key, Shipper(streams))
        return shipper.run_once()


def stop() -> None:
    """Close what `run_once` keeps."""
    with _shipping:
        for shipper in _shippers.values():
            shipper.close()
        _shippers.clear()
