"""Check for errors finds everything at once and says what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from senet.journeys import actions
from senet.journeys.check import CheckReport
from senet.journeys.values import Verdict
from tests.support.accounts import main_unit, make_user
from tests.support.journeys import (
    START,
    Lane,
    audience,
    clicked,
    email,
    if_then,
    make_content_settings,
    make_email,
    make_list,
    make_segment,
    opened,
    split,
    task,
    wait,
    wait_until,
)

pytestmark = pytest.mark.django_db
Json = dict[str, Any]


def check(tiles: Lane | list[Json], **settings: Any) -> CheckReport:
    settings.setdefault("name", "Journey")
    settings.setdefault("start_at", START)
    settings.setdefault("content_settings_id", make_content_settings())
    drawn = tiles.number(range(1, 100)) if isinstance(tiles, Lane) else tiles
    author = actions.Author(make_user().pk, main_unit().pk)
    journey = actions.create_journey(author=author, now=START, definition={"tiles": drawn}, **settings)
    return actions.check(journey, START)


def codes(report: CheckReport, *severities: str) -> set[str]:
    return {problem.code for problem in report.problems if problem.severity in (severities or ("error",))}


def test_a_sound_journey_is_valid() -> None:
    report = check(audience(make_segment()) >> email(make_email()) >> wait(days=1) >> task())
    assert codes(report, "error", "warning") == set()
    assert report.verdict is Verdict.VALID
    assert [verdict for _, verdict in report.tiles] == [Verdict.VALID] * 4


def test_every_problem_is_found_in_one_check() -> None:
    report = check(
        audience(make_segment(status="draft")) >> email(None) >> wait(days=0) >> task(""), name=" ", start_at=None
    )
    found = {
        "name_missing",
        "start_missing",
        "segment_not_live",
        "email_missing",
        "duration_not_positive",
        "subject_missing",
    }
    assert codes(report) == found
    assert all(problem.message.endswith(".") and problem.advice for problem in report.errors)
    assert dict(report.tiles) == dict.fromkeys((1, 2, 3, 4), Verdict.ERROR)


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"name": ""}, "name_missing"),
        ({"start_at": None}, "start_missing"),
        ({"time_zone": ""}, "time_zone_missing"),
        ({"end_at": START}, "end_before_start"),
        ({"start_at": START - timedelta(days=9), "end_at": START - timedelta(days=1)}, "end_past"),
        ({"content_settings_id": None}, "content_settings_missing"),
        ({"content_settings_id": 987654}, "content_settings_missing"),
        ({"suppression_segment_id": 987654}, "suppression_not_live"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_an_error(settings: Json, code: str) -> None:
    assert codes(check(audience(make_segment()) >> email(make_email()), **settings)) == {code}


def test_content_settings_that_are_not_live_are_an_error() -> None:
    settings = make_content_settings(status="stopped")
    assert codes(check(audience(make_segment()) >> email(make_email()), content_settings_id=settings)) == {
        "content_settings_not_live"
    }


def test_a_journey_without_email_needs_no_content_settings() -> None:
    assert codes(check(audience(make_segment()) >> task(), content_settings_id=None)) == set()


def test_audiences_are_checked() -> None:
    assert codes(check(audience())) == {"audience_missing"}
    assert codes(check([])) == {"audience_missing"}
    assert codes(check(audience(987654))) == {"segment_missing"}
    assert codes(check(audience(make_segment(status="stopped")))) == {"segment_not_live"}
    assert codes(check(audience(lists=[987654]))) == {"list_missing"}
    assert codes(check(audience(exclude=[make_segment()]))) == {"only_exclusions"}
    excluded_list = [{"kind": "list", "id": make_list(), "containment": "exclude"}]
    sources = [{"kind": "segment", "id": make_segment()}, *excluded_list]
    assert codes(check([{"id": 1, "kind": "audience", "sources": sources}])) == {"list_excluded"}


def test_emails_are_checked() -> None:
    assert codes(check(audience(make_segment()) >> email(987654))) == {"email_missing"}
    assert codes(check(audience(make_segment()) >> email(make_email(status="draft")))) == {"email_not_live"}


def test_a_dangling_branch_is_an_error_that_names_the_branch() -> None:
    tiles = [
        {"id": 1, "kind": "audience", "sources": [{"id": make_segment()}], "next": 2},
        {"id": 2, "kind": "split", "branches": [{"label": "A", "amount": 10, "next": 99}, {"label": "Rest"}]},
    ]
    (problem,) = check(tiles).errors
    assert (problem.code, problem.where) == ("dangling_branch", "tiles.2")
    assert problem.message == "The branch “A” leads to tile 99, which is not there."


def test_a_circle_and_a_tile_that_nobody_can_reach_are_errors() -> None:
    tiles: list[Json] = [
        {"id": 1, "kind": "audience", "sources": [{"id": make_segment()}], "next": 2},
        {"id": 2, "kind": "task", "subject": "A", "next": 3},
        {"id": 3, "kind": "task", "subject": "B", "next": 2},
        {"id": 4, "kind": "task", "subject": "C"},
    ]
    report = check(tiles)
    assert {(problem.code, problem.where) for problem in report.errors} == {
        ("cycle", "tiles.2"),
        ("cycle", "tiles.3"),
        ("unreachable", "tiles.4"),
    }


def test_lanes_that_meet_are_mentioned_where_they_meet() -> None:
    first = {"id": 1, "kind": "audience", "sources": [{"id": make_segment()}], "next": 3}
    tasks = [{"id": 3, "kind": "task", "subject": "A", "next": 4}, {"id": 4, "kind": "task", "subject": "B"}]
    report = check([first, {**first, "id": 2}, *tasks])
    assert [(each.code, each.where, each.severity) for each in report.problems if each.code == "lanes_meet"] == [
        ("lanes_meet", "tiles.3", "information")
    ]
    assert codes(report) == set()


def test_nothing_may_lead_to_an_audience() -> None:
    lanes = [
        {"id": 1, "kind": "audience", "sources": [{"id": make_segment()}], "next": 2},
        {"id": 2, "kind": "audience", "sources": [{"id": make_segment()}]},
    ]
    assert codes(check(lanes)) == {"leads_to_entrance"}


def test_conditions_are_checked() -> None:
    mail = make_email("https://a.example/")

    def found(*rules: Json, days: int = 1) -> set[str]:
        lane = audience(make_segment()) >> email(mail) >> if_then(*rules, yes=task(), days=days)
        return codes(check(lane))

    assert found(opened(2)) == set()
    assert found() == {"rules_missing"}
    assert found(opened(99)) == {"source_missing"}
    assert found(opened(1)) == {"source_not_email"}
    assert found(opened(2), days=0) == {"timeout_not_positive"}
    assert found(clicked(2, link=1)) == set()
    assert found(clicked(2, link=7)) == {"link_not_in_email"}
    assert found({"source": 2, "condition": "clicked_link"}) == {"link_missing"}
    later = audience(make_segment()) >> if_then(opened(3), days=1, yes=email(mail))
    assert codes(check(later)) == {"source_not_earlier"}
    untimed = audience(make_segment()) >> email(mail) >> if_then(opened(2), yes=task())
    assert codes(check(untimed)) == {"timeout_missing"}


def test_splits_are_checked() -> None:
    def found(*branches: tuple[float | None, None], by: str = "percentage") -> set[str]:
        return codes(check(audience(make_segment()) >> split(*branches, by=by)))

    assert found((10, None), (None, None)) == set()
    assert found((None, None)) == {"branches_missing"}
    assert found((60, None), (50, None), (None, None)) == {"over_100_percent"}
    assert found((None, None), (None, None)) == {"amount_missing"}
    assert found((0, None), (None, None)) == {"amount_wrong"}
    assert found((1.5, None), (None, None), by="value") == {"amount_wrong"}


def test_waits_beyond_the_end_are_a_warning_and_do_not_forbid_going_live() -> None:
    end = START + timedelta(days=2)
    report = check(audience(make_segment()) >> wait(days=3) >> wait_until("2020-01-01T00:00"), end_at=end)
    assert codes(report, "warning") == {"wait_beyond_end", "moment_past"}
    assert report.verdict is Verdict.WARNING
    assert report.errors == []
