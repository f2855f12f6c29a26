"""People move through journeys on a virtual clock."""

from __future__ import annotations

from datetime import timedelta

from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    email,
    join,
    make_email,
    make_segment,
    messages,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts


def test_a_cohort_flows_through_tiles_that_do_not_wait_in_one_tick(world: World) -> None:
    people = make_contacts(5)
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> wait(days=2) >> task())
    assert [row[:3] for row in messages(journey)] == [(2, contact, "queued") for contact in people]
    assert standing(journey) == dict.fromkeys(people, 3)
    assert {visit.due_at for visit in visits(journey, tile=3)} == {world.now + timedelta(days=2)}
    check_ledger(journey)


def test_a_wait_lets_go_when_its_time_has_come_and_not_before(world: World) -> None:
    people = make_contacts(2)
    journey = world.run(audience(make_segment(people)) >> wait(days=2) >> task())
    world.tick(days=1, hours=23)
    assert at(journey, 3) == set()
    world.tick(hours=1)
    assert at(journey, 3) == set(people)
    assert standing(journey) == {}
    check_ledger(journey)


def test_who_joins_the_segment_later_enters_then(world: World) -> None:
    first, second = make_contacts(2)
    segment = make_segment([first])
    journey = world.run(audience(segment) >> wait(days=1))
    join("segment", segment, [second])
    world.tick(hours=5)
    assert standing(journey) == {first: 2, second: 2}
    assert visits(journey, tile=1, contact=second)[0].arrived_at == world.now


def test_a_tick_with_nothing_to_do_does_nothing(world: World) -> None:
    journey = world.run(audience(make_segment(make_contacts(3))) >> wait(days=1))
    before = visits(journey)
    report = world.tick(hours=1)
    assert report.moved == 0
    assert report.chunks == 0
    assert visits(journey) == before
