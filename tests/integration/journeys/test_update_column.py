"""Update contact column: everybody of a cohort gets the value, at once and only once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

import senet.people
from senet.accounts.models import User
from senet.journeys.chunk import open_chunk
from senet.journeys.move import open_temporary_tables
from senet.people.models import Contact, CustomColumn
from senet.people.settable import ColumnChange, set_column
from senet.shared.sql import load_sql
from tests.support.accounts import make_user
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    email,
    make_email,
    make_segment,
    messages,
    task,
    update_column,
    visits,
    wait,
)
from tests.support.people import make_contacts


def read(column: str) -> set[Any]:
    return set(Contact.objects.values_list(column, flat=True))


@pytest.mark.parametrize(
    ("column", "value", "kept"),
    [
        ("first_name", "Ada", "Ada"),
        ("mobile_phone", "+49 171 1234567", "+491711234567"),
        ("street", "Elm St 1", "Elm St 1"),
        ("city", "Berlin", "Berlin"),
        ("region", "BE", "BE"),
        ("postal_code", "10115", "10115"),
        ("country", "Austria", "AT"),
        ("language", "de_at", "de-AT"),
        ("time_zone", "Europe/Vienna", "Europe/Vienna"),
        ("last_name", "", ""),
        ("consent_level", 1, 1),
        ("do_not_email", True, True),
        ("do_not_bulk_email", True, True),
        ("tracking_allowed", False, False),
        ("active", False, False),
    ],
)
def test_a_column_is_set_for_everybody_who_comes(world: World, column: str, value: object, kept: object) -> None:
    people = make_contacts(3)
    journey = world.run(audience(make_segment(people)) >> update_column(column, value) >> task())
    assert read(column) == {kept}
    assert read("updated_at") == {world.now}
    assert at(journey, 3) == set(people)
    check_ledger(journey)


def test_contacts_who_are_elsewhere_stay_as_they_are(world: World) -> None:
    inside, outside = make_contacts(2)
    world.run(audience(make_segment([inside])) >> update_column("city", "Berlin"))
    assert Contact.objects.get(pk=inside).city == "Berlin"
    assert Contact.objects.get(pk=outside).city == ""


def test_custom_columns_are_set_beside_the_others_and_taken_away_by_nothing(world: World) -> None:
    for key, kind, options in [("tier", "choice", ["Gold", "Silver"]), ("tags", "choices", ["A", "B"])]:
        CustomColumn.objects.create(entity="contact", key=key, label=key, kind=kind, options=options)
    (person,) = make_contacts(1)
    Contact.objects.update(custom={"tier": "Silver", "tags": ["A", "B"], "other": 1})
    world.run(audience(make_segment([person])) >> update_column("custom.tier", "gold"))
    assert Contact.objects.get().custom == {"tier": "Gold", "tags": ["A", "B"], "other": 1}
    world.run(audience(make_segment([person])) >> update_column("custom.tags", ["A"]))
    assert Contact.objects.get().custom == {"tier": "Gold", "tags": ["A"], "other": 1}
    world.run(audience(make_segment([person])) >> update_column("custom.tier", ""))
    assert Contact.objects.get().custom == {"tags": ["A"], "other": 1}


def test_an_owner_is_set_unless_they_are_gone_when_people_come(world: World) -> None:
    owner = make_user()
    (first,) = make_contacts(1)
    lane = audience(make_segment([first])) >> wait(days=1) >> update_column("owner_id", owner.pk)
    journey = world.run(lane)
    world.run(audience(make_segment([first])) >> update_column("owner_id", owner.pk))
    assert read("owner_id") == {owner.pk}
    Contact.objects.update(owner=None)
    User.objects.filter(pk=owner.pk).delete()
    world.tick(days=1)
    assert read("owner_id") == {None}
    assert at(journey, 3) == {first}


def test_a_second_run_changes_nothing(world: World) -> None:
    people = make_contacts(20)
    journey = world.run(audience(make_segment(people)) >> update_column("city", "Berlin") >> task())
    before = list(Contact.objects.order_by("id").values_list("id", "changed_xid", "updated_at"))
    walked = visits(journey)
    world.tick(minutes=1)
    with open_chunk(journey, world.now) as move:
        assert move is not None
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO cohort SELECT unnest(%s::bigint[])", [people])
        assert set_column(ColumnChange("city", "Berlin"), for_inactive=True, now=world.now) == 0
    assert list(Contact.objects.order_by("id").values_list("id", "changed_xid", "updated_at")) == before
    assert visits(journey) == walked


def test_deactivated_contacts_are_changed_unless_the_tile_leaves_them_out(world: World) -> None:
    active, inactive = make_contacts(2)
    Contact.objects.filter(pk=inactive).update(active=False)
    segment = make_segment([active, inactive])
    journey = world.run(audience(segment) >> update_column("city", "Berlin", for_inactive=False) >> task())
    assert Contact.objects.get(pk=active).city == "Berlin"
    assert Contact.objects.get(pk=inactive).city == ""
    assert at(journey, 3) == {active, inactive}
    world.run(audience(segment) >> update_column("city", "Bonn"))
    assert read("city") == {"Bonn"}


def test_a_deleted_contact_is_stopped_before_the_tile(world: World) -> None:
    kept, deleted = make_contacts(2)
    journey = world.run(audience(make_segment([kept, deleted])) >> wait(days=1) >> update_column("city", "Berlin"))
    Contact.objects.filter(pk=deleted).delete()
    world.tick(days=1)
    assert at(journey, 3) == {kept}


def test_consent_that_falls_below_the_minimum_stops_people_at_the_tile(world: World) -> None:
    people = make_contacts(2)
    Contact.objects.filter(pk=people[1]).update(active=False)
    lane = (
        audience(make_segment(people)) >> update_column("consent_level", 2, for_inactive=False) >> email(make_email())
    )
    journey = world.run(lane, minimum_consent=3)
    (stopped,) = visits(journey, tile=2, contact=people[0])
    assert (stopped.outcome, stopped.reason, stopped.branch) == ("stopped", "consent", None)
    assert at(journey, 3) == {people[1]}
    check_ledger(journey)


def test_who_was_stopped_by_the_consent_that_the_tile_set_goes_on_when_it_is_given_again(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(
        audience(make_segment([person])) >> update_column("consent_level", 2) >> task(), minimum_consent=3
    )
    assert at(journey, 3) == set()
    Contact.objects.filter(pk=person).update(consent_level=4)
    world.tick(hours=1)
    assert at(journey, 3) == {person}
    check_ledger(journey)


def test_consent_that_is_enough_lets_people_go_on(world: World) -> None:
    people = make_contacts(2)
    journey = world.run(
        audience(make_segment(people)) >> update_column("consent_level", 3) >> task(), minimum_consent=3
    )
    assert at(journey, 3) == set(people)
    assert read("consent_level") == {3}


def test_a_refusal_set_by_the_tile_is_obeyed_by_the_mail_that_follows(world: World) -> None:
    people = make_contacts(2)
    journey = world.run(
        audience(make_segment(people)) >> update_column("do_not_bulk_email", True) >> email(make_email()) >> task()
    )
    assert [(state, reason) for *_, state, reason in messages(journey)] == [("blocked", "EmailBlockedByUser")] * 2
    assert at(journey, 4) == set(people)


def test_a_journey_that_fails_later_leaves_the_contacts_unchanged(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from senet.journeys.tiles.task import TaskTile

    people = make_contacts(2)
    journey = world.draw(audience(make_segment(people)) >> update_column("city", "Berlin") >> task())
    world.go_live(journey)
    with monkeypatch.context() as broken:
        broken.setattr(TaskTile, "arrive", lambda *_: 1 / 0)
        world.tick()
    assert read("city") == {""}
    world.tick(minutes=1)
    assert read("city") == {"Berlin"}


def test_the_value_is_the_one_that_went_live(world: World) -> None:
    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="choice", options=["Gold"])
    (person,) = make_contacts(1)
    world.run(audience(make_segment([person])) >> wait(days=1) >> update_column("custom.tier", "gold"))
    CustomColumn.objects.all().delete()
    world.tick(days=1)
    assert Contact.objects.get().custom == {"tier": "Gold"}


def test_a_small_cohort_does_not_make_it_read_all_contacts(world: World) -> None:
    people = make_contacts(50)
    with transaction.atomic(), connection.cursor() as cursor:
        open_temporary_tables()
        cursor.execute("INSERT INTO cohort SELECT unnest(%s::bigint[])", [people])
        cursor.execute("UPDATE pg_class SET reltuples = 1e7, relpages = 1 WHERE oid = 'contact'::regclass")  # it seems
        cursor.execute(
            "EXPLAIN " + load_sql(senet.people, "set_contact_column"),
            {"built_in": '{"city": "Berlin"}', "custom": "{}", "emptied": [], "for_inactive": True, "now": world.now},
        )
        plan = [row[0] for row in cursor.fetchall()]
        transaction.set_rollback(True)
    assert any("Index Scan using contact_pkey" in line for line in plan)
    assert not any("Seq Scan on contact" in line for line in plan), "\n".join(plan)
