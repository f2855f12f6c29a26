"""Create lead: a lead of each person, or of each company, with where it came from; always new, never twice."""

from __future__ import annotations

import pytest
from django.db import connection

from senet.accounts.models import User
from senet.interactions.types import TYPES
from senet.journeys.chunk import open_chunk
from senet.journeys.models import Journey
from senet.people.models import Contact, Lead
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    clicked,
    create_lead,
    email,
    if_then,
    join,
    make_email,
    make_segment,
    record_updated,
    task,
    visits,
    wait,
)
from tests.support.people import make_company, make_contact, make_contacts

KIND = "CreateLeadActivityContactProcessed"


def logged() -> list[tuple[int, int | None, int, int, int, int]]:
    """What the log says of leads: contact, company, lead, journey, iteration, tile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT contact_id, company_id, lead_id, journey_id, iteration, tile FROM interaction WHERE type = %s"
            " ORDER BY contact_id",
            [KIND],
        )
        rows: list[tuple[int, int | None, int, int, int, int]] = cursor.fetchall()
    return rows


def of_companies(world: World, *contacts: int, **more: object) -> int:
    lane = audience(make_segment(contacts))
    lane = lane >> create_lead(create_for="company", last_name_placeholder="(company)", **more) >> task()
    return world.run(lane, target="company")


def test_each_person_becomes_a_lead_of_the_journeys_owner(world: World) -> None:
    company = make_company("Acme")
    person = make_contact(
        "ada@example.com", first_name="Ada", last_name="Byron", mobile_phone="+491711234567", company=company
    )
    journey = world.run(audience(make_segment([person.pk])) >> create_lead(topic="Skis") >> task())
    lead = Lead.objects.get()
    drawn = Journey.objects.get(pk=journey)
    assert (lead.topic, lead.first_name, lead.last_name, lead.email) == ("Skis", "Ada", "Byron", "ada@example.com")
    assert (lead.phone, lead.company_name, lead.status) == ("+491711234567", "Acme", "open")
    assert (lead.contact_id, lead.company_id, lead.for_company) == (person.pk, company.pk, False)
    assert (lead.journey_id, lead.iteration, lead.tile, lead.email_id) == (journey, 1, 2, None)
    assert (lead.owner_id, lead.business_unit_id) == (drawn.owner_id, drawn.business_unit_id)
    assert lead.created_at == lead.updated_at == world.now
    assert at(journey, 3) == {person.pk}
    check_ledger(journey)


def test_each_lead_is_logged_with_the_move_that_made_it(world: World) -> None:
    people = make_contacts(3)
    journey = world.run(audience(make_segment(people)) >> create_lead())
    leads = dict(Lead.objects.values_list("contact_id", "pk"))
    assert logged() == [(person, None, leads[person], journey, 1, 2) for person in people]
    assert not TYPES[KIND].derived
    assert {"contact_id", "company_id", "lead_id", "journey_id", "iteration", "tile"} <= set(TYPES[KIND].columns)


def test_a_lead_says_which_mail_it_followed(world: World) -> None:
    mail = make_email("https://example.com")
    people = make_contacts(2)
    lane = audience(make_segment(people)) >> email(mail)
    lane = lane >> if_then(clicked(2), days=1, yes=create_lead(), no=create_lead())
    journey = world.run(lane)
    world.interact("EmailClicked", journey, 2, people[:1], link=1)
    world.tick(days=1)
    assert set(Lead.objects.values_list("contact_id", "tile", "email_id")) == {
        (people[0], 4, mail),
        (people[1], 5, mail),
    }


def test_a_lead_is_always_new_whoever_is_one_already(world: World) -> None:
    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> create_lead(topic="A") >> create_lead()
    journey = world.run(lane)
    assert list(Lead.objects.order_by("id").values_list("topic", "tile")) == [("A", 2), ("Create lead", 3)]
    other = world.run(audience(make_segment([person])) >> create_lead())
    assert Lead.objects.filter(journey_id=other).count() == 1
    assert Lead.objects.filter(journey_id=journey).count() == 2


def test_a_second_run_changes_nothing(world: World) -> None:
    people = make_contacts(10)
    journey = world.run(audience(make_segment(people)) >> create_lead(topic="A") >> task())
    leads, walked, said = list(Lead.objects.order_by("id").values()), visits(journey), logged()
    world.tick(minutes=1)
    assert visits(journey) == walked
    with open_chunk(journey, world.now) as move:
        assert move is not None
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO cohort SELECT unnest(%s::bigint[])", [people])
            cursor.execute("DELETE FROM visit WHERE journey_id = %s AND tile = 2", [journey])
        assert move.plan.tiles[2].arrive(move)
    assert list(Lead.objects.order_by("id").values()) == leads
    assert logged() == said


def test_of_a_company_one_lead_is_made_and_all_its_people_go_on(world: World) -> None:
    acme, beta = make_company("Acme"), make_company("Beta")
    first, second, third = (make_contact(company=company).pk for company in (acme, acme, beta))
    alone = make_contact().pk
    journey = of_companies(world, second, first, third, alone)
    leads = Lead.objects.order_by("company_id")
    assert [(lead.company_id, lead.company_name, lead.last_name, lead.contact_id) for lead in leads] == [
        (acme.pk, "Acme", "(company)", None),
        (beta.pk, "Beta", "(company)", None),
    ]
    assert all(lead.for_company and lead.first_name == lead.email == "" for lead in leads)
    assert at(journey, 3) == {first, second, third, alone}
    assert [(contact, company) for contact, company, *_ in logged()] == [(first, acme.pk), (third, beta.pk)]


def test_who_comes_later_makes_no_second_lead_of_their_company(world: World) -> None:
    acme = make_company("Acme")
    first, later = make_contact(company=acme).pk, make_contact(company=acme).pk
    segment = make_segment([first])
    lane = audience(segment) >> create_lead(create_for="company", last_name_placeholder="?") >> task()
    journey = world.run(lane, target="company")
    join("segment", segment, [later])
    world.tick(days=1)
    assert Lead.objects.count() == 1
    assert len(logged()) == 1
    assert at(journey, 3) == {first, later}


def test_people_without_a_last_name_get_the_placeholder(world: World) -> None:
    nameless = make_contact(last_name="").pk
    world.run(audience(make_segment([nameless])) >> create_lead(last_name_placeholder="(unknown)"))
    assert Lead.objects.get().last_name == "(unknown)"


@pytest.mark.parametrize("for_company", [False, True])
@pytest.mark.parametrize("for_inactive", [False, True])
def test_deactivated_people_make_leads_unless_the_tile_leaves_them_out(
    world: World, for_company: bool, for_inactive: bool
) -> None:
    inactive = make_contact(company=make_company(), active=False).pk
    lane = create_lead(
        create_for="company" if for_company else "contact", last_name_placeholder="?", for_inactive=for_inactive
    )
    journey = world.run(audience(make_segment([inactive])) >> lane >> task(), target="company")
    assert Lead.objects.count() == int(for_inactive)
    assert at(journey, 3) == {inactive}


def test_of_a_deleted_contact_no_lead_is_made(world: World) -> None:
    kept, deleted = make_contacts(2)
    journey = world.run(audience(make_segment([kept, deleted])) >> wait(days=1) >> create_lead())
    Contact.objects.filter(pk=deleted).delete()
    world.tick(days=1)
    assert list(Lead.objects.values_list("contact_id", flat=True)) == [kept]
    assert at(journey, 3) == {kept}


def test_when_the_journeys_owner_is_gone_leads_have_none(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(audience(make_segment([person])) >> wait(days=1) >> create_lead())
    owner = Journey.objects.get(pk=journey).owner
    assert owner is not None
    User.objects.filter(pk=owner.pk).delete()
    world.tick(days=1)
    assert Lead.objects.get().owner_id is None


def test_a_leads_contact_enters_where_leads_are_watched(world: World) -> None:
    made, qualified, lost = make_contacts(3)
    unit = Contact.objects.get(pk=made).business_unit
    open_leads = [Lead.objects.create(last_name="A", contact_id=each, business_unit=unit) for each in (qualified, lost)]
    journey = world.run(
        record_updated("lead", "create") >> task(),
        record_updated("lead", "update", "status") >> task(),
        record_updated("lead", "delete") >> task(),
    )
    world.run(audience(make_segment([made])) >> create_lead())
    Lead.objects.filter(pk=open_leads[0].pk).update(status="qualified")
    Lead.objects.filter(pk=open_leads[1].pk).update(topic="Skis")
    open_leads[1].delete()
    world.tick(seconds=1)
    assert [at(journey, tile) for tile in (1, 3, 5)] == [{made}, {qualified}, {lost}]
