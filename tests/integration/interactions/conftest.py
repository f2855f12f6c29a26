"""Makes the fixtures of tests/support known to this folder."""

from tests.support.clickhouse import clickhouse_tables

__all__ = ["clickhouse_tables"]
