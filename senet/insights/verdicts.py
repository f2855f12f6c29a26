"""Judges opens and clicks again, over the stored log and in sets: what only later events show decides too.

A run looks at what was recorded since the one before, or at everything. What is judged otherwise changes in the days
that PostgreSQL keeps, in ClickHouse's log, and in what is derived from it, in stretches: within one, shipping waits;
behind each, every number agrees, and shipping goes on. A run that is cut short is made good by the next one. Nothing is
ever taken out of the log.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from senet.content.queries import count_links
from senet.door.visitors import judge
from senet.insights import verdict_rules as rules
from senet.insights import verdict_runs as runs
from senet.insights.compiler import as_microseconds
from senet.insights.rollups import EMAIL_DERIVED, rebuild, rebuild_parts
from senet.interactions import clickhouse
from senet.interactions.actions import change_verdicts
from senet.interactions.shipper import shipping_held

log = structlog.get_logger(__name__)

OVERLAP = timedelta(hours=1)  # what came in shortly before is looked at again: its evidence may have come since
STRETCH = 25_000  # verdicts that change at once, while shipping waits
_PAUSE_SECONDS = 0.5  # the shipper looks every 0.2 seconds whether it may work
_WORD = re.compile(r"[a-z_]*\Z")


def _let_others_work() -> None:
    time.sleep(_PAUSE_SECONDS)


@dataclass(frozen=True, slots=True)
class VerdictReport:
    """How many opens and clicks a run looked at, and how many of them it judged otherwise, by verdict and rule."""

    looked_at: int
    changed: int
    rules: dict[str, int]


def run(now: datetime, *, everything: bool = False, between: Callable[[], None] = _let_others_work) -> VerdictReport:
    """Judge what was recorded since the last run, or the whole log. Raises: ClickHouseUnavailable."""
    clickhouse.get_client()  # before any lock: the first client makes tables, under one
    with runs.alone():
        _mend()
        since = None if everything else runs.find_since()
        run_id = runs.begin(now, since)
        try:
            _collect(since)
            report = _judge()
            stretches = [int(number) for (number,) in clickhouse.fetch_rows(rules.STRETCHES)]
            for number in stretches:
                if number:
                    between()
                _change(run_id, number)
        finally:
            _drop_tables()
        runs.finish(run_id, now, report.changed)
    log.info("verdicts_judged", looked_at=report.looked_at, changed=report.changed, stretches=len(stretches))
    return report


def _mend() -> None:
    """Remake what is derived from emails whose verdicts a run was changing when it was cut short."""
    half_done = runs.list_half_done()
    if not half_done:
        return
    with shipping_held():
        for one in half_done:
            if one.years:
                chosen = f"email_id IN ({', '.join(str(email_id) for email_id in one.emails)})"
                rebuild_parts(EMAIL_DERIVED, one.years, chosen)
            else:
                for derived in EMAIL_DERIVED:
                    rebuild(derived)
        runs.forget_half_done()


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
    clickhouse.run(rules.JUDGE.format(stretch=STRETCH))
    ((looked_at,),) = clickhouse.fetch_rows("SELECT countIf(fresh AND type != 'HiddenLinkFollowed') FROM verdict_event")
    found = {f"{verdict} {rule}": int(count) for verdict, rule, count in clickhouse.fetch_rows(rules.SUMMARY)}
    return VerdictReport(int(looked_at), sum(found.values()), found)


def _change(run_id: int, stretch: int) -> None:
    """Write a stretch down: PostgreSQL first, for a repetition begins with what ClickHouse lacks."""
    emails, years, months = (
        [int(value) for (value,) in _ask(query, stretch)] for query in (rules.EMAILS, rules.YEARS, rules.MONTHS)
    )
    judged = [(int(id_), str(verdict), str(rule)) for id_, verdict, rule in _ask(rules.CHANGES, stretch)]
    ((first_xid, last_xid, first_at, last_at),) = _ask(rules.BOUNDS, stretch)
    kinds = [(str(verdict), str(rule)) for verdict, rule in _ask(rules.KINDS, stretch)]
    assert all(_WORD.match(word) for kind in kinds for word in kind)  # noqa: S101  names of our own
    with shipping_held():
        runs.begin_stretch(run_id, emails, years)
        change_verdicts(judged, xids=(int(first_xid), int(last_xid)), recorded=(first_at, last_at))
        for month in months:
            updates = (rules.UPDATE.format(verdict=v, rule=r, month=month, stretch=stretch) for v, r in kinds)
            clickhouse.run(f"ALTER TABLE interaction {', '.join(updates)} SETTINGS mutations_sync = 2")
        rebuild_parts(EMAIL_DERIVED, years, rules.AFFECTED.format(stretch=stretch))
        runs.end_stretch(run_id)


def _ask(query: str, stretch: int) -> Sequence[Sequence[Any]]:
    return clickhouse.fetch_rows(query.format(stretch=stretch))


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
