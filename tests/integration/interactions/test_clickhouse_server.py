"""ClickHouse as a server of its own: who may come in, what it may lack, and what happens when it goes away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from clickhouse_connect.driver.exceptions import DatabaseError
from clickhouse_connect.driver.httpclient import HttpClient
from pytest_django.fixtures import Settings
from urllib3 import Timeout

from senet.insights.queries import email_overview
from senet.insights.streams import STREAMS
from senet.interactions import clickhouse, shipper
from senet.interactions.errors import ClickHouseTooOld, ClickHouseUnavailable
from senet.interactions.offsets import SHIPPING_LOCK
from senet.shared.clock import utc_now
from tests.support.clickhouse import empty_sources, ship
from tests.support.clickhouse_server import ClickHouseServer
from tests.support.databases import wait_for_older_transactions
from tests.support.interactions import record_some
from tests.support.processes import Installation, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def start_server(tmp_path: Path, settings: Settings, clean_log: None) -> Iterator[Callable[..., ClickHouseServer]]:
    """Return a starter of a server that is this test's own; what runs is killed at the end."""
    servers: list[ClickHouseServer] = []

    def start(*options: str, password: str = "") -> ClickHouseServer:
        server = ClickHouseServer(tmp_path / f"server-{len(servers)}", password=password, options=options)
        servers.append(server)
        server.start()
        settings.CLICKHOUSE_URL = server.url
        return server

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def clean_log(transactional_db: None) -> Iterator[None]:
    """A log of which nothing has been shipped."""
    empty_sources()
    yield
    shipper.stop()


def count(table: str = "interaction", what: str = "count()") -> int:
    return int(clickhouse.fetch_rows(f"SELECT {what} FROM {table}")[0][0])


def waiting(url: str) -> int:
    with psycopg.connect(url) as other:
        row = other.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [SHIPPING_LOCK],
        ).fetchone()
    return int(row[0]) if row else 0


def test_a_wrong_password_is_said_and_nothing_is_tried_with_it(
    start_server: Callable[..., ClickHouseServer], settings: Settings
) -> None:
    server = start_server(password="right")
    settings.CLICKHOUSE_URL = server.url.replace(":right@", ":wrong@")
    with pytest.raises(ClickHouseUnavailable, match="Authentication failed"):
        clickhouse.get_client()
    settings.CLICKHOUSE_URL = server.url
    assert count() == 0


def test_the_database_is_named_by_the_address_and_made_when_it_is_missing(
    start_server: Callable[..., ClickHouseServer], settings: Settings
) -> None:
    server = start_server()
    settings.CLICKHOUSE_URL = server.url.replace("/senet", "/" + quote("mailing `north`", safe=""))
    assert clickhouse.fetch_rows("SELECT currentDatabase()")[0][0] == "mailing `north`"
    assert count() == 0
    assert clickhouse.fetch_rows("SELECT count() FROM system.databases WHERE name = 'senet'")[0][0] == 0


def test_a_second_process_finds_the_tables_made(start_server: Callable[..., ClickHouseServer]) -> None:
    start_server()
    clickhouse.get_client()
    clickhouse.close()  # as a process that ends; the next client is a new process's first
    assert count("schema_statement") == count("schema_statement", "uniqExact(room, name)")
    assert count("schema_statement") == len(clickhouse.list_schema_statements())


def test_tables_are_made_once_and_while_no_shipper_works(
    tmp_path: Path, start_server: Callable[..., ClickHouseServer], fresh_database: Callable[[], str]
) -> None:
    server = start_server()
    installation = Installation(tmp_path, url := fresh_database(), settings={"CLICKHOUSE_URL": server.url})
    try:
        with psycopg.connect(url, autocommit=True) as working:
            working.execute("SELECT pg_advisory_lock(%s)", [SHIPPING_LOCK])
            audits = [installation.start(f"audit-{number}", "audit", "--json") for number in range(3)]
            wait_for(lambda: waiting(url) == 3, seconds=60, what="three processes wait to make the tables")
            assert server.ask("SELECT count() FROM senet.schema_statement") == "0"
        assert [audit.wait(60) for audit in audits] == [0, 0, 0], installation.log_of("audit-0")
    finally:
        installation.stop()
    assert count("schema_statement") == len(clickhouse.list_schema_statements())


def test_a_server_that_is_too_old_is_refused_by_its_version(start_server: Callable[..., ClickHouseServer]) -> None:
    start_server("--version", "24.3.18.7")
    with pytest.raises(ClickHouseTooOld, match=r"of version 24\.3\.18\.7\. Senet needs 24\.8 or newer"):
        clickhouse.get_client()


def test_a_server_without_the_settings_for_speed_takes_the_same_rows(
    start_server: Callable[..., ClickHouseServer],
) -> None:
    start_server("--without", "parallel_view_processing", "--without", "input_format_null_as_default")
    record_some("EmailClicked", count=5, email_id=1, message_id=2, address="\\N", link=3)
    assert ship() == 5
    rows = clickhouse.fetch_rows("SELECT DISTINCT address, link, form_id, country FROM interaction")
    assert list(map(tuple, rows)) == [("\\N", 3, 0, "")]
    assert count("email_hour", "sum(events)") == 5


