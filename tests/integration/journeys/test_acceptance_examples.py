"""The acceptance examples 1–6 of the product that is re-created; 7 is in test_schedules.py, 8 in test_iterations.py."""

from __future__ import annotations

from datetime import timedelta

from senet.people.models import Contact
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    email,
    if_then,
    join,
    make_email,
    make_segment,
    messages,
    opened,
    split,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contact, make_contacts


def test_a_person_in_two_segments_of_a_union_enters_once_and_gets_one_mail(world: World) -> None:
    """Acceptance example 1."""
    first, both, second = make_contacts(3)
    journey = world.run(audience(make_segment([first, both]), make_segment([both, second])) >> email(make_email()))
    assert [visit.contact_id for visit in visits(journey, tile=1)] == [first, both, second]
    assert [contact for _, contact, _, _ in messages(journey)] == [first, both, second]


def test_the_second_of_two_contacts_with_one_address_is_blocked_and_both_go_on(world: World) -> None:
    """Acceptance example 2."""
    people = [make_contact("same@example.com").pk, make_contact("Same@example.com").pk]
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> task())
    assert sorted(state for _, _, state, _ in messages(journey)) == ["blocked", "queued"]
    assert {reason for *_, reason in messages(journey)} == {None, "EmailBlockedDuplicateAddress"}
    assert at(journey, 3) == set(people)


def test_a_trigger_goes_true_when_it_happens_and_false_when_the_persons_own_time_is_up(world: World) -> None:
    """Acceptance example 3."""
    opener, sleeper, late = make_contacts(3)
    segment = make_segment([opener, sleeper])
    lane = audience(segment) >> email(make_email()) >> if_then(opened(2), days=7, yes=task("Thank"), no=task("Ask"))
    journey = world.run(lane)
    world.tick(days=3)
    world.interact("EmailOpened", journey, 2, [opener])
    join("segment", segment, [late])
    world.tick()
    assert at(journey, 4) == {opener}
    (true_visit,) = visits(journey, tile=3, contact=opener)
    assert (true_visit.branch, true_visit.left_at) == (0, world.now)
    world.tick(days=3, hours=23)
    assert at(journey, 5) == set()
    world.tick(hours=1)
    assert at(journey, 5) == {sleeper}
    assert standing(journey) == {late: 3}
    world.tick(days=3)
    (false_visit,) = visits(journey, tile=3, contact=late)
    assert false_visit.branch == 1
    assert false_visit.left_at == false_visit.arrived_at + timedelta(days=7)
    check_ledger(journey)


def test_a_split_of_a_thousand_gives_ten_ten_and_the_rest_and_loses_nobody(world: World) -> None:
    """Acceptance example 4."""
    people = make_contacts(1000)
    lane = audience(make_segment(people)) >> split((10, task("A")), (10, task("B")), (None, task("C")))
    journey = world.run(lane)
    taken = [len(at(journey, tile)) for tile in (3, 4, 5)]
    assert taken == [100, 100, 800]
    assert at(journey, 3) | at(journey, 4) | at(journey, 5) == set(people)
    check_ledger(journey)


def test_who_joins_the_suppression_segment_while_waiting_is_stopped_and_gets_no_follow_up(world: World) -> None:
    """Acceptance example 5."""
    people = make_contacts(3)
    suppression = make_segment()
    lane = audience(make_segment(people)) >> email(make_email()) >> wait(days=2) >> email(make_email())
    journey = world.run(lane, suppression_segment_id=suppression)
    join("segment", suppression, people[:1])
    world.tick(hours=1)
    (stopped,) = visits(journey, tile=3, contact=people[0])
    assert (stopped.outcome, stopped.reason, stopped.left_at) == ("stopped", "suppressed", world.now)
    world.tick(days=3)
    assert {contact for tile, contact, _, _ in messages(journey) if tile == 4} == set(people[1:])
    check_ledger(journey)


def test_consent_that_falls_below_the_minimum_stops(world: World) -> None:
    """Acceptance example 6."""
    steady, falling = make_contacts(2)
    journey = world.run(audience(make_segment([steady, falling])) >> wait(days=1) >> task(), minimum_consent=3)
    Contact.objects.filter(pk=falling).update(consent_level=2)
    world.tick(days=1)
    (stopped,) = visits(journey, tile=2, contact=falling)
    assert (stopped.outcome, stopped.reason, stopped.branch) == ("stopped", "consent", None)
    assert at(journey, 3) == {steady}
