"""Where a person stands, and why, in a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from senet.journeys import actions
from senet.journeys.errors import JourneyNotFound
from senet.journeys.queries import find_standing
from tests.support.journeys import (
    World,
    audience,
    email,
    if_then,
    join,
    make_email,
    make_segment,
    opened,
    task,
    wait,
)
from tests.support.people import make_contacts


def test_somebody_who_waits_is_told_for_what_and_until_when(world: World) -> None:
    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> email(make_email()) >> if_then(opened(2), days=7, no=task())
    journey = world.run(lane)
    stands = find_standing(journey, person, world.now)
    assert (stands.state, stands.tile, stands.since) == ("waiting", 3, world.now)
    assert stands.until == world.now + timedelta(days=7)
    assert stands.explanation == "Stands at “If then” and waits until “Email” is opened."
    assert [(step.tile, step.outcome) for step in stands.way] == [(1, "processed"), (2, "processed"), (3, None)]


def test_the_way_names_the_branches_that_were_taken(world: World) -> None:
    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> email(make_email()) >> if_then(opened(2), days=1, no=task())
    journey = world.run(lane)
    world.tick(days=1)
    stands = find_standing(journey, person, world.now)
    assert stands.state == "finished"
    assert [step.branch_label for step in stands.way] == ["", "", "No", ""]


def test_somebody_who_was_stopped_is_told_why(world: World) -> None:
    (person,) = make_contacts(1)
    suppression = make_segment()
    journey = world.run(audience(make_segment([person])) >> wait(days=1), suppression_segment_id=suppression)
    join("segment", suppression, [person])
    world.tick()
    stands = find_standing(journey, person, world.now)
    assert (stands.state, stands.reason) == ("stopped", "suppressed")
    assert stands.explanation == "Stopped at “Wait for” because they are in the journey's suppression segment."


def test_in_a_stopped_journey_the_sentence_says_that_nobody_moves(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(audience(make_segment([person])) >> wait(days=1))
    actions.stop(journey, now=world.now)
    assert find_standing(journey, person, world.now).explanation == (
        "Stands at “Wait for”; the journey is stopped, so nobody moves."
    )


def test_a_stranger_has_not_entered(world: World) -> None:
    inside, outside = make_contacts(2)
    journey = world.run(audience(make_segment([inside])))
    assert find_standing(journey, outside, world.now).state == "not_entered"
    with pytest.raises(JourneyNotFound):
        find_standing(journey + 1, inside, world.now)