def test_an_address_too_long_for_a_url_is_asked_for_all_the_same(start_server: Callable[..., ClickHouseServer]) -> None:
    start_server()
    long = "ü" * 100_000
    assert clickhouse.fetch_rows("SELECT {text:String}", {"text": long})[0][0] == long


@pytest.mark.parametrize(
    "trouble",
    [
        "SELECT sleep(2) SETTINGS max_execution_time = 0.1",
        "SELECT length(groupArray(number)) FROM numbers(10000000) SETTINGS max_memory_usage = 1000000",
    ],
)
def test_the_servers_own_trouble_is_no_answer_and_a_wrong_query_is_a_mistake(
    start_server: Callable[..., ClickHouseServer], trouble: str
) -> None:
    start_server()
    with pytest.raises(ClickHouseUnavailable, match="does not answer"):
        clickhouse.fetch_rows(trouble)
    with pytest.raises(DatabaseError, match="nonsense"):
        clickhouse.fetch_rows("SELECT nonsense")


def test_a_page_gives_up_where_a_rebuild_waits(start_server: Callable[..., ClickHouseServer]) -> None:
    start_server()
    client = clickhouse.get_client()
    assert isinstance(client, HttpClient)
    client.timeout = patience = Timeout(connect=5, read=0.5)
    with pytest.raises(ClickHouseUnavailable, match="timed out"):
        clickhouse.fetch_rows("SELECT sleep(1)")
    clickhouse.run("SELECT sleep(1)")
    assert client.timeout == patience


def test_pages_say_that_the_server_is_away_and_show_numbers_when_it_is_back(
    start_server: Callable[..., ClickHouseServer],
) -> None:
    server = start_server()
    record_some("EmailDelivered", count=3, email_id=1, message_id=2)
    ship()
    server.kill()
    with pytest.raises(ClickHouseUnavailable):
        email_overview(1)
    record_some("EmailDelivered", count=4, email_id=1, message_id=2)
    with pytest.raises(ClickHouseUnavailable):
        ship()
    server.start()
    ship()
    assert count() == count("email_event") == count("email_hour", "sum(events)") == 7
    assert next(kpi.value for kpi in email_overview(1).kpis if kpi.key == "delivered") == 7


def test_an_insert_that_was_done_and_never_answered_is_not_done_twice(
    start_server: Callable[..., ClickHouseServer],
) -> None:
    server = start_server()
    record_some("EmailClicked", count=10, email_id=1, message_id=2)
    clickhouse.get_client()
    server.die_after_next_insert()
    wait_for_older_transactions()
    with pytest.raises(ClickHouseUnavailable):
        shipper.run_once(STREAMS, utc_now())
    record_some("EmailOpened", count=4, email_id=1, message_id=2)
    server.start()
    ship()
    assert count() == count(what="uniqExact(id)") == 14
    assert count("email_event") == count("email_hour", "sum(events)") == 14


def test_rows_that_break_off_in_the_middle_of_an_insert_leave_nothing(
    start_server: Callable[..., ClickHouseServer],
) -> None:
    start_server()

    def break_off() -> Iterator[bytes]:
        yield b"1\t5\t2026-11-20 12:00:00.000000\n" * 1000
        raise psycopg.OperationalError("The server went away in the middle.")

    columns = ("id", "xid", "at")
    with pytest.raises(psycopg.OperationalError):
        clickhouse.insert_text("interaction", columns, break_off(), token="one")
    assert count() == 0
    clickhouse.insert_text("interaction", columns, [b"1\t5\t2026-11-20 12:00:00.000000\n"], token="one")
    clickhouse.insert_text("interaction", columns, [b"1\t5\t2026-11-20 12:00:00.000000\n"], token="one")
    assert count() == 1


def test_processes_and_commands_share_a_server(
    tmp_path: Path, start_server: Callable[..., ClickHouseServer], fresh_database: Callable[[], str]
) -> None:
    server = start_server(password="of all of them")
    installation = Installation(tmp_path, url := fresh_database(), settings={"CLICKHOUSE_URL": server.url})
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(
            "INSERT INTO interaction (type, at, contact_id, message_id, email_id)"
            " SELECT 'EmailClicked', now(), n, n, 1 + n % 3 FROM generate_series(1, 300) AS n"
        )

    def shipped() -> int:
        with psycopg.connect(url) as other:
            row = other.execute("SELECT rows_shipped FROM ship_offset WHERE stream = 'interaction'").fetchone()
        return int(row[0]) if row else 0

    installation.start("shipper")
    try:
        wait_for(lambda: shipped() == 300, seconds=60, what="the shipper has shipped everything")
        audited = json.loads(installation.run("audit", "--json").stdout)  # while the shipper has the tables open too
        rebuilt = installation.run("rebuild-insights").stdout
    finally:
        installation.stop()
    assert audited["clean"], audited
    assert rebuilt
    assert count() == count(what="uniqExact(id)") == count("email_event") == 300
