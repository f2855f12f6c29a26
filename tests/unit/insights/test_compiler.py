"""The compiler's SQL: held by a snapshot, made of allow-listed names, with every value bound."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.insights.compiler import (
    Compiled,
    Measure,
    Query,
    as_microseconds,
    compile_outside,
    compile_query,
    compile_unopened,
    compile_volumes,
)
from senet.insights.values import Filters
from senet.interactions.verdicts import Verdict

_SNAPSHOT = Path(__file__).parent / "compiled.sql"
HOUR, MINUTE = datetime(2026, 3, 1, 9, tzinfo=UTC), datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
OPENS = Measure("opened", "events", ("EmailOpened",))
UNIQUE = Measure("opened_by", "messages", ("EmailOpened",))

CASES: dict[str, Compiled] = {
    "totals come from the hours": compile_query(Query((OPENS,), Filters(email_id=1), by=("type",))),
    "a period on whole hours stays there": compile_query(
        Query((OPENS,), Filters(1, 2, None, HOUR, HOUR.replace(hour=10)), by=("hour",))
    ),
    "a period on minutes asks the events": compile_query(Query((OPENS,), Filters(1, since=MINUTE), by=("day",))),
    "uniques come from the hours": compile_query(Query((UNIQUE,), Filters(email_id=1))),
    "links come from the hours": compile_query(Query((OPENS, UNIQUE), Filters(email_id=1), by=("version", "link"))),
    "uniques from a minute on ask the events": compile_query(Query((UNIQUE,), Filters(1, since=MINUTE))),
    "a verdict limits opens and clicks only": compile_query(Query((OPENS,), Filters(1, verdict=Verdict.HUMAN))),
    "a tile comes from the hours": compile_query(Query((OPENS,), Filters(1, 2, tile=3))),
    "domains from an hour on": compile_query(Query((OPENS,), Filters(1, since=HOUR), by=("domain",))),
    "domains from a minute on ask the events": compile_query(Query((OPENS,), Filters(1, since=MINUTE), by=("domain",))),
    "countries come from the groups": compile_query(
        Query((OPENS, UNIQUE), Filters(email_id=1), by=("country",), limit=50, largest_first=True)
    ),
    "unopened from a minute on": compile_unopened(Filters(1, since=MINUTE)),
    "unopened in a period": compile_unopened(Filters(1, since=HOUR, verdict=Verdict.BOT)),
    "volumes by the hour": compile_volumes(Filters(journey_id=5)),
    "what was asked of the outside": compile_outside(Filters(journey_id=5, since=MINUTE, company_id=7))[0],
    "what became of it": compile_outside(Filters(journey_id=5))[1],
    "volumes of one tile from a minute on": compile_volumes(Filters(journey_id=5, tile=2, since=MINUTE)),
}


def write_snapshot() -> str:
    """Return every case's SQL and bound values."""
    return "\n".join(
        f"-- {name}\n-- {json.dumps(compiled.parameters, sort_keys=True)}\n{compiled.sql}\n"
        for name, compiled in CASES.items()
    )


def test_the_sql_is_the_snapshot() -> None:
    """When the difference is meant: python -m tests.unit.insights.test_compiler > tests/unit/insights/compiled.sql"""
    assert write_snapshot() == _SNAPSHOT.read_text(encoding="utf-8")


@given(st.text(max_size=30))
def test_a_dimension_that_is_not_allowed_is_refused(name: str) -> None:
    if name in {"type", "reason", "verdict", "journey", "email", "hour", "day", "domain", "version", "link", "tile"}:
        return
    if name == "country":
        return
    with pytest.raises(KeyError):
        compile_query(Query((OPENS,), Filters(email_id=1), by=(name,)))


@pytest.mark.parametrize("name", ["a b", "x; DROP TABLE interaction", "", "1", "a-b"])
def test_a_measure_s_name_is_an_identifier(name: str) -> None:
    with pytest.raises(KeyError):
        compile_query(Query((Measure(name, "events", ()),), Filters()))


@given(st.lists(st.text(max_size=20), max_size=3))
def test_values_never_reach_the_text(types: list[str]) -> None:
    compiled = compile_query(Query((Measure("some", "events", tuple(types)),), Filters(email_id=1)))
    plain = compile_query(Query((Measure("some", "events", ("EmailOpened",)),), Filters(email_id=1)))
    assert compiled.sql == plain.sql


def test_a_moment_is_bound_exactly() -> None:
    assert as_microseconds(datetime(2026, 3, 1, 9, 30, 0, 123_457, tzinfo=UTC)) == 1_772_357_400_123_457


if __name__ == "__main__":
    print(write_snapshot(), end="")  # noqa: T201
