"""Task, phone call and appointment: an activity about each person, or each company, for one colleague."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from senet.accounts.models import User
from senet.journeys import actions
from senet.journeys.chunk import open_chunk
from senet.journeys.models import Activity, ActivityTemplate, Journey, JourneyVersion
from senet.people.models import Company, Contact
from tests.support.accounts import make_user
from tests.support.journeys import (
    Lane,
    World,
    appointment,
    at,
    audience,
    check_ledger,
    join,
    make_segment,
    make_template,
    phone_call,
    task,
    visits,
    wait,
)
from tests.support.people import make_company, make_contact, make_contacts

DAYS_2 = {"amount": 2, "unit": "days"}
HOUR = {"amount": 1, "unit": "hours"}


def assignee(world: World, contact: int, **settings: Any) -> int | None:
    """Who gets the activity about a contact."""
    target = settings.pop("target", "contact")
    journey = world.run(audience(make_segment([contact])) >> task(**settings), target=target)
    return Activity.objects.get(journey_id=journey).assigned_to_id


def owner_of(journey: int) -> int | None:
    return Journey.objects.get(pk=journey).owner_id


@pytest.mark.parametrize(("draw", "kind"), [(task, "task"), (phone_call, "phone_call")])
def test_what_is_to_be_done_is_said_by_the_tile(world: World, draw: Any, kind: str) -> None:
    company = make_company()
    person = make_contact(company=company).pk
    lane = draw("Call", description="Ask how it went.", priority="high", due_in=DAYS_2) >> task("Next")
    journey = world.run(audience(make_segment([person])) >> lane)
    made = Activity.objects.get(tile=2)
    drawn = Journey.objects.get(pk=journey)
    assert (made.kind, made.subject, made.description, made.priority) == (kind, "Call", "Ask how it went.", "high")
    assert (made.journey_id, made.iteration, made.contact_id, made.company_id) == (journey, 1, person, company.pk)
    assert (made.due_at, made.start_at, made.end_at) == (world.now + timedelta(days=2), None, None)
    assert (made.created_at, made.done_at) == (world.now, None)
    assert (made.assigned_to_id, made.business_unit_id) == (drawn.owner_id, drawn.business_unit_id)
    assert at(journey, 3) == {person}
    check_ledger(journey)


def test_an_appointment_starts_and_ends_as_the_tile_says(world: World) -> None:
    (person,) = make_contacts(1)
    lane = appointment("Meet", start_after=DAYS_2, length=HOUR, location="Room 7")
    world.run(audience(make_segment([person])) >> lane)
    made = Activity.objects.get()
    start = world.now + timedelta(days=2)
    assert (made.kind, made.location) == ("appointment", "Room 7")
    assert (made.start_at, made.end_at, made.due_at) == (start, start + timedelta(hours=1), start)
    assert made.duration_minutes == 60


@pytest.mark.parametrize(
    ("kind", "times"),
    [
        ("task", {"due_in_minutes": 90, "duration_minutes": 15}),
        ("phone_call", {"due_in_minutes": 90}),
        ("appointment", {"start_after_minutes": 90, "duration_minutes": 15, "location": "Room 7"}),
    ],
)
def test_a_template_says_what_is_to_be_done(world: World, kind: str, times: dict[str, Any]) -> None:
    template = make_template(kind, subject="Visit", description="Bring skis.", priority="low", **times)
    (person,) = make_contacts(1)
    world.run(audience(make_segment([person])) >> Lane({"kind": kind, "template_id": template}))
    made = Activity.objects.get()
    assert (made.kind, made.template_id) == (kind, template)
    assert (made.subject, made.description, made.priority) == ("Visit", "Bring skis.", "low")
    assert made.location == times.get("location", "")
    assert made.due_at == world.now + timedelta(minutes=90)
    assert made.duration_minutes == times.get("duration_minutes")
    if kind == "appointment":
        assert made.end_at == world.now + timedelta(minutes=105)


def test_a_live_journey_keeps_the_template_as_it_was_until_it_goes_live_again(world: World) -> None:
    template = make_template("task", subject="Old")
    first, second, third = make_contacts(3)
    segment = make_segment([first])
    journey = world.run(audience(segment) >> Lane({"kind": "task", "template_id": template}))
    ActivityTemplate.objects.update(subject="New")
    join("segment", segment, [second])
    world.tick(hours=1)
    actions.edit(journey, now=world.now)
    world.go_live(journey)
    join("segment", segment, [third])
    world.tick(hours=1)
    assert dict(Activity.objects.values_list("contact_id", "subject")) == {first: "Old", second: "Old", third: "New"}


def test_a_template_that_is_gone_leaves_what_was_made_from_it_and_the_live_journey_alone(world: World) -> None:
    template = make_template("task", subject="Old")
    first, second = make_contacts(2)
    segment = make_segment([first])
    world.run(audience(segment) >> Lane({"kind": "task", "template_id": template}))
    ActivityTemplate.objects.get(pk=template).delete()
    join("segment", segment, [second])
    world.tick(hours=1)
    assert list(Activity.objects.values_list("subject", flat=True)) == ["Old", "Old"]


def test_a_version_that_froze_no_content_says_what_its_tile_says(world: World) -> None:
    """As those do that went live before there were templates."""
    (person,) = make_contacts(1)
    journey = world.draw(audience(make_segment([person])) >> task("Call", due_in=DAYS_2))
    world.go_live(journey)
    version = JourneyVersion.objects.get(journey_id=journey)
    assert version.snapshot.pop("activities")
    version.save()
    world.tick()
    made = Activity.objects.get()
    assert (made.subject, made.due_at) == ("Call", world.now + timedelta(days=2))


def test_the_one_whom_the_tile_names_gets_it(world: World) -> None:
    contacts_owner, contacts_maker, companys_owner, companys_maker = (make_user().pk for _ in range(4))
    company = make_company(owner_id=companys_owner, created_by_id=companys_maker)
    person = make_contact(owner_id=contacts_owner, created_by_id=contacts_maker, company=company).pk
    assert assignee(world, person, assign_to="contact_owner") == contacts_owner
    assert assignee(world, person, assign_to="contact_creator") == contacts_maker
    assert assignee(world, person, assign_to="company_owner", target="company") == companys_owner
    assert assignee(world, person, assign_to="company_creator", target="company") == companys_maker
    for_company = {"create_for": "company", "target": "company"}
    assert assignee(world, person, assign_to="contact_owner", **for_company) == contacts_owner
    assert assignee(world, person, assign_to="contact_creator", **for_company) == contacts_maker
    assert assignee(world, person, assign_to="company_owner", **for_company) == companys_owner
    assert assignee(world, person, assign_to="company_creator", **for_company) == companys_maker


@pytest.mark.parametrize("create_for", ["contact", "company"])
def test_where_nobody_noted_who_made_a_record_its_owner_gets_it(world: World, create_for: str) -> None:
    owner, companys_owner = make_user().pk, make_user().pk
    person = make_contact(owner_id=owner, company=make_company(owner_id=companys_owner)).pk
    settings = {"create_for": create_for, "target": "company"}
    assert assignee(world, person, assign_to="contact_creator", **settings) == owner
    assert assignee(world, person, assign_to="company_creator", **settings) == companys_owner


@pytest.mark.parametrize("assign_to", ["contact_owner", "contact_creator", "company_owner", "company_creator"])
def test_where_there_is_nobody_else_the_journeys_owner_gets_it(world: World, assign_to: str) -> None:
    person = make_contact().pk
    journey = world.run(audience(make_segment([person])) >> task(assign_to=assign_to), target="company")
    assert Activity.objects.get().assigned_to_id == owner_of(journey) is not None


def test_when_the_journeys_owner_is_gone_nobody_gets_it(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(audience(make_segment([person])) >> wait(days=1) >> task())
    owner = owner_of(journey)
    assert owner is not None
    User.objects.filter(pk=owner).delete()
    world.tick(days=1)
    assert Activity.objects.get().assigned_to_id is None


def test_about_a_company_one_activity_is_made_and_all_its_people_go_on(world: World) -> None:
    acme, beta = make_company(), make_company()
    people = [make_contact(company=company).pk for company in (acme, acme, beta)]
    alone = make_contact().pk
    segment = make_segment([*people[1:], alone])
    journey = world.run(audience(segment) >> phone_call(create_for="company") >> task(), target="company")
    join("segment", segment, people[:1])
    world.tick(days=1)
    made = Activity.objects.filter(kind="phone_call").values_list("company_id", "contact_id")
    assert sorted(made) == [(acme.pk, None), (beta.pk, None)]
    assert at(journey, 3) == {*people, alone}
    check_ledger(journey)


def test_activities_about_contacts_of_one_company_do_not_stand_in_each_others_way(world: World) -> None:
    acme = make_company()
    people = {make_contact(company=acme).pk for _ in range(3)}
    world.run(audience(make_segment(people)) >> task(), target="company")
    assert set(Activity.objects.values_list("contact_id", "company_id")) == {(each, acme.pk) for each in people}


@pytest.mark.parametrize("create_for", ["contact", "company"])
def test_a_second_run_changes_nothing(world: World, create_for: str) -> None:
    people = [make_contact(company=make_company()).pk for _ in range(5)]
    lane = audience(make_segment(people)) >> task("Call", create_for=create_for) >> wait(days=1)
    journey = world.run(lane, target="company")
    made, walked = list(Activity.objects.order_by("id").values()), visits(journey)
    assert len(made) == 5
    world.tick(minutes=1)
    assert visits(journey) == walked
    with open_chunk(journey, world.now) as move:
        assert move is not None
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO cohort SELECT unnest(%s::bigint[])", [people])
            cursor.execute("DELETE FROM visit WHERE journey_id = %s AND tile = 2", [journey])
        assert move.plan.tiles[2].arrive(move)
    assert list(Activity.objects.order_by("id").values()) == made


@pytest.mark.parametrize("create_for", ["contact", "company"])
@pytest.mark.parametrize("for_inactive", [False, True])
def test_deactivated_people_get_activities_unless_the_tile_leaves_them_out(
    world: World, create_for: str, for_inactive: bool
) -> None:
    person = make_contact(company=make_company(), active=False).pk
    lane = task("Call", create_for=create_for, for_inactive=for_inactive) >> task("Next", for_inactive=False)
    journey = world.run(audience(make_segment([person])) >> lane, target="company")
    assert list(Activity.objects.values_list("subject", flat=True)) == ["Call"] * for_inactive
    assert at(journey, 3) == {person}


def test_about_a_deleted_contact_nothing_is_made_and_what_was_made_stays(world: World) -> None:
    kept, deleted = make_contacts(2)
    journey = world.run(audience(make_segment([kept, deleted])) >> task("Before") >> wait(days=1) >> task("After"))
    Contact.objects.get(pk=deleted).delete()
    world.tick(days=1)
    assert set(Activity.objects.values_list("subject", "contact_id")) == {
        ("Before", kept),
        ("Before", deleted),
        ("After", kept),
    }
    assert at(journey, 4) == {kept}


def test_activities_outlive_their_journey_and_their_company(world: World) -> None:
    company = make_company()
    people = [make_contact(company=company).pk for _ in range(2)]
    lane = task("Each") >> task("All", create_for="company")
    journey = world.run(audience(make_segment(people)) >> lane, target="company")
    actions.stop(journey, now=world.now)
    actions.delete_journey(journey)
    Company.objects.all().delete()
    assert Activity.objects.filter(journey=None).count() == 3
