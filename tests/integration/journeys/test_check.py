"""Check for errors finds everything at once and says what to do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from senet.accounts.values import Author
from senet.journeys import actions
from senet.journeys.check import CheckReport
from senet.journeys.values import Verdict
from tests.support.accounts import main_unit, make_user
from tests.support.content import make_confirmation_email
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
    settings.setdefault("end_at", START + timedelta(days=365))
    settings.setdefault("content_settings_id", make_content_settings())
    drawn = tiles.number(range(1, 100)) if isinstance(tiles, Lane) else tiles
    author = Author(make_user().pk, main_unit().pk)
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


def test_a_circle_is_an_error_and_a_tile_that_nobody_can_reach_a_warning() -> None:
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
    }
    assert [(each.code, each.where) for each in report.problems if each.severity == "warning"] == [
        ("unreachable", "tiles.4")
    ]


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
    assert found(opened(1)) == {"source_unusable"}
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


def test_a_branch_on_which_nothing_follows_is_a_warning_that_names_it() -> None:
    mail = make_email()
    report = check(
        audience(make_segment()) >> email(mail) >> if_then(opened(2), days=1, yes=split((50, task()), (None, None)))
    )
    warnings = [(each.code, each.where, each.message) for each in report.problems if each.severity == "warning"]
    assert warnings == [
        ("empty_branch", "tiles.3", "Nothing follows on the branch “No”: people leave the journey there."),
        ("empty_branch", "tiles.4", "Nothing follows on the branch “B”: people leave the journey there."),
    ]


def test_a_journey_without_an_end_is_warned_of() -> None:
    assert codes(check(audience(make_segment()) >> task(), end_at=None), "error", "warning") == {"end_missing"}


def test_segments_that_contradict_one_another_are_warned_of() -> None:
    segment = make_segment()
    assert codes(check(audience(segment) >> task(), suppression_segment_id=segment), "error", "warning") == {
        "suppression_in_audience"
    }
    assert codes(check(audience(segment, make_segment(), exclude=[segment]) >> task()), "error", "warning") == {
        "source_excluded_too"
    }


@pytest.mark.parametrize(
    ("size", "refuse", "found"),
    [
        (102_399, True, set()),
        (102_400, False, {("email_large", "warning")}),
        (131_072, True, {("email_large", "warning")}),
        (131_073, False, {("email_too_large", "warning")}),
        (131_073, True, {("email_too_large", "error")}),
    ],
)
def test_a_large_email_is_warned_of_and_an_error_where_the_journey_refuses_it(
    size: int, refuse: bool, found: set[tuple[str, str]]
) -> None:
    mail = make_email(html="x" * size, language="en")
    report = check(audience(make_segment()) >> email(mail), refuse_large_emails=refuse)
    assert {(each.code, each.severity) for each in report.problems} == found


def test_an_email_should_say_its_language_and_keep_to_the_one_before_it() -> None:
    english, british, german = (make_email(html="x", language=each) for each in ("en", "en-GB", "de"))
    silent = make_email(html="x", language="")
    assert codes(check(audience(make_segment()) >> email(silent)), "warning") == {"email_language_missing"}
    assert codes(check(audience(make_segment()) >> email(english) >> email(british)), "warning") == set()
    (warning,) = check(audience(make_segment()) >> email(english) >> email(british) >> email(german)).problems
    assert (warning.code, warning.where) == ("email_language_differs", "tiles.4")
    ways = split((50, email(english)), (None, email(german)))
    assert codes(check(audience(make_segment()) >> ways), "warning") == set()


def test_waits_beyond_the_end_are_a_warning_and_do_not_forbid_going_live() -> None:
    end = START + timedelta(days=2)
    report = check(audience(make_segment()) >> wait(days=3) >> wait_until("2020-01-01T00:00"), end_at=end)
    assert codes(report, "warning") == {"wait_beyond_end", "moment_past"}
    assert report.verdict is Verdict.WARNING
    assert report.errors == []


def test_no_journey_sends_a_confirmation_request() -> None:
    request = make_confirmation_email().pk
    assert codes(check(audience(make_segment()) >> email(request))) == {"email_is_confirmation"}
