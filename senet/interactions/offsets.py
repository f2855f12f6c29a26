"""How far each stream has been shipped: the rows of `ship_offset`, on the shipper's own connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import psycopg

Connection = psycopg.Connection[tuple[object, ...]]
SHIPPING_LOCK = 4_915_002  # who holds it, alone writes to ClickHouse


@dataclass(frozen=True, slots=True)
class Offset:
    """Every row below `xid` is in ClickHouse; [xid, upto_xid) is a batch whose end was not noted.

    `generation` counts refills from the start: tokens of one never meet those of another.
    """

    xid: int
    upto_xid: int | None
    generation: int


def get_offset(connection: Connection, stream: str) -> Offset:
    """Return a stream's offset; a new stream begins at the beginning."""
    connection.execute("INSERT INTO ship_offset (stream) VALUES (%s) ON CONFLICT DO NOTHING", [stream])
    row = connection.execute("SELECT xid, upto_xid, generation FROM ship_offset WHERE stream = %s", [stream]).fetchone()
    assert row is not None  # noqa: S101  just inserted
    xid, upto_xid, generation = row
    return Offset(xid, upto_xid, generation)  # type: ignore[arg-type]  # the table's own types


def begin_batch(connection: Connection, stream: str, upto_xid: int) -> None:
    """Store the bounds of the batch that comes next."""
    connection.execute("UPDATE ship_offset SET upto_xid = %s WHERE stream = %s", [upto_xid, stream])


def end_batch(connection: Connection, stream: str, upto_xid: int, rows: int) -> None:
    """Note that a batch has arrived."""
    connection.execute(
        "UPDATE ship_offset SET xid = %s, upto_xid = NULL, rows_shipped = rows_shipped + %s WHERE stream = %s",
        [upto_xid, rows, stream],
    )


def note_caught_up(connection: Connection, streams: list[str], xid: int, as_of: datetime) -> None:
    """Note that nothing below a transaction id is missing in these streams, as of a moment."""
    connection.execute(
        "UPDATE ship_offset SET xid = greatest(xid, %s), shipped_at = greatest(shipped_at, %s)"
        " WHERE stream = ANY(%s) AND upto_xid IS NULL",
        [xid, as_of, streams],
    )


def begin_again(connection: Connection, stream: str) -> None:
    """Send a stream back to the beginning, under tokens of its own."""
    connection.execute(
        "UPDATE ship_offset SET xid = 0, upto_xid = NULL, rows_shipped = 0, generation = generation + 1"
        " WHERE stream = %s",
        [stream],
    )
