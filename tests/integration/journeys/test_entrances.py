"""Submitted forms and changed records bring people in while the journey runs."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection

from senet.accounts.values import Author
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions
from senet.journeys.models import Activity
from senet.people.models import Contact, CustomColumn
from tests.support.accounts import main_unit, make_user
from tests.support.interactions import count_interactions
from tests.support.journeys import (
    Json,
    World,
    at,
    audience,
    form_submitted,
    make_segment,
    record_updated,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contact, make_contacts

FORM = 7


def test_whoever_submits_the_form_enters_at_once_and_once(world: World) -> None:
    first, second = make_contacts(2)
    journey = world.run(form_submitted(FORM) >> task())
    submit(world, FORM, first)
    submit(world, FORM + 1, second)
    world.tick(seconds=1)
    assert at(journey, 1) == at(journey, 2) == {first}
    submit(world, FORM, first)
    world.tick(seconds=1)
    assert len(visits(journey, tile=1)) == 1


def test_robots_refusals_and_strangers_do_not_enter(world: World) -> None:
    first, second = make_contacts(2)
    journey = world.run(form_submitted(FORM) >> task())
    submit(world, FORM, first, verdict="bot")
    submit(world, FORM, second, detail={"result": "pending"})
    submit(world, FORM, None)
    world.tick(seconds=1)
    assert visits(journey) == []


def test_a_submission_before_the_start_or_while_the_journey_stands_still_brings_nobody(world: World) -> None:
    first, second, third = make_contacts(3)
    journey = world.run(form_submitted(FORM) >> task(), start_at=world.now + timedelta(hours=1))
    submit(world, FORM, first)
    world.tick(hours=2)
    actions.stop(journey, now=world.now)
    submit(world, FORM, second)
    world.clock.advance(timedelta(hours=1))
    world.go_live(journey)
    submit(world, FORM, third)
    world.tick(hours=1)
    assert at(journey, 1) == {third}


def test_a_changed_column_brings_the_contact_in(world: World) -> None:
    one, other = make_contact(city="Bern"), make_contact(city="Bern")
    journey = world.run(record_updated(column="city") >> task())
    Contact.objects.filter(pk=one.pk).update(city="Basel")
    Contact.objects.filter(pk=other.pk).update(first_name="Ada")
    world.tick(seconds=1)
    assert at(journey, 2) == {one.pk}
    assert count_interactions("CustomerJourneyContactRecordUpdated") == 1


def test_a_change_made_while_the_journey_stood_still_brings_nobody(world: World) -> None:
    one, other = make_contacts(2)
    journey = world.run(record_updated(column="city") >> task())
    actions.stop(journey, now=world.now)
    Contact.objects.filter(pk=one).update(city="Basel")
    world.go_live(journey)
    Contact.objects.filter(pk=other).update(city="Basel")
    world.tick(seconds=1)
    assert at(journey, 1) == {other}


def test_a_custom_column_can_be_watched(world: World) -> None:
    CustomColumn.objects.create(entity="contact", key="plan", label="Plan", kind="text")
    one, other = make_contact(custom={"plan": "free"}), make_contact(custom={"plan": "free"})
    journey = world.run(record_updated(column="city") >> task(), record_updated(column="custom.plan") >> task())
    Contact.objects.filter(pk=one.pk).update(custom={"plan": "gold"})
    Contact.objects.filter(pk=other.pk).update(custom={"plan": "free", "size": 4})
    world.tick(seconds=1)
    assert at(journey, 3) == {one.pk}
    assert at(journey, 1) == set()


def test_a_new_contact_enters_where_new_ones_do_and_any_change_where_any_counts(world: World) -> None:
    old = make_contact()
    journey = world.run(record_updated(event="create") >> task(), record_updated() >> task())
    new = make_contact()
    Contact.objects.filter(pk=old.pk).update(city="Basel")
    Contact.objects.filter(pk=new.pk).update(city=new.city)  # nothing changes
    world.tick(seconds=1)
    assert at(journey, 1) == {new.pk}
    assert at(journey, 3) == {old.pk}


def test_who_walks_to_a_record_tile_passes_and_who_is_brought_there_begins_there(world: World) -> None:
    walker, brought = make_contact(), make_contact(city="Bern")
    journey = world.run(audience(make_segment([walker.pk])) >> record_updated(column="city") >> wait(days=1) >> task())
    Contact.objects.filter(pk=brought.pk).update(city="Basel")
    Contact.objects.filter(pk=walker.pk).update(city="Basel")
    world.tick(hours=1)
    assert standing(journey) == {walker.pk: 3, brought.pk: 3}
    assert at(journey, 1) == {walker.pk}


def test_nobody_writes_changes_down_that_no_live_journey_watches(world: World) -> None:
    person = make_contact(city="Bern")
    journey = world.run(record_updated(column="city") >> task())
    actions.stop(journey, now=world.now)
    Contact.objects.filter(pk=person.pk).update(city="Basel")
    world.tick(hours=1)
    world.go_live(journey)
    world.tick(hours=1)
    assert visits(journey) == []
    actions.stop(journey, now=world.now)
    actions.delete_journey(journey)
    written = _count_changes()
    Contact.objects.filter(pk=person.pk).update(city="Chur")
    assert _count_changes() == written


def test_read_changes_are_taken_away(world: World) -> None:
    person = make_contact()
    world.run(record_updated(column="city") >> task())
    for city in ("Basel", "Chur", "Bern"):
        Contact.objects.filter(pk=person.pk).update(city=city)
        world.tick(seconds=1)
    assert _count_changes() <= 1


def test_the_tiles_are_checked(world: World) -> None:
    def found(*lane: Json) -> set[str]:
        tiles = [{"id": number, **tile} for number, tile in enumerate(lane, start=1)]
        journey = actions.create_journey(
            author=_author(), now=world.now, name="J", start_at=world.now, definition={"tiles": tiles}
        )
        problems = actions.check(journey, world.now).problems
        return {each.code for each in problems if each.severity != "information"} - {"end_missing"}

    assert found({"kind": "form_submitted"}) == {"form_missing"}
    assert found({"kind": "form_submitted", "form_id": FORM}) == set()
    assert found({"kind": "record_updated", "column": "city"}) == set()
    assert found({"kind": "record_updated", "column": "shoe_size"}) == {"column_unknown"}
    assert found({"kind": "record_updated", "column": "changed_xid"}) == {"column_unknown"}
    assert found({"kind": "record_updated", "entity": "invoice"}) == {"entity_unknown"}
    assert found({"kind": "record_updated", "event": "delete"}) == {"event_unusable"}
    assert found({"kind": "record_updated", "event": "create", "column": "city"}) == {"column_unused"}


def submit(world: World, form_id: int, contact_id: int | None, **more: object) -> None:
    """Let somebody submit a form, now."""
    record([Interaction("FormSubmitted", world.now, contact_id=contact_id, form_id=form_id, **more)])  # type: ignore[arg-type]  # columns of the log


def _count_changes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM record_change")
        return int(cursor.fetchone()[0])


def _author() -> Author:
    return Author(make_user().pk, main_unit().pk)


def test_an_activity_that_is_done_brings_its_contact_into_another_journey(world: World) -> None:
    (person,) = make_contacts(1)
    calls = world.run(audience(make_segment([person])) >> task("Call"))
    follow_up = world.run(record_updated("activity", "update", "done_at") >> wait(days=1))
    deleted = world.run(record_updated("activity", "delete") >> wait(days=1))
    activity = Activity.objects.get(journey_id=calls)
    activity.done_at = world.now
    activity.save()
    world.tick(seconds=1)
    assert at(follow_up, 1) == {person}
    assert at(deleted, 1) == set()
    activity.delete()
    world.tick(seconds=1)
    assert at(deleted, 1) == {person}
