"""If/then tiles that ask about pages, forms, events and surveys, nested in an email or tiles of their own."""

from __future__ import annotations

from typing import get_args

import pytest

from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions
from senet.journeys.conditions import CONDITIONS, ConditionKey
from senet.journeys.models import Journey
from tests.support.journeys import (
    Json,
    Lane,
    World,
    at,
    audience,
    clicked,
    email,
    if_then,
    join,
    make_email,
    make_segment,
    standing,
    task,
    wait,
)
from tests.support.people import make_contacts

THINGS: list[tuple[ConditionKey, str, Json]] = [
    ("page_visited", "WebsiteVisited", {"page_id": 7}),
    ("page_visited", "FormVisited", {"page_id": 7}),
    ("page_submitted", "FormSubmitted", {"page_id": 7}),
    ("form_visited", "FormVisited", {"form_id": 7}),
    ("form_submitted", "FormSubmitted", {"form_id": 7}),
    ("event_registered", "EventRegistration", {"event_id": 7}),
    ("event_attended", "EventCheckIn", {"event_id": 7}),
    ("survey_answered", "SurveyResponse", {"detail": {"survey_id": 7}}),
]


def asks(source: int, condition: str, record_id: int | None = 7) -> Json:
    """A rule about a record that a tile leads to."""
    return {"source": source, "condition": condition, "element_id": record_id}


def content(kind: str, record_id: int | None = 7) -> Lane:
    """A tile of a page, form, event or survey."""
    return Lane({"kind": kind, f"{kind}_id": record_id})


def mail_with(*elements: tuple[str, int | None]) -> Lane:
    """An email that leads to these."""
    return email(make_email(), elements=[{"kind": kind, "record_id": number} for kind, number in elements])


def do(world: World, kind: str, contact_id: int | None, **columns: object) -> None:
    """Let somebody do something somewhere, now."""
    record([Interaction(kind, world.now, contact_id=contact_id, **columns)])  # type: ignore[arg-type]  # of the log


@pytest.mark.parametrize(("condition", "kind", "where"), THINGS)
def test_what_happens_on_what_an_email_leads_to_opens_the_way(
    world: World, condition: ConditionKey, kind: str, where: Json
) -> None:
    did, did_elsewhere, did_nothing = make_contacts(3)
    lane = audience(make_segment([did, did_elsewhere, did_nothing])) >> mail_with((CONDITIONS[condition].about, 7))
    journey = world.run(lane >> if_then(asks(2, condition), days=3, yes=task("Yes"), no=task("No")))
    do(world, kind, did, **where)
    elsewhere = {key: {"survey_id": 8} if key == "detail" else 8 for key in where}
    do(world, kind, did_elsewhere, **elsewhere)
    do(world, kind, None, **where)
    world.tick(minutes=1)
    assert at(journey, 4) == {did}
    world.tick(days=3)
    assert at(journey, 5) == {did_elsewhere, did_nothing}


def test_a_tile_of_its_own_lets_pass_and_can_be_asked_about(world: World) -> None:
    first, second = make_contacts(2)
    lane = audience(make_segment([first, second])) >> content("event") >> wait(days=1)
    journey = world.run(lane >> if_then(asks(2, "event_registered"), days=1, yes=task()))
    assert standing(journey) == dict.fromkeys([first, second], 3)
    do(world, "EventRegistration", first, event_id=7)  # races ahead of the if/then tile
    world.tick(days=1)
    assert at(journey, 5) == {first}


def test_what_somebody_did_before_they_came_to_the_tile_does_not_count(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment()
    lane = audience(segment) >> content("form")
    journey = world.run(lane >> if_then(asks(2, "form_submitted"), days=1, yes=task("Yes"), no=task("No")))
    do(world, "FormSubmitted", person, form_id=7)
    world.tick(hours=1)
    join("segment", segment, [person])
    world.tick(hours=1)
    assert standing(journey) == {person: 3}
    world.tick(days=1)
    assert at(journey, 5) == {person}


def test_rules_about_a_message_and_a_form_can_be_joined_and_latch(world: World) -> None:
    (person,) = make_contacts(1)
    rules = [clicked(2), asks(2, "form_submitted")]
    lane = audience(make_segment([person])) >> mail_with(("form", 7))
    journey = world.run(lane >> if_then(*rules, logic="and", days=9, yes=task()))
    do(world, "FormSubmitted", person, form_id=7)
    world.tick(days=1)
    assert standing(journey) == {person: 3}
    world.interact("EmailClicked", journey, 2, [person], link=1)
    world.tick(days=1)
    assert at(journey, 4) == {person}


def test_robots_open_no_way(world: World) -> None:
    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> mail_with(("page", 7))
    journey = world.run(lane >> if_then(asks(2, "page_visited"), days=1, yes=task()))
    do(world, "WebsiteVisited", person, page_id=7, verdict="bot")
    world.tick(hours=1)
    assert standing(journey) == {person: 3}


def test_a_rule_that_is_changed_while_live_looks_back(world: World) -> None:
    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> mail_with(("page", 7), ("form", 9))
    journey = world.run(lane >> if_then(asks(2, "page_visited"), days=9, yes=task()))
    do(world, "FormSubmitted", person, form_id=9)
    world.tick(hours=1)
    actions.edit(journey, now=world.now)
    tiles = _tiles(journey)
    tiles[2]["rules"] = [asks(2, "form_submitted", 9)]
    actions.update_journey(journey, {"definition": {"tiles": tiles}}, now=world.now)
    actions.go_live(journey, now=world.now)
    world.tick(hours=1)
    assert at(journey, 4) == {person}


def test_rules_about_records_are_checked(world: World) -> None:
    def found(*lanes: Lane) -> set[str]:
        first, *rest = lanes
        for lane in rest:
            first >> lane
        journey = world.draw(audience(make_segment()) >> first)
        problems = actions.check(journey, world.now).problems
        return {each.code for each in problems if each.severity == "error"}

    assert found(mail_with(("form", 7)), if_then(asks(2, "form_submitted"), days=1, yes=task())) == set()
    assert found(content("form"), if_then(asks(2, "form_visited"), days=1, yes=task())) == set()
    assert found(mail_with(("form", 7)), if_then(asks(2, "form_submitted", 8), days=1, yes=task())) == {
        "element_missing"
    }
    assert found(mail_with(("form", 7)), if_then(asks(2, "page_visited"), days=1, yes=task())) == {"condition_unusable"}
    assert found(content("form"), if_then({"source": 2, "condition": "opened"}, days=1, yes=task())) == {
        "condition_unusable"
    }
    assert found(content("form", None)) == {"content_missing"}
    assert found(mail_with(("page", None))) == {"content_missing"}
    assert found(task(), if_then(asks(2, "form_submitted"), days=1, yes=task())) == {"source_unusable"}


def test_every_condition_that_may_be_drawn_is_known() -> None:
    assert set(get_args(ConditionKey)) == set(CONDITIONS)


def _tiles(journey: int) -> list[Json]:
    tiles: list[Json] = Journey.objects.get(pk=journey).definition["tiles"]
    return tiles
