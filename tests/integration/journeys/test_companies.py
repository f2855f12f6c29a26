"""Journeys that target companies: one person's answer is the company's, and the company's time is that of its first."""

from __future__ import annotations

from datetime import timedelta

from senet.journeys import actions
from senet.journeys.engine import tick
from senet.people.models import Contact
from tests.support.journeys import (
    Lane,
    World,
    at,
    audience,
    email,
    if_then,
    join,
    make_email,
    make_segment,
    opened,
    standing,
    task,
    visits,
)
from tests.support.people import make_company, make_contact


def make_people(count: int) -> list[int]:
    """People of one company."""
    company = make_company()
    return [make_contact(company=company).pk for _ in range(count)]


def ask(segment: int, *, days: int) -> Lane:
    """Audience (1), email (2), if/then of companies (3), yes (4) and no (5)."""
    question = if_then(opened(2), based_on="company", yes=task("Yes"), no=task("No"), days=days)
    return audience(segment) >> email(make_email()) >> question


def test_the_first_person_who_does_it_sends_the_whole_company_by_yes_at_once(world: World) -> None:
    ours, theirs = make_people(3), make_people(2)
    journey = world.run(ask(make_segment([*ours, *theirs]), days=7), target="company")
    world.interact("EmailOpened", journey, 2, [ours[1]])
    world.tick(days=1)
    assert at(journey, 4) == set(ours)
    assert standing(journey) == dict.fromkeys(theirs, 3)
    world.tick(days=6)
    assert at(journey, 5) == set(theirs)


def test_the_companys_time_begins_with_its_first_person_and_later_ones_follow_its_decision(world: World) -> None:
    early, late, later = make_people(3)
    segment = make_segment([early])
    journey = world.run(ask(segment, days=3), target="company")
    first_due = world.now + timedelta(days=3)
    world.tick(days=2)
    join("segment", segment, [late])
    world.tick()
    assert {visit.due_at for visit in visits(journey, tile=3)} == {first_due}
    world.tick(days=1)
    assert at(journey, 5) == {early, late}
    join("segment", segment, [later])
    world.tick(hours=1)
    assert at(journey, 5) == {early, late, later}
    world.interact("EmailOpened", journey, 2, [later])
    world.tick(days=9)
    assert at(journey, 4) == set()


def test_later_people_of_a_company_that_said_yes_go_by_yes_at_once(world: World) -> None:
    early, late = make_people(2)
    segment = make_segment([early])
    journey = world.run(ask(segment, days=3), target="company")
    world.interact("EmailOpened", journey, 2, [early])
    world.tick(hours=1)
    join("segment", segment, [late])
    world.tick(hours=1)
    assert at(journey, 4) == {early, late}


def test_who_has_no_company_is_asked_alone(world: World) -> None:
    first, second = make_contact().pk, make_contact().pk
    journey = world.run(ask(make_segment([first, second]), days=3), target="company")
    world.interact("EmailOpened", journey, 2, [first])
    world.tick(hours=1)
    assert at(journey, 4) == {first}
    assert standing(journey) == {second: 3}
    world.tick(days=3)
    assert at(journey, 5) == {second}


def test_what_raced_ahead_of_the_company_counts(world: World) -> None:
    ours = make_people(2)
    journey = world.draw(ask(make_segment(ours), days=3), target="company")
    world.go_live(journey)
    world.tick()
    world.interact("EmailOpened", journey, 2, [ours[0]])
    world.tick()
    assert at(journey, 4) == set(ours)


def test_who_changes_company_while_waiting_follows_the_new_one(world: World) -> None:
    ours, theirs = make_people(2), make_people(1)
    journey = world.run(ask(make_segment([*ours, *theirs]), days=3), target="company")
    Contact.objects.filter(pk=ours[1]).update(company=Contact.objects.get(pk=theirs[0]).company)
    world.interact("EmailOpened", journey, 2, theirs)
    world.tick(hours=1)
    assert at(journey, 4) == {ours[1], theirs[0]}
    assert standing(journey) == {ours[0]: 3}


def test_a_stopped_journey_hears_and_lets_companies_go_when_it_resumes(world: World) -> None:
    ours = make_people(3)
    journey = world.run(ask(make_segment(ours), days=3), target="company")
    actions.stop(journey, now=world.now)
    world.interact("EmailOpened", journey, 2, [ours[2]])
    world.tick(hours=1)
    assert standing(journey) == dict.fromkeys(ours, 3)
    world.go_live(journey)
    world.tick(hours=1)
    assert at(journey, 4) == set(ours)


def test_small_chunks_do_not_part_a_company(world: World) -> None:
    ours = make_people(7)
    journey = world.run(ask(make_segment(ours), days=3), target="company")
    world.clock.advance(timedelta(days=3))
    tick(world.now, chunk=2)
    assert at(journey, 5) == set(ours)


def test_companies_are_asked_only_where_the_journey_targets_them(world: World) -> None:
    journey = world.draw(ask(make_segment(), days=1))
    codes = {each.code for each in actions.check(journey, world.now).errors}
    assert codes == {"company_target_missing"}
