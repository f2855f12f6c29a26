"""How far the shipper may go: as far as this database's writers are done, whatever its neighbours do."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import cast

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from senet.insights.streams import STREAMS
from senet.interactions import shipper
from senet.interactions.copying import connect
from senet.interactions.offsets import Connection
from senet.shared.clock import utc_now
from tests.support.databases import admin_url, wait_for_older_transactions, with_database
from tests.support.interactions import record_some

pytestmark = pytest.mark.django_db(transaction=True)


def find_horizon() -> int:
    """Ask as the shipper does, in the test's own session."""
    connection.ensure_connection()
    return shipper._find_horizon(connection.connection)[0]


def find_next() -> int:
    """Write something, so that transactions have passed, and return its number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        return int(cursor.fetchone()[0])


@contextmanager
def writing(url: str) -> Iterator[int]:
    """Hold a transaction open that has written; yields its number."""
    with psycopg.connect(url) as held:
        row = held.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert row is not None
        yield int(row[0])
        held.rollback()


@pytest.fixture
def own_url() -> str:
    return with_database(str(connection.settings_dict["NAME"]))


@pytest.fixture
def stranger(own_url: str) -> Iterator[str]:
    """A role that may read the shipper's position and sees little of others' sessions."""
    name = f"stranger_{uuid.uuid4().hex[:8]}"
    role = sql.Identifier(name)
    with psycopg.connect(own_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE ROLE {}").format(role))
        admin.execute(sql.SQL("GRANT SELECT ON ship_offset TO {}").format(role))
        yield name
        admin.execute(sql.SQL("REVOKE SELECT ON ship_offset FROM {}").format(role))
        admin.execute(sql.SQL("DROP ROLE {}").format(role))


def test_a_neighbours_long_transaction_holds_nobody_up() -> None:
    with writing(admin_url()) as older:
        assert find_next() > older
        assert find_horizon() > older


def test_nor_does_it_where_a_role_sees_little_of_its_neighbours(stranger: str, own_url: str) -> None:
    with writing(admin_url()) as older, psycopg.connect(own_url, autocommit=True) as weak:
        find_next()
        weak.execute(f"SET ROLE {stranger}")
        seen = weak.execute("SELECT count(*) FROM pg_stat_activity WHERE xact_start IS NOT NULL").fetchone()
        assert seen == (0,), "it has more rights than the test is about"
        assert shipper._find_horizon(weak)[0] > older


def test_a_transaction_of_this_database_holds_everybody_up(own_url: str) -> None:
    wait_for_older_transactions()
    with writing(admin_url()), writing(own_url) as older, writing(admin_url()):
        find_next()
        assert find_horizon() == older
    assert find_horizon() > older


def test_a_part_of_a_transaction_counts_as_the_whole(own_url: str) -> None:
    wait_for_older_transactions()
    with psycopg.connect(own_url) as held:
        held.execute("SAVEPOINT part")
        row = held.execute("SELECT pg_current_xact_id()::text::bigint").fetchone()
        assert row is not None
        held.execute("RELEASE SAVEPOINT part")
        find_next()
        assert find_horizon() == row[0]


def test_nobodys_own_transaction_is_settled() -> None:
    wait_for_older_transactions()
    with transaction.atomic():
        own = find_next()
        with writing(admin_url()):
            assert find_horizon() == own


@pytest.mark.usefixtures("clickhouse_tables")
def test_the_log_is_shipped_beside_a_busy_neighbour() -> None:
    with writing(admin_url()):
        record_some(count=3)
        assert shipper.run_once(STREAMS, utc_now()) == 3


def test_the_moment_stays_while_somebody_writes_whose_sessions_are_hidden(stranger: str, own_url: str) -> None:
    known = datetime(2026, 3, 1, tzinfo=UTC)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO ship_offset (stream, shipped_at) VALUES ('some', %s)", [known])
    try:
        with writing(own_url) as older, psycopg.connect(own_url, autocommit=True) as weak:
            weak.execute(f"SET ROLE {stranger}")
            assert shipper._find_horizon(weak) == (older, known)
        with psycopg.connect(own_url, autocommit=True) as weak:
            weak.execute(f"SET ROLE {stranger}")
            assert shipper._find_horizon(weak)[1] > known
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM ship_offset WHERE stream = 'some'")


@pytest.mark.parametrize("whose", ["ours", "a neighbour's"])
def test_what_was_committed_before_the_moment_of_the_numbers_is_in_them(own_url: str, whose: str) -> None:
    wait_for_older_transactions()
    with connect() as reader, psycopg.connect(own_url if whose == "ours" else admin_url()) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        written = find_next()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            committed_at: datetime = cursor.fetchone()[0]

        class Hurried:
            """A connection on which the slow writer ends between any two statements."""

            def execute(self, statement: str, parameters: dict[str, object]) -> psycopg.Cursor[tuple[object, ...]]:
                answer = reader.execute(statement, parameters)
                slow.rollback()
                return answer

        horizon, as_of = shipper._find_horizon(cast("Connection", Hurried()))
        assert written < horizon or as_of < committed_at
