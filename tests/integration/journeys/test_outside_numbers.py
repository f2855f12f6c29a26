"""What run-workflow and custom-channel tiles show: how often they asked the outside, and what came back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from senet.insights import rollups
from senet.insights.queries import tile_numbers
from senet.integrations.actions import recover_item
from senet.integrations.channels import change_channel
from senet.integrations.models import ChannelActivity, WorkflowCall
from senet.interactions import clickhouse
from senet.journeys import actions
from senet.journeys.models import Journey
from senet.journeys.numbers import save_as_segment
from senet.shared.errors import InvalidInput
from tests.support.accounts import main_unit, make_user
from tests.support.channels import activities, make_channel, respond
from tests.support.clickhouse import ship
from tests.support.journeys import START, World, audience, custom_channel, make_segment, run_workflow, wait
from tests.support.people import make_company, make_contact, make_contacts
from tests.support.webhooks import Reply, calls, make_calls, make_workflow, running_caller, webhook_server

pytestmark = pytest.mark.usefixtures("shipping")


def kpis(journey: int, tile: int, **filters: Any) -> dict[str, float | int | None]:
    ship()
    shown = next(each for each in tile_numbers(journey, **filters).tiles if each.tile == tile)
    return {each.key: each.value for each in shown.kpis}


def saved(world: World, journey: int, number: str, **filters: Any) -> set[int]:
    """Who is in the segment that is saved from a number of the second tile."""
    kept = save_as_segment(
        Journey.objects.get(pk=journey),
        2,
        number,
        name=number,
        description="",
        live=False,
        iteration=None,
        owner_id=make_user().pk,
        business_unit_id=main_unit().pk,
        now=world.now,
        **filters,
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id FROM segment_member WHERE segment_id = %s", [kept.segment_id])
        return {row[0] for row in cursor.fetchall()}


def test_a_workflow_tile_shows_how_many_were_launched_succeeded_and_failed_for_good(world: World) -> None:
    people = make_contacts(5)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        bad = {people[0], people[1]}
        server.answer = lambda request: Reply(422 if request.json["contact"]["id"] in bad else 200)
        journey = world.run(audience(make_segment(people)) >> run_workflow(make_workflow(server.url)[0]))
        assert kpis(journey, 2) == {"launched": 5, "calls_succeeded": 0, "calls_failed": 0}
        make_calls(caller, world.now)
        assert kpis(journey, 2) == {"launched": 5, "calls_succeeded": 3, "calls_failed": 2}
        recover_item(calls(contact_id=people[0])[0].pk, world.now)
        make_calls(caller, world.now)
        assert kpis(journey, 2)["calls_failed"] == 2, "it has failed once more, and is one recovery item"
        bad.clear()
        recover_item(calls(contact_id=people[0])[0].pk, world.now)
        make_calls(caller, world.now)
    found = kpis(journey, 2)
    assert found == {"launched": 5, "calls_succeeded": 4, "calls_failed": 1}
    behind = {number: saved(world, journey, number) for number in found}
    failed = set(WorkflowCall.objects.filter(state="failed").values_list("contact_id", flat=True))
    assert behind == {
        "launched": set(people), "calls_succeeded": set(people) - failed, "calls_failed": failed
    }  # fmt: skip
    assert len(failed) == 1
    by_state = {state: WorkflowCall.objects.filter(state=state).count() for state in ("done", "failed")}
    assert (by_state["done"], by_state["failed"]) == (found["calls_succeeded"], found["calls_failed"])
    assert kpis(journey, 1) == {}


def test_a_channel_tile_shows_its_activities_and_each_response_that_it_declares(world: World) -> None:
    people = [make_contact(f"{name}@example.com", do_not_email=name == "d").pk for name in "abcd"]
    channel = make_channel(compliance_column="do_not_email")
    journey = world.run(audience(make_segment(people)) >> custom_channel(channel) >> wait(days=1))
    made = activities(channel_id=channel)
    for person in people[:2]:
        respond(made[person], "delivered", now=world.now, key="once")
        respond(made[person], "delivered", now=world.now, key="once")
    respond(made[people[0]], "answer", "STOP", now=world.now)
    respond(made[people[0]], "answer", "NO", now=world.now)
    found = kpis(journey, 2)
    assert found == {
        "channel_activities": 3, "channel_responded": 2, "channel_responses": 4,
        "response:delivered": 2, "response:refused": 0, "response:answer": 2,
    }  # fmt: skip
    assert found["channel_activities"] == ChannelActivity.objects.count()
    shown = next(each for each in tile_numbers(journey).tiles if each.tile == 2).kpis
    assert [each.name for each in shown][-3:] == ["Letter delivered", "Refused", "Answered with"]
    assert saved(world, journey, "channel_activities") == set(people[:3])
    assert saved(world, journey, "channel_responded") == saved(world, journey, "channel_responses") == set(people[:2])
    assert saved(world, journey, "response:answer") == {people[0]}
    assert saved(world, journey, "response:refused") == saved(world, journey, "response:never") == set()
    with pytest.raises(InvalidInput):
        saved(world, journey, "launched")


def test_a_response_that_is_not_declared_any_more_is_still_counted(world: World) -> None:
    (person,) = make_contacts(1)
    channel = make_channel()
    journey = world.run(audience(make_segment([person])) >> custom_channel(channel))
    respond(activities()[person], "refused", now=world.now)
    world.tick(days=31)

    actions.stop(journey, now=world.now)
    world.tick()
    world.tick(days=31)
    with transaction.atomic():
        change_channel(channel, {"responses": []})
    assert kpis(journey, 2)["response:refused"] == 1


def test_calls_that_tell_a_workflow_of_activities_are_no_launches_and_share_no_numbers_with_them(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        channel = make_channel(workflow_id=make_workflow(server.url)[0])
        journey = world.run(audience(make_segment([person])) >> custom_channel(channel))
        make_calls(caller, world.now)
    assert len(server.received) == 1
    found = kpis(journey, 2)
    assert (found["channel_activities"], found["channel_responded"], found["channel_responses"]) == (1, 0, 0)
    assert clickhouse.fetch_rows("SELECT count() FROM tile_event WHERE type = 'WorkflowCallSucceeded'") == [(0,)]


def test_the_period_and_the_company_narrow_what_was_asked_of_the_outside(world: World) -> None:
    company = make_company()
    people = [make_contact(company=company).pk, *make_contacts(2)]
    channel = make_channel()
    journey = world.run(audience(make_segment(people)) >> custom_channel(channel))
    world.clock.advance(timedelta(hours=2))
    respond(activities()[people[0]], "delivered", now=world.now)
    assert kpis(journey, 2, since=START + timedelta(hours=1))["channel_activities"] == 0
    assert kpis(journey, 2, since=START + timedelta(hours=1))["response:delivered"] == 1
    assert kpis(journey, 2, until=START + timedelta(hours=1))["channel_responded"] == 0
    assert saved(world, journey, "channel_activities", since=START + timedelta(hours=1)) == set()
    assert saved(world, journey, "response:delivered", since=START + timedelta(hours=1)) == {people[0]}
    assert saved(world, journey, "channel_activities", company_id=company.pk) == {people[0]}
    assert kpis(journey, 2, company_id=company.pk)["channel_activities"] == 1


def test_what_was_asked_of_the_outside_is_rebuilt_when_it_does_not_add_up(world: World) -> None:
    people = make_contacts(3)
    journey = world.run(audience(make_segment(people)) >> custom_channel(make_channel()))
    ship()
    clickhouse.run("TRUNCATE TABLE tile_event")
    rollups.mend_events()
    assert kpis(journey, 2)["channel_activities"] == 3
