"""The suite's ClickHouse: chDB in a folder of this pytest process, emptied for each test that asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from senet.insights.streams import STREAMS
from senet.interactions import clickhouse, shipper
from senet.shared.clock import utc_now

_TABLES = "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine NOT IN ('MaterializedView')"


def use_own_folder() -> None:
    """Point the settings at a folder that no other pytest process uses: chDB allows one a process."""
    if not settings.CLICKHOUSE_URL.startswith("chdb:") or str(os.getpid()) in settings.CLICKHOUSE_URL:
        return
    settings.CLICKHOUSE_URL = f"chdb://{Path(os.environ['SENET_TEST_ROOT']) / f'clickhouse-{os.getpid()}'}"


def empty_clickhouse() -> None:
    """Empty every table but the list of applied statements."""
    for (name,) in clickhouse.fetch_rows(_TABLES):
        if name != "schema_statement":
            clickhouse.run(f"TRUNCATE TABLE {name}")


def ship() -> int:
    """Ship everything that is committed, and return the number of rows."""
    shipped = 0
    while rows := shipper.run_once(STREAMS, utc_now()):
        shipped += rows
    return shipped


@pytest.fixture
def clickhouse_tables(transactional_db: None) -> Iterator[None]:
    """Real tables in ClickHouse, empty, with a shipper that has shipped nothing."""
    use_own_folder()
    empty_clickhouse()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE ship_offset, interaction, visit, message, membership_change")
        cursor.execute("UPDATE ship_offset SET generation = 0")
    # A truncated table keeps the tokens it has seen; transaction ids only grow, so no token comes twice.
    yield
    shipper.stop()
