"""The blast radius says before going live what the engine does after it: who enters, who gets no mail and why."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

import senet.journeys
from senet.accounts.values import Author, Role
from senet.journeys import actions
from senet.journeys.models import Journey
from senet.journeys.radius import measure_blast_radius
from senet.messages.actions import ADDRESS_PATTERN
from senet.messages.models import SendingLimit, Suppression
from senet.people.models import Contact
from senet.shared.sql import load_sql
from tests.support.accounts import main_unit, make_unit, make_user, sign_in
from tests.support.journeys import (
    START,
    World,
    at,
    audience,
    email,
    if_then,
    join,
    make_email,
    make_list,
    make_segment,
    messages,
    opened,
    split,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts


def reasons(found: Any) -> dict[str, int]:
    return {each.reason: each.count for each in found}


def make_mixed_people() -> list[int]:
    """30 people of whom some may not, cannot or shall not get mail."""
    people = make_contacts(30)
    Contact.objects.update(consent_level=3)
    changes: list[tuple[list[int], dict[str, Any]]] = [
        (people[0:3], {"consent_level": 1}),
        (people[3:5], {"active": False}),
        (people[5:6], {"do_not_email": True}),
        (people[6:8], {"do_not_bulk_email": True}),
        (people[8:9], {"email": ""}),
        (people[9:10], {"email": "no at sign"}),
        (people[10:13], {"email": "Same@example.com"}),
        (people[13:14], {"email": "same@EXAMPLE.com"}),
    ]
    for some, columns in changes:
        Contact.objects.filter(pk__in=some).update(**columns)
    return people


@pytest.mark.parametrize("designation", ["commercial", "transactional"])
def test_it_says_what_the_engine_will_do(world: World, designation: str) -> None:
    people = make_mixed_people()
    suppression = make_segment(people[14:16])
    Contact.objects.filter(pk=people[16]).update(business_unit=make_unit("Elsewhere"))
    lane = audience(make_segment(people[:20]), lists=[make_list(people[18:])]) >> email(
        make_email(legal_designation=designation)
    )
    journey = world.draw(lane, suppression_segment_id=suppression, minimum_consent=2, scope="business_unit")
    found = measure_blast_radius(journey, world.now)
    assert (found.would_enter, found.suppressed, found.below_consent, found.already_in) == (24, 2, 3, 0)
    world.go_live(journey)
    world.tick()
    entered = {visit.contact_id: visit for visit in visits(journey, tile=1)}
    assert len([visit for visit in entered.values() if visit.outcome == "processed"]) == found.would_enter
    stopped = Counter(visit.reason for visit in entered.values() if visit.outcome == "stopped")
    assert stopped == reasons(found.stopped) == {"suppressed": 2, "business_unit": 1}
    blocked = Counter(reason for _, _, state, reason in messages(journey) if state == "blocked")
    assert blocked == reasons(found.blocked)
    assert blocked["EmailBlockedByUser"] == (3 if designation == "commercial" else 1)
    assert blocked["EmailBlockedDuplicateAddress"] == 3
    queued = sum(state == "queued" for _, _, state, _ in messages(journey))
    assert found.forecast is not None
    assert [(day.messages, day.at_most) for day in found.forecast.days] == [(queued, queued)]


def test_suppressed_addresses_are_counted_by_what_suppressed_them(world: World) -> None:
    people = make_contacts(12)
    addresses = [f"P{number}@Example.com" for number in range(6)] + [f"office@d{number}.example" for number in range(6)]
    for person, address in zip(people, addresses, strict=True):
        Contact.objects.filter(pk=person).update(email=address)
    keys = {
        "p0@example.com": "complaint", "p1@example.com": "hard_bounce", "p2@example.com": "soft_bounces",
        "p3@example.com": "manual", "@d0.example": "pattern", "office@": "pattern", "office@d1.example": "hard_bounce",
    }  # fmt: skip
    for key, cause in keys.items():
        Suppression.objects.create(key=key, cause=cause, since=world.now)
    Suppression.objects.create(key="p4@example.com", cause="hard_bounce", since=world.now, until=world.now)
    Suppression.objects.create(key="p5@example.com", cause="manual", since=world.now, released_at=world.now)
    journey = world.draw(audience(make_segment(people)) >> email(make_email()))
    found = measure_blast_radius(journey, world.now)
    assert reasons(found.blocked) == {"EmailBounceCacheBlocked": 7, "EmailHardBounced": 3}
    assert found.would_enter == 12
    assert found.forecast is not None
    assert found.forecast.days[0].messages == 2
    world.go_live(journey)
    world.tick()
    became = Counter(
        "EmailHardBounced" if state == "hard_bounced" else reason for _, _, state, reason in messages(journey)
    )
    del became[None]
    assert became == reasons(found.blocked)


def test_those_who_have_had_as_many_mails_as_a_cap_allows_are_counted(world: World) -> None:
    people = make_contacts(6)
    unit = make_unit("North")
    Contact.objects.filter(pk=people[5]).update(business_unit=unit)
    for number, times in enumerate([0, 1, 2, 3, 2, 1]):
        for _ in range(times):
            at = world.now - timedelta(days=8 if number == 4 else 1)
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id,"
                    " queued_at, sent_at, state, address, domain)"
                    " SELECT 999, count(*), 1, %s, 1, 1, %s, %s, 'delivered', '', '' FROM message",
                    [people[number], at, at],
                )
    SendingLimit.objects.create(per_week=2, updated_at=world.now)
    SendingLimit.objects.create(business_unit=unit, per_month=1, updated_at=world.now)
    segment = make_segment(people)
    commercial = measure_blast_radius(world.draw(audience(segment) >> email(make_email())), world.now)
    assert reasons(commercial.blocked) == {"EmailBlockedByFrequencyCap": 3}
    assert commercial.forecast is not None
    assert commercial.forecast.days[0].messages == 3
    receipt = make_email(legal_designation="transactional")
    assert measure_blast_radius(world.draw(audience(segment) >> email(receipt)), world.now).blocked == ()


def test_whoever_is_inside_does_not_enter_again(world: World) -> None:
    people = make_contacts(5)
    segment = make_segment(people[:3])
    journey = world.run(audience(segment) >> wait(days=1))
    join("segment", segment, people[3:])
    found = measure_blast_radius(journey, world.now)
    assert (found.would_enter, found.already_in) == (2, 3)
    assert {person.id for person in found.sample} == set(people[3:])


def test_the_next_iteration_calls_everybody_in_again(world: World) -> None:
    people = make_contacts(4)
    journey = world.run(
        audience(make_segment(people)) >> wait(days=1) >> email(make_email()) >> wait(days=9) >> email(make_email()),
        is_recurring=True,
        interval_days=5,
        iteration_count=3,
        end_at=world.now + timedelta(days=30),
    )
    world.tick(days=5)
    found = measure_blast_radius(journey, world.now)
    assert (found.would_enter, found.already_in) == (0, 4)
    draft = actions.copy_journey(journey, author=Author(make_user().pk, main_unit().pk), now=world.now)
    assert measure_blast_radius(draft, world.now).forecast is not None
    forecast = measure_blast_radius(draft, world.now).forecast
    assert forecast is not None
    assert [tile.messages for tile in forecast.tiles] == [4, 0]  # the second is beyond the iteration


def test_people_with_a_journey_that_sends_nothing_are_blocked_by_nothing(world: World) -> None:
    people = make_mixed_people()
    found = measure_blast_radius(world.draw(audience(make_segment(people)) >> task()), world.now)
    assert (found.would_enter, found.blocked) == (30, ())
    assert found.forecast is not None
    assert (found.forecast.at_most, found.forecast.days) == (0, ())


def test_several_entrances_are_shown_apart_and_people_counted_once(world: World) -> None:
    people = make_contacts(6)
    Contact.objects.filter(pk__in=people[:1]).update(consent_level=0)
    banned = make_segment([people[5]])
    journey = world.draw(
        audience(make_segment(people[:4])) >> email(make_email()),
        audience(make_segment(people[2:]), exclude=[banned]) >> task(),
        audience(make_segment()) >> task(),
        minimum_consent=1,
    )
    found = measure_blast_radius(journey, world.now)
    assert [(each.tile, each.would_enter, each.below_consent) for each in found.entrances] == [
        (1, 3, 1),
        (3, 3, 0),
        (5, 0, 0),
    ]
    assert found.would_enter == 4
    world.go_live(journey)
    world.tick()
    assert len(at(journey, 2) | at(journey, 4)) == 4


def test_an_intersection_brings_in_those_in_all_sources(world: World) -> None:
    people = make_contacts(6)
    lane = audience(make_segment(people[:4]), lists=[make_list(people[2:])], merge="intersection") >> task()
    found = measure_blast_radius(world.draw(lane), world.now)
    assert found.would_enter == 2
    assert {person.id for person in found.sample} == set(people[2:4])


def test_the_forecast_begins_with_the_journey(world: World) -> None:
    people = make_contacts(10)
    lane = (
        audience(make_segment(people))
        >> email(make_email())
        >> if_then(opened(2), days=2, yes=split((50, email(make_email())), (None, None)), no=email(make_email()))
    )
    start = world.now + timedelta(days=3)
    found = measure_blast_radius(world.draw(lane, start_at=start), world.now).forecast
    assert found is not None
    assert [(day.day, day.messages, day.at_most) for day in found.days] == [
        (start.date(), 10, 15),
        ((start + timedelta(days=2)).date(), 0, 10),
    ]
    assert "estimate" in found.note


def test_a_draft_without_an_audience_reaches_nobody(world: World) -> None:
    nobody = measure_blast_radius(world.draw(audience()), world.now)
    assert (nobody.would_enter, nobody.sample, nobody.entrances) == (0, (), ())


def test_the_radius_over_http(world: World) -> None:
    people = make_mixed_people()
    journey = world.draw(audience(make_segment(people)) >> email(make_email()))
    Journey.objects.filter(pk=journey).update(business_unit=make_unit("North"))
    shown = sign_in(Role.ADMINISTRATOR).get(f"/journeys/{journey}/blast-radius").json()
    assert shown["would_enter"] == 30
    assert {each["reason"]: each["count"] for each in shown["blocked"]}["EmailBlockedDuplicateAddress"] == 3
    assert len(shown["sample"]) == 10
    assert shown["forecast"]["days"][0]["messages"] == 20


def test_members_are_looked_up_by_the_keys_of_segments_and_lists(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO segment_member (segment_id, contact_id, joined_at)"
            " SELECT n % 50, n, now() FROM generate_series(1, 50000) AS n"
        )
        cursor.execute(
            "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, arrived_xid)"
            " SELECT 2 + n % 20, 1, 3, n, now(), now(), 1 FROM generate_series(1, 20000) AS n"
        )
        cursor.execute(
            "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, queued_at,"
            " state, address, address_key, domain)"
            " SELECT 2 + n % 20, 1, 2, n, 1, 1, now(), 'delivered', 'p' || n || '@example.com',"
            " 'p' || n || '@example.com', 'example.com' FROM generate_series(1, 20000) AS n"
        )
        cursor.execute("ANALYZE segment_member, visit, message")  # a table that is known to be empty is read
        parameters: dict[str, Any] = {
            "journey_id": 1, "iteration": 1, "tile": 1, "included_segments": [7], "included_lists": [3],
            "excluded_segments": [8], "needed": 2, "single": False, "suppression_segment_id": 9, "minimum_consent": 2,
            "business_unit_id": None, "has_mail": True, "commercial": True, "address_pattern": ADDRESS_PATTERN,
            "now": START, "capped": True, "own_units": [2], "cap_units": [0, 2], "cap_sinces": [START, START],
            "cap_mosts": [3, 1],
        }  # fmt: skip
        cursor.execute("EXPLAIN " + load_sql(senet.journeys, "measure_blast_radius"), parameters)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Seq Scan on segment_member" not in plan
    assert "Seq Scan on visit" not in plan
    assert "Seq Scan on message" not in plan
