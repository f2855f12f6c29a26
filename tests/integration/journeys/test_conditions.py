"""If/then: what counts, when it counts, and which way it leads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    clicked,
    delivered,
    email,
    if_then,
    make_email,
    make_segment,
    opened,
    publish_email,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts


def test_what_raced_ahead_of_the_person_counts_on_arrival(world: World) -> None:
    quick, slow = make_contacts(2)
    lane = audience(make_segment([quick, slow])) >> email(make_email()) >> wait(days=1)
    journey = world.run(lane >> if_then(clicked(2), days=7, yes=task(), no=task()))
    world.interact("EmailClicked", journey, 2, [quick], link=1)
    world.tick(hours=1)
    assert standing(journey) == {quick: 3, slow: 3}
    world.tick(days=1)
    assert at(journey, 5) == {quick}
    (visit,) = visits(journey, tile=4, contact=quick)
    assert visit.arrived_at == visit.left_at == world.now
    assert standing(journey) == {slow: 4}


def test_an_interaction_that_is_read_only_after_the_arrival_finds_the_waiting_person(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(
        audience(make_segment([person])) >> email(make_email()) >> if_then(opened(2), days=1, yes=task())
    )
    world.interact("EmailOpened", journey, 2, [person], at=world.now - timedelta(minutes=1))
    world.tick()
    assert at(journey, 4) == {person}


def test_and_rules_latch_one_by_one(world: World) -> None:
    (person,) = make_contacts(1)
    rules = if_then(opened(2), clicked(2), logic="and", days=7, yes=task(), no=task())
    journey = world.run(audience(make_segment([person])) >> email(make_email()) >> rules)
    world.interact("EmailOpened", journey, 2, [person])
    world.tick(days=1)
    assert standing(journey) == {person: 3}
    world.interact("EmailClicked", journey, 2, [person], link=2)
    world.tick(days=1)
    assert at(journey, 4) == {person}


def test_or_rules_fire_on_the_first(world: World) -> None:
    people = make_contacts(2)
    rules = if_then(opened(2), clicked(2), days=7, yes=task(), no=task())
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> rules)
    world.interact("EmailOpened", journey, 2, people[:1])
    world.interact("EmailClicked", journey, 2, people[1:])
    world.tick(days=1)
    assert at(journey, 4) == set(people)


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        ("delivered", "EmailDelivered"),
        ("opened", "EmailOpened"),
        ("clicked", "EmailClicked"),
        ("hard_bounced", "EmailHardBounced"),
        ("soft_bounced", "EmailSoftBounced"),
    ],
)
def test_each_condition_listens_to_its_own_interaction(world: World, condition: str, kind: str) -> None:
    right, wrong = make_contacts(2)
    rule = {"source": 2, "condition": condition}
    journey = world.run(
        audience(make_segment([right, wrong])) >> email(make_email()) >> if_then(rule, days=1, yes=task())
    )
    world.interact(kind, journey, 2, [right])
    world.interact("EmailSent", journey, 2, [wrong])
    world.tick()
    assert at(journey, 4) == {right}


def test_a_click_on_any_link_with_the_same_address_fires(world: World) -> None:
    same, other, looped = make_contacts(3)
    mail = make_email("https://a.example/", "https://b.example/", "https://a.example/")
    lane = audience(make_segment([same, other, looped])) >> email(mail)
    journey = world.run(lane >> if_then(clicked(2, link=1), days=1, yes=task(), no=task()))
    world.interact("EmailClicked", journey, 2, [same], link=3)
    world.interact("EmailClicked", journey, 2, [other], link=2)
    world.interact("EmailClicked", journey, 2, [looped], link=1 + 256)
    world.tick()
    assert at(journey, 4) == {same, looped}
    assert standing(journey) == {other: 3}


def test_robots_open_no_way(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(
        audience(make_segment([person])) >> email(make_email()) >> if_then(clicked(2), days=1, yes=task())
    )
    world.interact("EmailClicked", journey, 2, [person], verdict="bot")
    world.tick()
    assert standing(journey) == {person: 3}
    world.interact("EmailClicked", journey, 2, [person], verdict="human")
    world.tick()
    assert at(journey, 4) == {person}


def test_what_happened_in_time_counts_when_it_is_read_late(world: World) -> None:
    in_time, too_late = make_contacts(2)
    rules = if_then(opened(2), days=1, yes=task(), no=task())
    journey = world.run(audience(make_segment([in_time, too_late])) >> email(make_email()) >> rules)
    due = world.now + timedelta(days=1)
    world.interact("EmailOpened", journey, 2, [in_time], at=due)
    world.interact("EmailOpened", journey, 2, [too_late], at=due + timedelta(seconds=1))
    world.tick(days=2)
    assert at(journey, 4) == {in_time}
    assert at(journey, 5) == {too_late}


def test_interactions_of_another_tile_or_journey_do_not_count(world: World) -> None:
    (person,) = make_contacts(1)
    mail, segment = make_email(), make_segment([person])
    lane = audience(segment) >> email(mail) >> email(mail) >> if_then(opened(3), days=1, yes=task())
    journey = world.run(lane)
    other = world.run(audience(segment) >> email(mail) >> if_then(opened(2), days=1, yes=task()))
    world.interact("EmailOpened", journey, 2, [person])
    world.interact("EmailOpened", other, 3, [person])
    world.tick()
    assert standing(journey) == {person: 4}
    assert standing(other) == {person: 3}


def test_a_chain_of_conditions_is_walked_in_one_tick(world: World) -> None:
    people = make_contacts(2)
    second = if_then(clicked(2), days=1, yes=task(), no=task())
    first = if_then(opened(2), days=1, yes=second, no=task())
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> first)
    world.interact("EmailOpened", journey, 2, people)
    world.interact("EmailClicked", journey, 2, people[:1])
    world.tick()
    assert at(journey, 5) == {people[0]}
    assert standing(journey) == {people[1]: 4}
    check_ledger(journey)


def test_what_happens_while_the_journey_is_stopped_counts_when_it_resumes(world: World) -> None:
    from senet.journeys import actions

    people = make_contacts(2)
    rules = if_then(delivered(2), days=5, yes=task(), no=task())
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> rules)
    actions.stop(journey, now=world.now)
    world.interact("EmailDelivered", journey, 2, people[:1])
    world.tick(hours=1)
    assert standing(journey) == dict.fromkeys(people, 3)
    world.go_live(journey)
    world.tick(hours=1)
    assert at(journey, 4) == {people[0]}
    check_ledger(journey)


def test_a_rule_that_was_edited_in_finds_what_happened_before(world: World) -> None:
    from senet.journeys import actions
    from senet.journeys.models import Journey

    (person,) = make_contacts(1)
    journey = world.run(
        audience(make_segment([person])) >> email(make_email()) >> if_then(opened(2), days=5, yes=task())
    )
    world.interact("EmailClicked", journey, 2, [person])
    world.tick()
    assert standing(journey) == {person: 3}
    actions.edit(journey, now=world.now)
    definition = Journey.objects.get(pk=journey).definition
    definition["tiles"][2]["rules"] = [clicked(2)]
    actions.update_journey(journey, {"definition": definition}, now=world.now)
    world.tick()
    assert standing(journey) == {person: 3}
    world.go_live(journey)
    world.tick()
    assert at(journey, 4) == {person}


def test_a_journey_keeps_the_emails_version_until_it_goes_live_again(world: World) -> None:
    from django.db import connection

    from senet.journeys import actions

    first, second, third = make_contacts(3)
    mail, segment = make_email(), make_segment([first])
    journey = world.run(audience(segment) >> email(mail))
    publish_email(mail)
    from tests.support.journeys import join

    join("segment", segment, [second])
    world.tick()
    actions.stop(journey, now=world.now)
    world.go_live(journey)
    join("segment", segment, [third])
    world.tick()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.number FROM message m JOIN email_version v ON v.id = m.email_version_id"
            " WHERE journey_id = %s ORDER BY contact_id",
            [journey],
        )
        assert [number for (number,) in cursor.fetchall()] == [1, 1, 2]
