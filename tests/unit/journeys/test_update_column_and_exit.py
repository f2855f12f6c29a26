"""What the update column and exit tiles find when they check themselves."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from senet.journeys.tiles import AudienceTile, ExitTile, UpdateColumnTile, WaitForTile
from senet.journeys.tiles.base import Checking, Tile
from senet.journeys.values import TileFacts
from senet.people.custom import Definition
from senet.shared.errors import Problem
from tests.support.journeys import START

FACTS = TileFacts(users=frozenset({7}), custom_columns={"tier": Definition("tier", "choice", ("Gold",))})


def check(tile: Tile, *others: Tile, ancestors: frozenset[int] = frozenset(), consent: int = 0) -> list[Problem]:
    checking = Checking((*others, tile), FACTS, ZoneInfo("UTC"), None, START, ancestors, minimum_consent=consent)
    tile.check(checking)
    return checking.problems.found


def found(column: str, value: object, *, consent: int = 0) -> list[tuple[str, str]]:
    tile = UpdateColumnTile.model_validate({"id": 2, "column": column, "value": value})
    problems = check(tile, consent=consent)
    assert all(problem.message.endswith(".") and problem.advice.endswith(".") for problem in problems)
    assert all(problem.where == "tiles.2" for problem in problems)
    return [(problem.code, problem.severity) for problem in problems]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("", None, "column_missing"),
        ("city", None, "value_missing"),
        ("email", "a@example.com", "value_wrong"),
        ("city", 7, "value_wrong"),
        ("custom.tier", "Bronze", "value_wrong"),
        ("custom.colour", "red", "value_wrong"),
        ("owner_id", 8, "owner_missing"),
    ],
)
def test_a_column_or_value_that_does_not_fit_is_an_error(column: str, value: object, code: str) -> None:
    assert found(column, value) == [(code, "error")]


@pytest.mark.parametrize(
    ("column", "value"), [("city", ""), ("active", False), ("owner_id", 7), ("custom.tier", "gold")]
)
def test_a_column_and_a_value_that_fit_are_valid(column: str, value: object) -> None:
    assert found(column, value) == []


def test_a_consent_level_below_the_journeys_minimum_is_a_warning() -> None:
    assert found("consent_level", 2, consent=3) == [("consent_too_low", "warning")]
    assert found("consent_level", 3, consent=3) == []


def test_an_exit_right_after_the_only_audience_is_a_warning() -> None:
    first, second = AudienceTile(id=1), AudienceTile(id=5)
    alone = check(ExitTile(id=2), first, ancestors=frozenset({1}))
    assert [(problem.code, problem.severity) for problem in alone] == [("exit_at_once", "warning")]
    assert check(ExitTile(id=2), first, second, ancestors=frozenset({1})) == []
    assert check(ExitTile(id=2), first, WaitForTile(id=3), ancestors=frozenset({1, 3})) == []


def test_an_exit_has_no_way_out() -> None:
    assert ExitTile(id=2).exits == ()
