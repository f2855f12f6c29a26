"""What task, phone call and appointment tiles find when they check themselves, and what their activities are about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from senet.journeys.tiles import REGISTRY, ActivityTile
from senet.journeys.tiles.base import Checking
from senet.journeys.values import ActivityContent, ActivityKind, Priority, TileFacts
from tests.support.journeys import START

Json = dict[str, Any]
CALL = ActivityContent("Ring them", due_in=timedelta(days=1))
VISIT = ActivityContent("Visit", start_after=timedelta(days=2), duration=timedelta(hours=1))
FACTS = TileFacts(templates={7: (ActivityKind.PHONE_CALL, CALL), 8: (ActivityKind.APPOINTMENT, VISIT)})
KINDS = ("task", "phone_call", "appointment")
DAY, NOTHING, BACK, AGES = ({"amount": amount, "unit": unit} for amount, unit in
                            ((1, "days"), (0, "days"), (-1, "hours"), (600, "weeks")))  # fmt: skip
WHOLE: dict[str, Json] = {
    "task": {"subject": "A"},
    "phone_call": {"subject": "A"},
    "appointment": {"subject": "A", "start_after": DAY, "length": DAY},
}


def draw(kind: str, **settings: Any) -> ActivityTile:
    tile = REGISTRY[kind].model_validate({"id": 2, **settings})
    assert isinstance(tile, ActivityTile)
    return tile


def found(kind: str, *, target: str = "contact", **settings: Any) -> list[tuple[str, str]]:
    tile = draw(kind, **settings)
    checking = Checking((tile,), FACTS, ZoneInfo("UTC"), None, START, target=target)
    tile.check(checking)
    assert all(problem.message.endswith(".") and problem.advice.endswith(".") for problem in checking.problems.found)
    assert all(problem.where == "tiles.2" for problem in checking.problems.found)
    return [(problem.code, problem.severity) for problem in checking.problems.found]


@pytest.mark.parametrize("kind", KINDS)
def test_a_tile_that_says_itself_what_is_to_be_done_is_valid(kind: str) -> None:
    assert found(kind, **WHOLE[kind]) == []


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_template_a_subject_is_needed(kind: str) -> None:
    assert found(kind, **{**WHOLE[kind], "subject": " "}) == [("subject_missing", "error")]


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_must_be_there_and_of_the_tiles_kind(kind: str) -> None:
    assert found(kind, template_id=99) == [("template_missing", "error")]
    fits = {"phone_call": 7, "appointment": 8}
    for template in (7, 8):
        wrong = [] if fits.get(kind) == template else [("template_kind_wrong", "error")]
        assert found(kind, template_id=template) == wrong


def test_a_subject_beside_a_template_is_a_warning() -> None:
    assert found("phone_call", template_id=7, subject="Other") == [("subject_unused", "warning")]


@pytest.mark.parametrize("kind", ["task", "phone_call"])
def test_what_is_due_is_due_later(kind: str) -> None:
    assert found(kind, subject="A", due_in=DAY) == []
    assert found(kind, subject="A", due_in=NOTHING) == [("due_not_positive", "error")]
    assert found(kind, subject="A", due_in=BACK) == [("due_not_positive", "error")]
    assert found(kind, subject="A", due_in=AGES) == [("activity_time_too_long", "error")]


@pytest.mark.parametrize(
    ("times", "codes"),
    [
        ({}, ["start_after_missing", "length_missing"]),
        ({"start_after": NOTHING, "length": DAY}, []),
        ({"start_after": BACK, "length": DAY}, ["start_after_negative"]),
        ({"start_after": DAY, "length": NOTHING}, ["length_not_positive"]),
        ({"start_after": AGES, "length": AGES}, ["activity_time_too_long"]),
    ],
)
def test_an_appointment_starts_later_and_lasts_some_time(times: Json, codes: list[str]) -> None:
    assert found("appointment", subject="A", **times) == [(code, "error") for code in codes]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "setting", [{"create_for": "company"}, {"assign_to": "company_owner"}, {"assign_to": "company_creator"}]
)
def test_companies_matter_only_in_journeys_that_target_them(kind: str, setting: Json) -> None:
    assert found(kind, **WHOLE[kind], **setting) == [("company_target_missing", "error")]
    assert found(kind, target="company", **WHOLE[kind], **setting) == []


def test_an_activity_is_about_what_the_template_says_or_else_the_tile() -> None:
    assert draw("phone_call", template_id=7).make_content(FACTS.templates) == CALL
    own = draw("phone_call", subject="A", description="B", priority="high", due_in=DAY)
    assert own.make_content(FACTS.templates) == ActivityContent("A", "B", Priority.HIGH, due_in=timedelta(days=1))
    meeting = draw("appointment", subject="A", start_after=DAY, length=DAY, location="Here")
    day = timedelta(days=1)
    assert meeting.make_content({}) == ActivityContent("A", location="Here", start_after=day, duration=day)
