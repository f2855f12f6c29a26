"""Judges opens and clicks again, over the stored log and in sets: what only later events show decides too.

A run looks at what was recorded since the one before, or at everything. What is judged otherwise changes in the days
that PostgreSQL keeps, in ClickHouse's log, and in what is derived from it, so that every number agrees afterwards.
Shipping waits meanwhile. A run that is cut short is made good by the next one. Nothing is ever taken out of the log.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from senet.content.queries import count_links
from senet.door.visitors import judge
from senet.insights import verdict_rules as rules
from senet.insights.compiler import as_microseconds
from senet.insights.rollups import EMAIL_DERIVED, rebuild, rebuild_part
from senet.interactions import clickhouse
from senet.interactions.actions import change_verdicts
from senet.interactions.shipper import shipping_held

log = structlog.get_logger(__name__)

OVERLAP = timedelta(hours=1)  # what came in shortly before is looked at again: its evidence may have come since
_CHANGES = 50_000
_WORD = re.compile(r"[a-z_]*\Z")


@dataclass(frozen=True, slots=True)
class VerdictReport:
    """How many opens and clicks a run looked at, and how many of them it judged otherwise, by verdict and rule."""

    looked_at: int
    changed: int
    rules: dict[str, int]


def run(now: datetime, *, everything: bool = False) -> VerdictReport:
    """Judge what was recorded since the last run, or the whole log. Raises: ClickHouseUnavailable."""
    with shipping_held():
        since = None if everything else _find_since()
        if _was_cut_short():
            for derived in EMAIL_DERIVED:
                rebuild(derived)
        run_id = _begin(now)
        try:
            _collect(since)
            report = _judge()
            if report.changed:
                _change()
        finally:
            _drop_tables()
        _finish(run_id, now, report.changed)
    log.info("verdicts_judged", looked_at=report.looked_at, changed=report.changed)
    return report


def judge_again(now: datetime) -> int:
    """Judge what was recorded since the last run and return how many opens and clicks were judged otherwise."""
    return run(now).changed


def _collect(since: datetime | None) -> None:
    """Lay what is to be judged, and its evidence, aside."""
    _drop_tables()
    for statement in rules.MAKE:
        clickhouse.run(statement)
    fresh, evidence = (since - OVERLAP, since - 2 * OVERLAP) if since else (None, None)
    bounds = {"since": _microseconds(fresh), "evidence_since": _microseconds(evidence)}
    clickhouse.run(rules.COLLECT.format(**bounds))
    agents = [str(agent) for (agent,) in clickhouse.fetch_rows(rules.AGENTS)]
    _insert("verdict_agent", ("agent", "verdict", "rule"), ((agent, *judge(agent)) for agent in agents))
    links = count_links(int(version) for (version,) in clickhouse.fetch_rows(rules.VERSIONS))
    _insert("verdict_link", ("version", "links"), links.items())


def _judge() -> VerdictReport:
    clickhouse.run(rules.JUDGE)
    ((looked_at,),) = clickhouse.fetch_rows("SELECT countIf(fresh AND type != 'HiddenLinkFollowed') FROM verdict_event")
    found = {f"{verdict} {rule}": int(count) for verdict, rule, count in clickhouse.fetch_rows(rules.SUMMARY)}
    return VerdictReport(int(looked_at), sum(found.values()), found)


def _change() -> None:
    """Write what is judged otherwise down: PostgreSQL first, for a repetition begins with what ClickHouse lacks."""
    with transaction.atomic():
        after = 0
        while rows := clickhouse.fetch_rows(rules.CHANGES, {"after": after}):
            change_verdicts([(int(id_), str(verdict), str(rule)) for id_, verdict, rule in rows])
            after = int(rows[-1][0])
            if len(rows) < _CHANGES:
                break
    updates = ", ".join(
        _make_update(str(verdict), str(rule)) for verdict, rule, _ in clickhouse.fetch_rows(rules.SUMMARY)
    )
    clickhouse.run(f"ALTER TABLE interaction {updates} SETTINGS mutations_sync = 2")
    years = [int(year) for (year,) in clickhouse.fetch_rows(rules.YEARS)]
    for derived in EMAIL_DERIVED:
        rebuild_part(derived, years, rules.AFFECTED)


def _make_update(verdict: str, rule: str) -> str:
    assert _WORD.match(verdict) and _WORD.match(rule)  # noqa: PT018, S101  names of our own
    chosen = f"SELECT id FROM verdict_change WHERE verdict = '{verdict}' AND rule = '{rule}'"
    return f"UPDATE verdict = '{verdict}', rule = '{rule}' WHERE id IN ({chosen})"


def _insert(table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    lines = ["\t".join(_escape(value) for value in row).encode() + b"\n" for row in rows]
    if lines:
        clickhouse.insert_text(table, columns, lines, token="")


def _escape(value: object) -> str:
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _drop_tables() -> None:
    for table in rules.TABLES:
        clickhouse.run(f"DROP TABLE IF EXISTS {table}")


def _microseconds(moment: datetime | None) -> int:
    return as_microseconds(moment) if moment else 0


def _find_since() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(started_at) FROM verdict_run WHERE finished_at IS NOT NULL")
        (moment,) = cursor.fetchone()
    return moment if isinstance(moment, datetime) else None


def _was_cut_short() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM verdict_run WHERE finished_at IS NULL)")
        return bool(cursor.fetchone()[0])


def _begin(now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO verdict_run (started_at) VALUES (%s) RETURNING id", [now])
        return int(cursor.fetchone()[0])


def _finish(run_id: int, now: datetime, changed: int) -> None:
    """Note that a run is whole; those that changed nothing are forgotten but for the last one."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM verdict_run WHERE id <> %s AND (finished_at IS NULL OR changed = 0)", [run_id])
        cursor.execute("UPDATE verdict_run SET finished_at = %s, changed = %s WHERE id = %s", [now, changed, run_id])
