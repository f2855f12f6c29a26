"""The suite's ClickHouse: chDB in a folder of this pytest process, or a server; emptied for each test that asks for it.

What is promised of ClickHouse is promised of both: a folder whose conftest has `pytest_generate_tests` from here runs
each of those tests twice.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from senet.insights import audit, rebuild
from senet.insights.streams import STREAMS
from senet.interactions import clickhouse, shipper
from senet.shared.clock import utc_now
from tests.support.clickhouse_server import ClickHouseServer
from tests.support.databases import wait_for_older_transactions

_ENGINES = ("in process", "on a server")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that asks for ClickHouse's tables on both engines."""
    if "clickhouse_tables" in metafunc.fixturenames:
        metafunc.parametrize("clickhouse_tables", _ENGINES, indirect=True)


_TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT IN ('MaterializedView')"


def empty_clickhouse() -> None:
    """Empty every table but the list of applied statements."""
    for (name,) in clickhouse.fetch_rows(_TABLES):
        if name != "schema_statement":
            clickhouse.run(f"TRUNCATE TABLE {name}")


def empty_sources() -> None:
    """Empty what is shipped, and forget that anything was."""
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE ship_offset, interaction, visit, resumption, message, message_queue, membership_change,"
            " ab_message, verdict_run"
        )


def ship() -> int:
    """Ship everything that is committed, and return the number of rows."""
    wait_for_older_transactions()
    with shipper.shipping_held():  # PostgreSQL may still be busy ending a shipper that was killed
        pass
    shipped = 0
    while rows := shipper.run_once(STREAMS, utc_now()):
        shipped += rows
    return shipped


def refill() -> dict[str, int]:
    """Refill ClickHouse with everything that is committed, and return the number of rows by stream."""
    wait_for_older_transactions()
    return rebuild.run()


def assert_audit_clean() -> None:
    """Ship everything and assert that every invariant of the audit holds."""
    ship()
    report = audit.run()
    assert report.clean, [check for check in report.checks if not check.holds]
    assert any(check.checked for check in report.checks)


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """A server that this pytest process keeps; its user has a password with every sign that an address may not have."""
    folder = tmp_path_factory.mktemp("clickhouse-server")
    server = ClickHouseServer(folder / "data", user="marketing team", password="p@ss/:%wörd")
    server.start()
    yield server
    server.kill()


@pytest.fixture
def clickhouse_tables(request: pytest.FixtureRequest, transactional_db: None, settings: Settings) -> Iterator[None]:
    """Real tables in ClickHouse, empty, with a shipper that has shipped nothing."""
    if getattr(request, "param", _ENGINES[0]) == _ENGINES[1]:
        settings.CLICKHOUSE_URL = request.getfixturevalue("clickhouse_server").url
    empty_clickhouse()
    empty_sources()
    # A truncated table keeps the tokens it has seen; transaction ids only grow, so no token comes twice.
    yield
    shipper.stop()
