"""The custom-channel tile, and if/then tiles that ask what the channel brought back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from senet.integrations import channels
from senet.integrations.errors import ChannelInUse
from senet.journeys import actions
from senet.journeys.models import Journey
from senet.journeys.queries import find_standing
from senet.people.models import Contact, CustomColumn
from tests.support.channels import RESPONSES, activities, make_channel, respond
from tests.support.interactions import logged
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    custom_channel,
    if_then,
    make_segment,
    responded,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contact, make_contacts
from tests.support.webhooks import calls, make_calls, make_workflow, running_caller, webhook_server


def test_each_person_gets_an_activity_and_goes_on_at_once(world: World) -> None:
    people = make_contacts(4)
    channel = make_channel()
    journey = world.run(audience(make_segment(people)) >> custom_channel(channel) >> wait(days=1))
    assert standing(journey) == dict.fromkeys(people, 3)
    made = activities(channel_id=channel, journey_id=journey, iteration=1, tile=2, created_at=world.now)
    assert list(made) == people
    assert logged("CreateCustomChannelActivityContactProcessed") == [
        (person, journey, 2, {"channel_id": channel, "activity_id": made[person]}) for person in people
    ]
    assert {visit.reason for visit in visits(journey, tile=2)} == {None}
    check_ledger(journey)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("do_not_email", {"do_not_email": True}),
        ("do_not_bulk_email", {"do_not_bulk_email": True}),
        ("custom.no_letters", {"custom": {"no_letters": True}}),
    ],
)
def test_whom_the_compliance_column_forbids_gets_none_with_a_reason_and_goes_on(
    world: World, column: str, values: dict[str, Any]
) -> None:
    CustomColumn.objects.create(entity="contact", key="no_letters", label="No letters", kind="boolean")
    allowed = [make_contact().pk, make_contact(custom={"no_letters": False}).pk]
    forbidden = make_contact(**values).pk
    channel = make_channel(compliance_column=column)
    journey = world.run(audience(make_segment([*allowed, forbidden])) >> custom_channel(channel) >> task())
    assert list(activities()) == allowed
    assert at(journey, 3) == {*allowed, forbidden}
    assert {visit.contact_id: visit.reason for visit in visits(journey, tile=2)} == {
        **dict.fromkeys(allowed, None),
        forbidden: "channel_forbidden",
    }
    step = find_standing(journey, forbidden, world.now).way[1]
    assert (step.outcome, step.reason) == ("processed", "channel_forbidden")


def test_the_reason_is_said_in_words(world: World) -> None:
    forbidden = make_contact(do_not_email=True).pk
    lane = audience(make_segment([forbidden])) >> custom_channel(make_channel(compliance_column="do_not_email"))
    text = find_standing(world.run(lane), forbidden, world.now).explanation
    assert "did nothing because the channel's compliance column forbids to reach them." in text


def test_a_compliance_column_that_was_dropped_forbids_everybody(world: World) -> None:
    column = CustomColumn.objects.create(entity="contact", key="no_letters", label="No letters", kind="boolean")
    people = make_contacts(2)
    segment = make_segment(people)
    journey = world.draw(audience(segment) >> custom_channel(make_channel(compliance_column="custom.no_letters")))
    world.go_live(journey)
    column.delete()
    world.tick()
    assert activities() == {}
    assert at(journey, 2) == set(people)


def test_the_channels_workflow_is_told_of_each_activity(world: World) -> None:
    people = make_contacts(2)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        workflow, secret = make_workflow(server.url)
        channel = make_channel(workflow_id=workflow, name="Post office", key="post")
        world.run(audience(make_segment(people)) >> custom_channel(channel))
        make_calls(caller, world.now)
    made = activities()
    assert {call.state for call in calls()} == {"done"}
    told = sorted((request.json for request in server.received), key=lambda body: body["contact"]["id"])
    assert [body["type"] for body in told] == ["channel.activity"] * 2
    assert [body["activity"] for body in told] == [
        {"id": made[person], "channel": {"id": channel, "key": "post", "name": "Post office"}} for person in people
    ]
    assert all(request.is_signed_with(secret) for request in server.received)
    assert logged("TriggerCrmWorkflowActivityContactProcessed") == []


def test_a_response_sends_its_person_the_way_of_yes_and_the_others_wait(world: World) -> None:
    first, second = make_contacts(2)
    condition = if_then(responded(2, "delivered"), days=5, yes=task("Yes"), no=task("No"))
    journey = world.run(audience(make_segment([first, second])) >> custom_channel(make_channel()) >> condition)
    world.clock.advance(timedelta(hours=1))
    respond(activities()[first], "delivered", now=world.now)
    respond(activities()[second], "refused", now=world.now)
    world.tick()
    assert (at(journey, 4), standing(journey)) == ({first}, {second: 3})
    world.tick(days=5)
    assert at(journey, 5) == {second}
    check_ledger(journey)


def test_a_custom_response_fires_by_its_keyword_in_any_case(world: World) -> None:
    people = make_contacts(4)
    condition = if_then(responded(2, "answer", " Yes please "), days=5, yes=task(), no=task())
    journey = world.run(audience(make_segment(people)) >> custom_channel(make_channel()) >> condition)
    made = activities()
    for person, keyword in zip(people, ("YES PLEASE", "  yes   please ", "yes", "no"), strict=True):
        assert respond(made[person], "answer", keyword, now=world.now).result == "recorded"
    world.tick()
    assert at(journey, 4) == set(people[:2])


def test_a_response_that_came_before_the_person_did_counts(world: World) -> None:
    (person,) = make_contacts(1)
    condition = if_then(responded(2, "answer", "go"), days=5, yes=task(), no=task())
    lane = audience(make_segment([person])) >> custom_channel(make_channel()) >> wait(days=2) >> condition
    journey = world.run(lane)
    respond(activities()[person], "answer", "GO", now=world.now)
    world.tick(days=2)
    assert at(journey, 5) == {person}


def test_rules_about_channels_can_be_joined_by_and(world: World) -> None:
    first, second = make_contacts(2)
    rules = (responded(2, "delivered"), responded(2, "answer", "yes"))
    condition = if_then(*rules, logic="and", days=5, yes=task(), no=task())
    journey = world.run(audience(make_segment([first, second])) >> custom_channel(make_channel()) >> condition)
    made = activities()
    respond(made[first], "delivered", now=world.now)
    respond(made[second], "delivered", now=world.now)
    world.tick()
    assert at(journey, 4) == set()
    respond(made[second], "answer", "Yes", now=world.now)
    world.tick(hours=1)
    assert at(journey, 4) == {second}


def test_a_rule_that_is_changed_while_live_finds_responses_that_came_before(world: World) -> None:
    (person,) = make_contacts(1)
    condition = if_then(responded(2, "delivered"), days=5, yes=task(), no=task())
    journey = world.run(audience(make_segment([person])) >> custom_channel(make_channel()) >> condition)
    respond(activities()[person], "answer", "later", now=world.now)
    world.tick(hours=1)
    assert standing(journey) == {person: 3}
    actions.edit(journey, now=world.now)
    definition = Journey.objects.get(pk=journey).definition
    definition["tiles"][2]["rules"] = [responded(2, "answer", "LATER")]
    actions.update_journey(journey, {"definition": definition}, now=world.now)
    world.go_live(journey)
    world.tick()
    assert at(journey, 4) == {person}


def test_a_deleted_contact_gets_no_activity(world: World) -> None:
    kept, gone = make_contacts(2)
    segment = make_segment([kept, gone])
    journey = world.draw(audience(segment) >> custom_channel(make_channel()))
    Contact.objects.filter(pk=gone).delete()
    world.go_live(journey)
    world.tick()
    assert list(activities()) == [kept]


def test_a_channel_that_a_live_journey_uses_keeps_its_responses(world: World) -> None:
    channel = make_channel()
    journey = world.run(audience(make_segment()) >> custom_channel(channel))
    with pytest.raises(ChannelInUse), transaction.atomic():
        channels.change_channel(channel, {"responses": RESPONSES[1:]})
    with pytest.raises(ChannelInUse), transaction.atomic():
        channels.delete_channel(channel)
    with transaction.atomic():
        channels.change_channel(channel, {"responses": RESPONSES, "name": "New"})
    actions.stop(journey, now=world.now)
    with transaction.atomic():
        channels.change_channel(channel, {"responses": RESPONSES[1:]})
        channels.delete_channel(channel)
