"""Who was stopped goes on when nothing stands against it any more; a lost consent stops people at once."""

from __future__ import annotations

from django.db import connection

from senet.people.models import Contact
from tests.support.journeys import (
    World,
    at,
    audience,
    email,
    if_then,
    join,
    leave,
    make_email,
    make_segment,
    opened,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_company, make_contact, make_contacts


def test_who_leaves_the_suppression_segment_goes_on_where_they_stood(world: World) -> None:
    (person,) = make_contacts(1)
    suppression = make_segment()
    journey = world.run(audience(make_segment([person])) >> wait(days=3) >> task(), suppression_segment_id=suppression)
    join("segment", suppression, [person])
    world.tick(days=1)
    assert [(visit.outcome, visit.reason) for visit in visits(journey, tile=2)] == [("stopped", "suppressed")]
    leave("segment", suppression, [person])
    world.tick(hours=1)
    assert standing(journey) == {person: 2}
    world.tick(days=2)
    assert at(journey, 3) == {person}
    assert _resumptions(journey) == [(2, person, "suppressed")]


def test_who_was_stopped_at_the_entrance_enters_when_the_suppression_ends(world: World) -> None:
    (person,) = make_contacts(1)
    suppression = make_segment([person])
    journey = world.run(audience(make_segment([person])) >> task(), suppression_segment_id=suppression)
    assert at(journey, 2) == set()
    leave("segment", suppression, [person])
    world.tick(hours=1)
    assert at(journey, 2) == {person}
    assert len(visits(journey, tile=1)) == 1


def test_consent_that_falls_below_the_minimum_stops_at_once_and_consent_given_again_lets_go_on(world: World) -> None:
    person = make_contact(consent_level=4)
    lane = audience(make_segment([person.pk])) >> email(make_email()) >> if_then(opened(2), days=9, yes=task())
    journey = world.run(lane, minimum_consent=3)
    Contact.objects.filter(pk=person.pk).update(consent_level=2)
    world.tick(hours=1)
    assert [(visit.outcome, visit.reason) for visit in visits(journey, tile=3)] == [("stopped", "consent")]
    Contact.objects.filter(pk=person.pk).update(consent_level=3)
    world.tick(hours=1)
    assert standing(journey) == {person.pk: 3}
    world.interact("EmailOpened", journey, 2, [person.pk])
    world.tick(days=10)
    assert at(journey, 4) == {person.pk}


def test_what_somebody_did_while_they_were_stopped_counts_as_soon_as_they_go_on(world: World) -> None:
    person = make_contact(consent_level=4)
    lane = audience(make_segment([person.pk])) >> email(make_email()) >> if_then(opened(2), days=9, yes=task())
    journey = world.run(lane, minimum_consent=3)
    Contact.objects.filter(pk=person.pk).update(consent_level=2)
    world.tick(hours=1)
    world.interact("EmailOpened", journey, 2, [person.pk])
    world.tick(hours=1)
    assert at(journey, 4) == set()
    Contact.objects.filter(pk=person.pk).update(consent_level=3)
    world.tick(hours=1)
    assert at(journey, 4) == {person.pk}


def test_whose_company_has_decided_while_they_were_stopped_follows_it_as_soon_as_they_go_on(world: World) -> None:
    company = make_company()
    stopped, reader = (make_contact(company=company, consent_level=4).pk for _ in range(2))
    question = if_then(opened(2), based_on="company", days=9, yes=task())
    lane = audience(make_segment([stopped, reader])) >> email(make_email()) >> question
    journey = world.run(lane, minimum_consent=3, target="company")
    Contact.objects.filter(pk=stopped).update(consent_level=2)
    world.tick(hours=1)
    world.interact("EmailOpened", journey, 2, [reader])
    world.tick(hours=1)
    assert at(journey, 4) == {reader}
    Contact.objects.filter(pk=stopped).update(consent_level=3)
    world.tick(hours=1)
    assert at(journey, 4) == {reader, stopped}


def test_who_was_below_the_minimum_at_the_start_enters_once_consent_is_given(world: World) -> None:
    person = make_contact(consent_level=1)
    journey = world.run(audience(make_segment([person.pk])) >> task(), minimum_consent=3)
    assert visits(journey) == []
    Contact.objects.filter(pk=person.pk).update(consent_level=5)
    world.tick(hours=1)
    assert at(journey, 2) == {person.pk}


def test_who_is_still_suppressed_for_another_reason_does_not_go_on(world: World) -> None:
    person = make_contact(consent_level=4)
    suppression = make_segment()
    journey = world.run(
        audience(make_segment([person.pk])) >> wait(days=9), suppression_segment_id=suppression, minimum_consent=3
    )
    join("segment", suppression, [person.pk])
    world.tick(hours=1)
    Contact.objects.filter(pk=person.pk).update(consent_level=1)
    leave("segment", suppression, [person.pk])
    world.tick(hours=1)
    assert standing(journey) == {}
    Contact.objects.filter(pk=person.pk).update(consent_level=4)
    world.tick(hours=1)
    assert standing(journey) == {person.pk: 2}


def test_who_unsubscribed_or_was_cut_off_does_not_go_on(world: World) -> None:
    (person,) = make_contacts(1)
    suppression = make_segment()
    journey = world.run(audience(make_segment([person])) >> wait(days=9), suppression_segment_id=suppression)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE visit SET left_at = %s, left_xid = senet_xid(), outcome = 'stopped', reason = 'unsubscribed'"
            " WHERE journey_id = %s AND tile = 2",
            [world.now, journey],
        )
    join("segment", suppression, [person])
    leave("segment", suppression, [person])
    world.tick(hours=1)
    assert standing(journey) == {}


def _resumptions(journey: int) -> list[tuple[int, int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tile, contact_id, reason FROM resumption WHERE journey_id = %s", [journey])
        rows: list[tuple[int, int, str]] = cursor.fetchall()
    return rows
