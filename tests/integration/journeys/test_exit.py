"""Exit: the journey ends for whoever comes here, on every lane, and for nobody else."""

from __future__ import annotations

import threading
from datetime import timedelta

from django.db import connection, transaction

from senet.journeys.engine import tick
from senet.journeys.queries import find_standing
from senet.people.models import Contact
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    email,
    if_then,
    join,
    leave_journey,
    make_email,
    make_segment,
    opened,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts


def test_the_journey_ends_at_an_exit(world: World) -> None:
    people = make_contacts(3)
    journey = world.run(audience(make_segment(people)) >> wait(days=1) >> leave_journey())
    world.tick(days=1)
    assert standing(journey) == {}
    ended = visits(journey, tile=3)
    assert {visit.contact_id for visit in ended} == set(people)
    assert {(visit.outcome, visit.reason, visit.branch) for visit in ended} == {("processed", None, None)}
    assert {visit.left_at for visit in ended} == {world.now}
    state = find_standing(journey, people[0], world.now)
    assert (state.state, state.explanation) == ("finished", "The journey ended for this person at “Exit”.")
    check_ledger(journey)


def test_only_those_who_come_to_the_exit_leave(world: World) -> None:
    came, stays = make_contacts(2)
    lane = audience(make_segment([came, stays])) >> email(make_email())
    lane = lane >> if_then(opened(2), days=2, yes=leave_journey(), no=task())
    journey = world.run(lane)
    world.interact("EmailOpened", journey, 2, [came])
    world.tick(hours=1)
    assert at(journey, 4) == {came}
    assert standing(journey) == {stays: 3}
    world.tick(days=2)
    assert at(journey, 5) == {stays}
    check_ledger(journey)


def test_who_stands_on_another_lane_is_stopped_there_and_others_are_not(world: World) -> None:
    bought, other = make_contacts(2)
    buyers = make_segment()
    lanes = audience(make_segment([bought, other])) >> wait(days=9), audience(buyers) >> leave_journey()
    journey = world.run(*lanes)
    join("segment", buyers, [bought])
    world.tick(days=1)
    (stopped,) = visits(journey, tile=2, contact=bought)
    assert (stopped.outcome, stopped.reason, stopped.left_at) == ("stopped", "exited", world.now)
    assert standing(journey) == {other: 2}
    state = find_standing(journey, bought, world.now)
    assert (state.state, state.tile) == ("finished", 4)


def test_whoever_has_left_by_an_exit_does_not_enter_by_another_lane(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment()
    journey = world.run(audience(segment) >> task(), audience(make_segment([person])) >> leave_journey())
    join("segment", segment, [person])
    world.tick(days=1)
    assert at(journey, 1) == set()


def test_an_exit_wins_over_the_ways_that_the_same_step_opens(world: World) -> None:
    """Both if/then tiles hear of the same click; the exit takes the person before the task does."""
    (person,) = make_contacts(1)
    segment = make_segment([person])
    gone = audience(segment) >> email(make_email()) >> if_then(opened(2), days=9, yes=leave_journey())
    stays = audience(segment) >> email(make_email()) >> if_then(opened(6), days=9, yes=wait(days=1) >> task())
    journey = world.run(gone, stays)
    world.interact("EmailOpened", journey, 2, [person])
    world.interact("EmailOpened", journey, 6, [person])
    world.tick(days=1)
    assert standing(journey) == {}
    assert at(journey, 9) == set()
    assert world.tick(days=20).moved == 0


def test_a_person_whom_another_worker_held_goes_no_further_when_it_lets_them_go(world: World) -> None:
    (person,) = make_contacts(1)
    buyers = make_segment()
    journey = world.run(
        audience(make_segment([person])) >> wait(days=3) >> task(), audience(buyers) >> wait(days=1) >> leave_journey()
    )
    join("segment", buyers, [person])
    world.tick()
    held, release = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SELECT FROM visit WHERE journey_id = %s AND tile = 2 FOR UPDATE", [journey])
                held.set()
                release.wait(10)
        finally:
            connection.close()

    worker = threading.Thread(target=hold)
    worker.start()
    assert held.wait(10)
    tick(world.clock.advance(timedelta(days=1)))
    release.set()
    worker.join()
    assert at(journey, 6) == {person}
    assert standing(journey) == {person: 2}
    assert find_standing(journey, person, world.now).state == "finished"
    world.tick(days=2)
    (stopped,) = visits(journey, tile=2)
    assert (stopped.outcome, stopped.reason) == ("stopped", "exited")
    assert at(journey, 3) == set()


def test_a_second_run_changes_nothing(world: World) -> None:
    people = make_contacts(5)
    journey = world.run(audience(make_segment(people)) >> wait(days=1) >> leave_journey())
    world.tick(days=1)
    walked = visits(journey)
    for _ in range(2):
        assert world.tick(minutes=1).moved == 0
    assert visits(journey) == walked


def test_deactivated_people_leave_too_and_deleted_ones_are_stopped_before(world: World) -> None:
    inactive, deleted = make_contacts(2)
    journey = world.run(audience(make_segment([inactive, deleted])) >> wait(days=1) >> leave_journey())
    Contact.objects.filter(pk=inactive).update(active=False)
    Contact.objects.filter(pk=deleted).delete()
    world.tick(days=1)
    assert at(journey, 3) == {inactive}
    (stopped,) = visits(journey, contact=deleted, tile=2)
    assert (stopped.outcome, stopped.reason) == ("stopped", "deleted")
