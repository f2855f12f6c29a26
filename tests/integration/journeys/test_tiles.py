"""Each kind of tile, by what it does to people."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from senet.accounts.values import Author
from senet.journeys.models import Activity
from tests.support.accounts import make_user
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    join,
    leave,
    make_list,
    make_segment,
    split,
    standing,
    task,
    visits,
    wait_until,
)
from tests.support.people import make_contacts


def test_an_intersection_calls_in_who_is_in_all_sources(world: World) -> None:
    a, both, b = make_contacts(3)
    lane = audience(make_segment([a, both]), lists=[make_list([both, b])], merge="intersection")
    journey = world.run(lane)
    assert at(journey, 1) == {both}


def test_an_intersection_calls_in_who_completes_it_later(world: World) -> None:
    (person,) = make_contacts(1)
    first, second = make_segment([person]), make_segment()
    journey = world.run(audience(first, second, merge="intersection"))
    assert at(journey, 1) == set()
    join("segment", second, [person])
    world.tick()
    assert at(journey, 1) == {person}


def test_excluded_members_stay_out_until_they_leave_the_excluded_segment(world: World) -> None:
    kept, out = make_contacts(2)
    excluded = make_segment([out])
    journey = world.run(audience(make_segment([kept, out]), exclude=[excluded]))
    assert at(journey, 1) == {kept}
    leave("segment", excluded, [out], by="rule")
    world.tick()
    assert at(journey, 1) == {kept, out}


def test_an_audience_is_called_in_stretch_by_stretch_and_complete(world: World) -> None:
    from senet.journeys import actions, enrolment
    from senet.journeys.engine import tick

    people = make_contacts(5000)
    journey = world.draw(audience(make_segment(people)) >> task())
    actions.go_live(journey, now=world.now)
    assert enrolment.call_audience(journey, world.now, stretch=1000)
    report = tick(world.now)
    assert report.enrolled == 5000
    assert report.chunks >= 3
    assert at(journey, 2) == set(people)


@pytest.mark.parametrize(
    ("zone", "moment"),
    [
        ("UTC", datetime(2026, 3, 3, 9, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 3, 3, 14, 0, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 3, 3, 3, 30, tzinfo=UTC)),
    ],
)
def test_wait_until_lets_everybody_go_at_one_moment_of_the_journeys_zone(
    world: World, zone: str, moment: datetime
) -> None:
    people = make_contacts(2)
    journey = world.run(audience(make_segment(people)) >> wait_until("2026-03-03T09:00") >> task(), time_zone=zone)
    assert {visit.due_at for visit in visits(journey, tile=2)} == {moment}
    world.clock.advance(moment - world.now - timedelta(minutes=1))
    world.tick()
    assert at(journey, 3) == set()
    world.tick(minutes=1)
    assert at(journey, 3) == set(people)


def test_who_comes_after_the_moment_passes_at_once(world: World) -> None:
    early, late = make_contacts(2)
    segment = make_segment([early])
    journey = world.run(audience(segment) >> wait_until("2026-03-03T09:00") >> task())
    world.tick(days=2)
    join("segment", segment, [late])
    world.tick()
    (visit,) = visits(journey, tile=2, contact=late)
    assert visit.left_at == visit.arrived_at
    assert at(journey, 3) == {early, late}


def test_a_split_by_value_fills_its_places_and_then_takes_nobody_more(world: World) -> None:
    first, second = make_contacts(30), make_contacts(30)
    segment = make_segment(first)
    lane = audience(segment) >> split((40, task("A")), (5, task("B")), (None, task("C")), by="value")
    journey = world.run(lane)
    assert [len(at(journey, tile)) for tile in (3, 4, 5)] == [30, 0, 0]
    join("segment", segment, second)
    world.tick()
    assert [len(at(journey, tile)) for tile in (3, 4, 5)] == [40, 5, 15]
    check_ledger(journey)


def test_a_split_by_percentage_stays_exact_when_people_come_one_by_one(world: World) -> None:
    people = make_contacts(20)
    segment = make_segment()
    journey = world.run(audience(segment) >> split((25, task("A")), (None, task("B"))))
    for person in people:
        join("segment", segment, [person])
        world.tick(minutes=1)
    assert [len(at(journey, tile)) for tile in (3, 4)] == [5, 15]


def test_lanes_that_meet_again_are_walked_once_by_everybody(world: World) -> None:
    from senet.journeys import actions

    people = make_contacts(40)
    tiles = [
        {"id": 1, "kind": "audience", "sources": [{"id": make_segment(people)}], "next": 2},
        {"id": 2, "kind": "split", "branches": [{"amount": 50, "next": 3}, {"amount": None, "next": 4}]},
        {"id": 3, "kind": "task", "subject": "Only half", "next": 4},
        {"id": 4, "kind": "task", "subject": "All", "next": 5},
        {"id": 5, "kind": "wait_for", "duration": {"amount": 1, "unit": "days"}},
    ]
    author = Author(make_user().pk, make_user().business_unit_id)
    journey = actions.create_journey(
        author=author, now=world.now, name="Meets", definition={"tiles": tiles}, start_at=world.now
    )
    world.go_live(journey)
    world.tick()
    assert Activity.objects.filter(subject="Only half").count() == 20
    assert Activity.objects.filter(subject="All").count() == 40
    assert standing(journey) == dict.fromkeys(people, 5)
    check_ledger(journey)
