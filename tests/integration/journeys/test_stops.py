"""Who must not go on is stopped, with the reason, and everybody else goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from senet.journeys import actions
from senet.people.models import Contact
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    email,
    if_then,
    join,
    leave,
    make_email,
    make_list,
    make_segment,
    messages,
    opened,
    standing,
    status,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts


def test_contacts_below_the_minimum_consent_do_not_enter(world: World) -> None:
    enough, too_little = make_contacts(2)
    Contact.objects.filter(pk=too_little).update(consent_level=2)
    journey = world.run(audience(make_segment([enough, too_little])) >> wait(days=1), minimum_consent=3)
    assert at(journey, 1) == {enough}


def test_suppressed_contacts_stop_at_the_audience_and_get_nothing(world: World) -> None:
    kept, suppressed = make_contacts(2)
    lane = audience(make_segment([kept, suppressed])) >> email(make_email())
    journey = world.run(lane, suppression_segment_id=make_segment([suppressed]))
    (visit,) = visits(journey, contact=suppressed)
    assert (visit.tile, visit.outcome, visit.reason) == (1, "stopped", "suppressed")
    assert [contact for _, contact, _, _ in messages(journey)] == [kept]


def test_who_left_the_suppression_segment_again_before_it_was_read_goes_on(world: World) -> None:
    (person,) = make_contacts(1)
    suppression = make_segment()
    journey = world.run(audience(make_segment([person])) >> wait(days=1), suppression_segment_id=suppression)
    join("segment", suppression, [person])
    leave("segment", suppression, [person], by="rule")
    world.tick(hours=1)
    assert standing(journey) == {person: 2}


@pytest.mark.parametrize("by", ["centre", "one_click", "form"])
def test_unsubscribing_from_the_targeted_list_stops_at_once(world: World, by: str) -> None:
    gone, stays = make_contacts(2)
    subscribers = make_list([gone, stays])
    journey = world.run(audience(lists=[subscribers]) >> wait(days=1) >> task())
    leave("list", subscribers, [gone], by=by)
    world.tick(minutes=1)
    (stopped,) = visits(journey, tile=2, contact=gone)
    assert (stopped.outcome, stopped.reason, stopped.left_at) == ("stopped", "unsubscribed", world.now)
    world.tick(days=1)
    assert at(journey, 3) == {stays}
    check_ledger(journey)


@pytest.mark.parametrize("by", ["user", "rule", "import"])
def test_being_taken_off_the_list_by_hand_stops_nobody(world: World, by: str) -> None:
    (person,) = make_contacts(1)
    subscribers = make_list([person])
    journey = world.run(audience(lists=[subscribers]) >> wait(days=1) >> task())
    leave("list", subscribers, [person], by=by)
    world.tick(days=1)
    assert at(journey, 3) == {person}


def test_an_unsubscribe_while_the_journey_is_stopped_counts(world: World) -> None:
    (person,) = make_contacts(1)
    subscribers = make_list([person])
    journey = world.run(audience(lists=[subscribers]) >> wait(days=1) >> task())
    actions.stop(journey, now=world.now)
    leave("list", subscribers, [person], by="centre")
    world.tick(hours=1)
    world.go_live(journey)
    world.tick(days=2)
    assert at(journey, 3) == set()
    assert visits(journey, tile=2)[0].reason == "unsubscribed"


def test_leaving_a_segment_stops_nobody_and_rejoining_enters_nobody_again(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment([person])
    journey = world.run(audience(segment) >> wait(days=1) >> task())
    leave("segment", segment, [person], by="rule")
    world.tick(hours=1)
    join("segment", segment, [person], by="rule")
    world.tick(days=1)
    assert [visit.tile for visit in visits(journey, contact=person)] == [1, 2, 3]


def test_a_deleted_contact_stops_and_the_others_go_on(world: World) -> None:
    deleted, kept = make_contacts(2)
    journey = world.run(audience(make_segment([deleted, kept])) >> wait(days=1) >> task())
    Contact.objects.filter(pk=deleted).delete()
    world.tick(days=1)
    (stopped,) = visits(journey, tile=2, contact=deleted)
    assert (stopped.outcome, stopped.reason) == ("stopped", "deleted")
    assert at(journey, 3) == {kept}


def test_an_inactive_contact_gets_no_mail_but_goes_on(world: World) -> None:
    (person,) = make_contacts(1)
    Contact.objects.filter(pk=person).update(active=False)
    journey = world.run(audience(make_segment([person])) >> email(make_email()) >> task())
    assert messages(journey) == [(2, person, "blocked", "EmailBlockedInactiveContact")]
    assert at(journey, 3) == {person}


def test_somebody_stopped_is_not_moved_by_what_they_do_later(world: World) -> None:
    (person,) = make_contacts(1)
    suppression = make_segment()
    lane = audience(make_segment([person])) >> email(make_email()) >> if_then(opened(2), days=2, yes=task(), no=task())
    journey = world.run(lane, suppression_segment_id=suppression)
    join("segment", suppression, [person])
    world.interact("EmailOpened", journey, 2, [person])
    world.tick()
    world.tick(days=3)
    assert at(journey, 4) | at(journey, 5) == set()
    assert visits(journey, tile=3)[0].reason == "suppressed"


def test_at_the_end_everything_halts_where_it_stands(world: World) -> None:
    people = make_contacts(2)
    end = world.now + timedelta(days=1)
    journey = world.run(audience(make_segment(people)) >> wait(days=1) >> task(), end_at=end)
    report = world.tick(days=1)
    assert report.ended == 1
    assert status(journey) == "stopped"
    assert standing(journey) == dict.fromkeys(people, 2)
    world.tick(days=1)
    assert at(journey, 3) == set()
