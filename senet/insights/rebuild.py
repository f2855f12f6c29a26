"""Refills ClickHouse: what PostgreSQL has whole is shipped anew, what only ClickHouse has is kept, roll-ups are remade.

Visits, contacts, joins and leaves live in PostgreSQL for good: their tables are emptied and shipped from the start.
The log's older days live in ClickHouse alone: of the days that PostgreSQL still keeps, what is missing is added and
what is double is taken out; nothing else of the log is touched.
"""

from __future__ import annotations

from datetime import date

import structlog

from senet.insights.rollups import DERIVED, rebuild
from senet.insights.streams import INTERACTION, STREAMS
from senet.interactions import clickhouse, offsets
from senet.interactions.copying import copy_out
from senet.interactions.shipper import Shipper, Stream, shipping_held
from senet.shared.sql import load_sql

log = structlog.get_logger(__name__)

_REFILL = "interaction_refill"


def run() -> dict[str, int]:
    """Refill ClickHouse and return the number of rows by stream. Shipping waits meanwhile."""
    from_start = [stream for stream in STREAMS if stream is not INTERACTION]
    with shipping_held() as connection:
        for stream in from_start:
            clickhouse.run(f"TRUNCATE TABLE {stream.table}")
            offsets.begin_again(connection, stream.name)
        added = _refill_log(connection)
    rows = {stream.name: _ship_all(stream) for stream in from_start}
    with shipping_held():
        for derived in DERIVED:
            rebuild(derived)
    log.info("insights_rebuilt", **rows, interaction=added)
    return {**rows, INTERACTION.name: added}


def _ship_all(stream: Stream) -> int:
    shipper = Shipper([stream])
    try:
        return shipper.run_once()
    finally:
        shipper.close()


def _refill_log(connection: offsets.Connection) -> int:
    """Make the kept days of the log complete and single; return how many rows were added."""
    added = 0
    position = offsets.get_offset(connection, INTERACTION.name).xid
    days = connection.execute(
        "SELECT DISTINCT (recorded_at AT TIME ZONE 'UTC')::date FROM interaction WHERE xid < %s ORDER BY 1", [position]
    ).fetchall()
    for (day,) in days:
        assert isinstance(day, date)  # noqa: S101  as the statement says
        added += _refill_day(connection, day, position)
    clickhouse.run(f"DROP TABLE IF EXISTS {_REFILL}")
    if _count("SELECT count() - uniqExact(id) FROM interaction"):
        clickhouse.run("OPTIMIZE TABLE interaction FINAL DEDUPLICATE BY contact_id, at, id, recorded_at")
    return added


def _refill_day(connection: offsets.Connection, day: date, position: int) -> int:
    """Add what a day lacks: the day is laid beside the log, and what the log does not have moves over."""
    clickhouse.run(f"DROP TABLE IF EXISTS {_REFILL}")
    clickhouse.run(f"CREATE TABLE {_REFILL} AS interaction")
    bounds = {"from_xid": 0, "to_xid": position}
    query = load_sql(INTERACTION.room, INTERACTION.statement) % bounds
    of_the_day = f"{query.rstrip()} AND (recorded_at AT TIME ZONE 'UTC')::date = '{day:%Y-%m-%d}'"
    clickhouse.insert_text(_REFILL, INTERACTION.columns, copy_out(connection, of_the_day), token="")
    missing = (
        f"FROM {_REFILL} WHERE id NOT IN (SELECT id FROM interaction WHERE toDate(recorded_at) = '{day:%Y-%m-%d}')"
    )
    count = _count(f"SELECT count() {missing}")
    if count:
        clickhouse.run(f"INSERT INTO interaction SELECT * {missing}")
    return count


def _count(query: str) -> int:
    return int(clickhouse.fetch_rows(query)[0][0])
