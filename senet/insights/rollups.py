"""What views derive from the raw tables: compared with them after a crash, rebuilt when they differ.

A rebuild reads ClickHouse's own raw rows, so nothing is lost that PostgreSQL has dropped. Shipping waits meanwhile,
because only the shipper, which holds its lock, calls this.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

import senet.insights
from senet.interactions import clickhouse

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Derived:
    """A table that views fill, and two questions that must have the same answer: one of the raw rows, one of it."""

    table: str
    views: tuple[str, ...]
    raw_count: str
    derived_count: str
    moment: str = "hour"  # the column by whose year it is partitioned


EMAIL_EVENT = Derived(
    "email_event",
    ("email_event_feed",),
    "SELECT count(), sum(message_id % 1000003) FROM interaction WHERE email_id != 0 AND message_id != 0",
    "SELECT count(), sum(message_id % 1000003) FROM email_event",
    "at",
)
EMAIL_HOUR = Derived(
    "email_hour",
    ("email_hour_feed",),
    "SELECT count() FROM interaction WHERE email_id != 0 AND message_id != 0",
    "SELECT sum(events) FROM email_hour",
)
EMAIL_GROUP = Derived(
    "email_group",
    ("email_group_feed",),
    "SELECT 2 * count() FROM interaction WHERE email_id != 0 AND message_id != 0",
    "SELECT sum(events) FROM email_group",
)
TILE_HOUR = Derived(
    "tile_hour",
    ("tile_hour_arrivals", "tile_hour_departures"),
    "SELECT (SELECT count() FROM visit_arrival), (SELECT sum(weight) FROM visit_departure)",
    "SELECT sum(arrived), sum(departed) FROM tile_hour",
)
TILE_EVENT = Derived(
    "tile_event",
    ("tile_event_feed",),
    "SELECT count() FROM interaction WHERE journey_id != 0 AND type IN ("
    "'TriggerCrmWorkflowActivityContactProcessed', 'WorkflowCallSucceeded', 'ActivityContactProcessingFailed',"
    " 'CreateCustomChannelActivityContactProcessed', 'CustomChannelResponse')",
    "SELECT count() FROM tile_event",
)
EMAIL_DERIVED = (EMAIL_EVENT, EMAIL_HOUR, EMAIL_GROUP)  # in the order in which they feed each other
DERIVED = (*EMAIL_DERIVED, TILE_HOUR, TILE_EVENT)


def mend_events() -> None:
    """Rebuild what is derived from the log where it does not add up."""
    _mend(EMAIL_EVENT)
    _mend(EMAIL_HOUR)
    _mend(EMAIL_GROUP)
    _mend(TILE_EVENT)


def mend_tile_hours() -> None:
    """Rebuild what is derived from visits where it does not add up."""
    _mend(TILE_HOUR)


def _mend(derived: Derived) -> None:
    raw = clickhouse.fetch_rows(derived.raw_count)[0]
    if raw != clickhouse.fetch_rows(derived.derived_count)[0]:
        log.warning("rollup_rebuilt", table=derived.table)
        rebuild(derived)


def rebuild(derived: Derived) -> None:
    """Fill a derived table anew from ClickHouse's raw rows; the old one serves until the new one is whole."""
    fresh = f"{derived.table}_fresh"
    clickhouse.run(f"DROP TABLE IF EXISTS {fresh}")
    clickhouse.run(f"CREATE TABLE {fresh} AS {derived.table}")
    selects = {room_view: text for room_view, text in _view_selects().items() if room_view in derived.views}
    for view in derived.views:
        clickhouse.run(f"INSERT INTO {fresh} {selects[view]}")
    clickhouse.run(f"EXCHANGE TABLES {fresh} AND {derived.table}")
    clickhouse.run(f"DROP TABLE {fresh}")


def rebuild_parts(several: Sequence[Derived], years: Sequence[int], chosen: str) -> None:
    """Fill the rows of derived tables that meet a condition anew: beside the old ones, which then change at once.

    The tables are partitioned by the year of their events; `chosen` names columns that they and their views have. A
    table may be made of one before it.
    """
    fresh: list[str] = []
    for derived in several:
        _fill_part(derived, years, chosen, fresh)
        fresh.append(derived.table)
    for table in fresh:
        for year in years:
            clickhouse.run(f"ALTER TABLE {table} REPLACE PARTITION {year} FROM {table}_fresh")
    for table in fresh:
        clickhouse.run(f"DROP TABLE {table}_fresh")


def _fill_part(derived: Derived, years: Sequence[int], chosen: str, sources: Sequence[str]) -> None:
    fresh = f"{derived.table}_fresh"
    of_years = f"toYear({derived.moment}) IN ({', '.join(str(year) for year in years)})"
    clickhouse.run(f"DROP TABLE IF EXISTS {fresh}")
    clickhouse.run(f"CREATE TABLE {fresh} AS {derived.table}")
    for year in years:  # the same files, so that only what is chosen costs anything
        clickhouse.run(f"ALTER TABLE {fresh} ATTACH PARTITION {year} FROM {derived.table}")
    clickhouse.run(f"DELETE FROM {fresh} WHERE {chosen}")
    for view in derived.views:
        select = _view_selects()[view]
        for source in sources:
            select = re.sub(rf"\bFROM {source}\b", f"FROM {source}_fresh", select)
        clickhouse.run(f"INSERT INTO {fresh} SELECT * FROM ({select}) WHERE {of_years} AND {chosen}")


def _view_selects() -> dict[str, str]:
    """Return each view's SELECT, from the file that made the view."""
    selects = {}
    for room, _, statement in clickhouse.list_schema_statements():
        found = re.search(r"CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO \w+ AS\n(.+)", statement, re.DOTALL)
        if room == senet.insights.__name__.rpartition(".")[2] and found:
            selects[found[1]] = found[2]
    return selects
