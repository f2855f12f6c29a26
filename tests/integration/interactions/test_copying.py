"""Reading rows out of PostgreSQL: whole, in pieces, and loud when they break off."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from senet.interactions.copying import ReadAhead, RowCounter, connect, copy_out
from senet.interactions.offsets import Connection

pytestmark = pytest.mark.django_db


@pytest.fixture
def own() -> Iterator[Connection]:
    """A connection outside the test's transaction."""
    with connect() as connection:
        yield connection


@pytest.mark.parametrize("size", [1, 100, 1_000, 1 << 20])
def test_pieces_hold_whole_rows_whatever_their_size(own: Connection, size: int) -> None:
    query = "SELECT n, repeat('x', n * 10) FROM generate_series(1, 100) AS n"
    pieces = list(copy_out(own, query, size))
    assert b"".join(pieces) == b"".join(b"%d\t%s\n" % (n, b"x" * n * 10) for n in range(1, 101))
    assert all(piece.endswith(b"\n") for piece in pieces if piece)
    assert max(map(len, pieces)) < size + 1_100


def test_absent_values_are_empty_fields_and_text_keeps_its_signs(own: Connection) -> None:
    values = r"SELECT NULL, '', E'a\tb', E'c\nd', E'\\N', E'\\', 'ü☃', NULL"
    assert b"".join(copy_out(own, values)) == "\t\ta\\tb\tc\\nd\t\\\\N\t\\\\\tü☃\t\n".encode()


def test_a_query_that_breaks_in_the_middle_raises_what_the_server_says(own: Connection) -> None:
    with pytest.raises(psycopg.OperationalError, match="division by zero"):
        list(copy_out(own, "SELECT 1 / (5000 - n) FROM generate_series(1, 9000) AS n"))
    assert list(copy_out(own, "SELECT 1")) == [b"1\n"]  # the connection goes on


def test_a_query_that_does_not_begin_raises_what_the_server_says(own: Connection) -> None:
    with pytest.raises(psycopg.OperationalError, match="nowhere"):
        list(copy_out(own, "SELECT * FROM nowhere"))


def test_the_next_rows_are_read_ahead_and_counted_while_they_pass() -> None:
    counter = RowCounter()
    with ReadAhead() as ahead:
        assert ahead.take() is None
        ahead.begin("SELECT n FROM generate_series(1, 1000) AS n")
        chunks = ahead.take()
        assert chunks is not None
        assert list(counter.count(chunks)) == chunks
        ahead.begin("SELECT * FROM nowhere")
        with pytest.raises(psycopg.OperationalError, match="nowhere"):
            ahead.take()
    assert counter.rows == 1_000
