"""Makes the fixtures of tests/support known to this folder; its tests of ClickHouse run on both engines."""

from tests.support.clickhouse import clickhouse_server, clickhouse_tables, pytest_generate_tests

__all__ = ["clickhouse_server", "clickhouse_tables", "pytest_generate_tests"]
