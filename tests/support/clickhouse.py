"""The suite's ClickHouse: chDB in a folder of this pytest process, emptied for each test that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connection

from senet.insights import audit
from senet.insights.streams import STREAMS
from senet.interactions import clickhouse, shipper
from senet.shared.clock import utc_now
from tests.support.databases import wait_for_older_transactions

_TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT IN ('MaterializedView')"


def empty_clickhouse() -> None:
    """Empty every table but the list of applied statements."""
    for (name,) in clickhouse.fetch_rows(_TABLES):
        if name != "schema_statement":
            clickhouse.run(f"TRUNCATE TABLE {name}")


def ship() -> int:
    """Ship everything that is committed, and return the number of rows."""
    wait_for_older_transactions()
    shipped = 0
    while rows := shipper.run_once(STREAMS, utc_now()):
        shipped += rows
    return shipped


def assert_audit_clean() -> None:
    """Ship everything and assert that every invariant of the audit holds."""
    ship()
    report = audit.run()
    assert report.clean, [check for check in report.checks if not check.holds]
    assert any(check.checked for check in report.checks)


@pytest.fixture
def clickhouse_tables(transactional_db: None) -> Iterator[None]:
    """Real tables in ClickHouse, empty, with a shipper that has shipped nothing."""
    empty_clickhouse()
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE ship_offset, interaction, visit, resumption, message, message_queue, membership_change"
        )
        cursor.execute("UPDATE ship_offset SET generation = 0")
    # A truncated table keeps the tokens it has seen; transaction ids only grow, so no token comes twice.
    yield
    shipper.stop()
