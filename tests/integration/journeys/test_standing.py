"""Where a person stands, and why, in a sentence."""

from __future__ import annotations

from datetime import timedelta

import pytest

from senet.journeys import actions
from senet.journeys.errors import JourneyNotFound
from senet.journeys.queries import find_standing
from senet.journeys.standing import REASONS
from senet.journeys.values import StopReason
from senet.people.models import Contact
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


def test_somebody_who_stands_on_two_lanes_is_told_of_both(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(
        audience(make_segment([person])) >> wait(days=1),
        audience(make_segment([person])) >> email(make_email()) >> if_then(opened(4), days=3, no=task()),
    )
    stands = find_standing(journey, person, world.now)
    assert stands.state == "waiting"
    assert [(place.tile, place.until) for place in stands.places] == [
        (2, world.now + timedelta(days=1)),
        (5, world.now + timedelta(days=3)),
    ]
    assert stands.explanation == (
        "Stands at “Wait for” and waits until 1 day has passed. Stands at “If then” and waits until “Email” is opened."
    )
    world.tick(days=1)
    assert [place.tile for place in find_standing(journey, person, world.now).places] == [5]
    actions.stop(journey, now=world.now)
    assert find_standing(journey, person, world.now).explanation == (
        "Stands at “If then”; the journey is stopped, so nobody moves."
    )


def test_each_iteration_has_its_own_standing(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(
        audience(make_segment([person])) >> wait(days=9),
        is_recurring=True,
        interval_days=5,
        iteration_count=2,
        end_at=world.now + timedelta(days=30),
    )
    world.tick(days=5)
    world.tick(hours=1)
    stands = find_standing(journey, person, world.now)
    assert [(each.number, each.state) for each in stands.iterations] == [(1, "stopped"), (2, "waiting")]
    assert stands.iterations[0].explanation == (
        "Stopped at “Wait for” because the next iteration of the journey began."
    )
    assert (stands.iteration, stands.state, stands.tile) == (2, "waiting", 2)


def test_every_reason_has_words() -> None:
    assert REASONS.keys() == set(StopReason)


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("stranger", "they are not in its audience."),
        ("excluded", "a segment that it excludes has them."),
        ("unwilling", "their consent is below its minimum."),
    ],
)
def test_somebody_who_has_not_entered_is_told_why(world: World, case: str, words: str) -> None:
    stranger, excluded, unwilling = make_contacts(3)
    Contact.objects.update(consent_level=3)
    Contact.objects.filter(pk=unwilling).update(consent_level=1)
    lane = audience(make_segment([excluded, unwilling]), exclude=[make_segment([excluded])]) >> task()
    journey = world.run(lane, minimum_consent=2)
    person = {"stranger": stranger, "excluded": excluded, "unwilling": unwilling}[case]
    stands = find_standing(journey, person, world.now)
    assert (stands.state, stands.places, stands.iterations) == ("not_entered", (), ())
    assert stands.explanation == f"This person has not entered the journey: {words}"


def test_somebody_who_will_enter_is_told_so(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment([person])
    journey = world.run(audience(segment) >> task(), start_at=world.now + timedelta(days=1))
    assert find_standing(journey, person, world.now).explanation == (
        "This person has not entered the journey yet: they will be called in as soon as it runs."
    )
    draft = world.draw(audience(segment))
    assert find_standing(draft, person, world.now).explanation == (
        "This person has not entered the journey: it was never live."
    )


def test_a_journey_that_is_not_there_is_not_found(world: World) -> None:
    (person,) = make_contacts(1)
    with pytest.raises(JourneyNotFound):
        find_standing(987654, person, world.now)
