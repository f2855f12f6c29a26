"""What the create lead tile finds when it checks itself, and which mail a lead followed."""

from __future__ import annotations

from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from senet.journeys.definition import Definition
from senet.journeys.tiles import CreateLeadTile
from senet.journeys.tiles.base import Checking
from senet.journeys.values import TileFacts
from tests.support.journeys import START, Lane, audience, create_lead, email, if_then, opened, split, wait


def found(target: str, **settings: Any) -> list[str]:
    tile = CreateLeadTile.model_validate({"id": 2, **settings})
    checking = Checking((tile,), TileFacts(), ZoneInfo("UTC"), None, START, target=target)
    tile.check(checking)
    assert all(problem.message.endswith(".") and problem.advice.endswith(".") for problem in checking.problems.found)
    assert all(problem.severity == "error" for problem in checking.problems.found)
    return [problem.code for problem in checking.problems.found]


def test_a_lead_of_each_person_needs_nothing() -> None:
    assert found("contact") == []
    assert found("company") == []


def test_a_lead_of_each_company_needs_a_journey_for_companies_and_a_last_name() -> None:
    assert found("company", create_for="company", last_name_placeholder="?") == []
    assert found("company", create_for="company", last_name_placeholder=" ") == ["placeholder_missing"]
    assert found("contact", create_for="company", last_name_placeholder="?") == ["company_target_missing"]
    assert found("contact", create_for="company") == ["company_target_missing", "placeholder_missing"]


@pytest.mark.parametrize(
    ("lane", "tile", "mail"),
    [
        (audience(1) >> create_lead(), 2, None),
        (audience(1) >> email(7) >> create_lead(), 3, 2),
        (audience(1) >> email(7) >> wait(days=1) >> email(8) >> wait(days=1) >> create_lead(), 6, 4),
        (audience(1) >> email(7) >> if_then(opened(2), days=1, yes=create_lead()), 4, 2),
        (audience(1) >> split((50, email(7)), (None, create_lead())), 4, None),
    ],
)
def test_the_mail_that_a_lead_followed_is_the_last_one_that_everybody_got(
    lane: Lane, tile: int, mail: int | None
) -> None:
    assert Definition.model_validate({"tiles": lane.number(count(1))}).find_email_before(tile) == mail


def test_where_ways_with_different_mails_meet_no_mail_is_the_one() -> None:
    tiles = [
        {"id": 1, "kind": "audience", "next": 2},
        {"id": 2, "kind": "split", "branches": [{"amount": 50, "next": 3}, {"next": 4}]},
        {"id": 3, "kind": "email", "next": 5},
        {"id": 4, "kind": "email", "next": 5},
        {"id": 5, "kind": "create_lead"},
    ]
    assert Definition.model_validate({"tiles": tiles}).find_email_before(5) is None
    tiles[3] = {"id": 4, "kind": "wait_for", "next": 5}
    assert Definition.model_validate({"tiles": tiles}).find_email_before(5) is None
