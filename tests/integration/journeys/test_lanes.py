"""Several entrances in one journey: each begins a lane, and lanes may meet."""

from __future__ import annotations

from tests.support.journeys import (
    Json,
    Lane,
    World,
    at,
    audience,
    email,
    join,
    leave,
    make_email,
    make_list,
    make_segment,
    messages,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts


def test_each_entrance_calls_its_own_audience_in(world: World) -> None:
    first, second, both = make_contacts(3)
    one, other = make_segment([first, both]), make_segment([second, both])
    journey = world.run(audience(one) >> task("A"), audience(other) >> task("B"))
    assert at(journey, 2) == {first, both}
    assert at(journey, 4) == {second, both}


def test_who_joins_later_enters_at_the_entrance_of_what_they_joined(world: World) -> None:
    first, second = make_contacts(2)
    one, other = make_segment(), make_segment([first])
    journey = world.run(audience(one) >> wait(days=1), audience(other) >> wait(days=2))
    join("segment", one, [first, second])
    world.tick(hours=1)
    assert at(journey, 1) == {first, second}
    assert at(journey, 3) == {first}
    assert {(visit.tile, visit.contact_id) for visit in visits(journey) if visit.left_at is None} == {
        (2, first),
        (2, second),
        (4, first),
    }


def test_where_lanes_meet_nobody_comes_twice(world: World) -> None:
    first, second, both = make_contacts(3)
    mail = make_email()
    journey = world.run(*_meeting(make_segment([first, both]), make_segment([second, both]), mail))
    assert at(journey, 3) == {first, second, both}
    assert sorted(row[1] for row in messages(journey)) == [first, second, both]
    world.tick(days=1)
    assert at(journey, 5) == {first, second, both}
    assert len(visits(journey, tile=5)) == 3


def test_where_lanes_meet_whoever_comes_later_by_the_other_one_goes_no_further(world: World) -> None:
    (both,) = make_contacts(1)
    late = make_segment()
    journey = world.run(*_meeting(make_segment([both]), late, make_email()))
    world.tick(days=3)
    join("segment", late, [both])
    world.tick(hours=1)
    assert at(journey, 2) == {both}
    assert len(messages(journey)) == 1
    assert standing(journey) == {}


def test_unsubscribing_from_one_lanes_list_stops_a_person_in_all_lanes(world: World) -> None:
    (person,) = make_contacts(1)
    newsletter = make_list([person])
    journey = world.run(audience(lists=[newsletter]) >> wait(days=1), audience(make_segment([person])) >> wait(days=1))
    leave("list", newsletter, [person], by="centre")
    world.tick(hours=1)
    assert {(visit.tile, visit.outcome, visit.reason) for visit in visits(journey) if visit.tile in {2, 4}} == {
        (2, "stopped", "unsubscribed"),
        (4, "stopped", "unsubscribed"),
    }


def _meeting(one: int, other: int, mail: int) -> tuple[Lane, Lane]:
    """Two audiences (1, 2) that lead to the same email (3), wait (4) and task (5)."""
    first = audience(one)
    second = audience(other)
    shared = email(mail) >> wait(days=1) >> task()

    class Meeting(Lane):
        def number(self, ids: object) -> list[Json]:  # noqa: ARG002  the numbers are given
            tiles = [first.tile, second.tile]
            for number, tile in enumerate(tiles, start=1):
                tile.update(id=number, next=3)
            lane = shared.number(iter(range(3, 6)))
            return [*tiles, *lane]

    class Nothing(Lane):
        def number(self, ids: object) -> list[Json]:  # noqa: ARG002
            return []

    return Meeting({}), Nothing({})
