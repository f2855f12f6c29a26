"""Calls from the outbox to a real server and back: at least once each, again later, or for good a recovery item."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from senet.integrations import actions
from senet.integrations.actions import claim_calls, forget_calls
from senet.integrations.addresses import AddressPolicy
from senet.integrations.models import Workflow, WorkflowAttempt
from senet.integrations.queries import measure_backlog
from senet.integrations.registry import ActionCall, GiveUp, TryLater, action
from senet.integrations.values import CallState, Report, WorkflowKind
from senet.people.models import Contact
from tests.support.interactions import logged
from tests.support.journeys import World, audience, join, make_segment, run_workflow
from tests.support.people import make_company, make_contact, make_contacts
from tests.support.webhooks import (
    Reply,
    calls,
    launch,
    make_action_workflow,
    make_calls,
    make_workflow,
    running_caller,
    webhook_server,
)


def _launch(world: World, workflow_id: int, people: list[int]) -> int:
    return world.run(audience(make_segment(people)) >> run_workflow(workflow_id))


def test_a_launched_workflow_is_called_once_with_the_person_and_a_signature_that_holds(world: World) -> None:
    company = make_company("Acme", custom={"tier": "gold"})
    person = make_contact("ann@example.com", first_name="Ann", custom={"size": 42}, company=company)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        workflow, secret = make_workflow(server.url, name="Loyalty")
        journey = _launch(world, workflow, [person.pk])
        make_calls(caller, world.now)
        make_calls(caller, world.now)
    (request,) = server.received
    (call,) = calls()
    assert request.is_signed_with(secret)
    assert not request.is_signed_with("whsec_of_somebody_else")
    assert request.headers["Idempotency-Key"] == str(call.key)
    assert request.headers["Senet-Timestamp"] == str(int(world.now.timestamp()))
    told = request.json
    assert (told["type"], told["version"], told["id"]) == ("workflow.launched", 1, str(call.key))
    assert told["journey"] == {"id": journey, "iteration": 1, "tile": 2}
    assert told["workflow"] == {"id": workflow, "name": "Loyalty"}
    assert (told["contact"]["id"], told["contact"]["first_name"]) == (person.pk, "Ann")
    assert told["contact"]["custom"] == {"size": 42}
    assert (told["company"]["name"], told["company"]["custom"]) == ("Acme", {"tier": "gold"})
    assert (call.state, call.status, call.attempt, call.finished_at) == ("done", 200, 1, world.now)


def test_a_call_that_failed_for_now_is_made_again_with_the_same_key(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server(Reply(500, b"no"), Reply(200)) as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        make_calls(caller, world.now)
        assert [(call.state, call.status) for call in calls()] == [("queued", 500)]
        make_calls(caller, world.now + timedelta(seconds=4))
        assert len(server.received) == 1, "its time has not come"
        world.clock.advance(timedelta(seconds=5))
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, call.attempt) == ("done", 2)
    assert len(set(server.keys)) == 1
    assert [(attempt.status, attempt.error) for attempt in call.attempts.all()] == [(500, "Answered 500: no")]


def test_a_call_that_is_refused_becomes_a_recovery_item_and_is_logged(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server(Reply(422, b"<b>bad</b>")) as server, running_caller(lambda: world.now) as caller:
        workflow, _ = make_workflow(server.url)
        journey = _launch(world, workflow, [person])
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, call.error) == ("failed", "Answered 422: <b>bad</b>")
    assert logged("TriggerCrmWorkflowActivityContactProcessed") == [(person, journey, 2, {"workflow_id": workflow})]
    assert logged("ActivityContactProcessingFailed") == [
        (person, journey, 2, {"workflow_id": workflow, "call_id": call.pk, "reason": "workflow_failed"})
    ]


def test_attempts_end_after_a_day_or_ten_of_them(world: World) -> None:
    (person,) = make_contacts(1)
    began = world.now
    with webhook_server(Reply(503)) as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        for _ in range(20):
            make_calls(caller, world.now)
            due_at = calls()[0].due_at
            if due_at is None:
                break
            world.clock.advance(due_at - world.now)
    (call,) = calls()
    assert call.state == "failed"
    assert call.error.endswith("Given up after 10 attempts.")
    assert len(server.received) == 10 == call.attempts.count()
    assert world.now - began < timedelta(hours=24)


def test_a_recovered_item_is_called_again_with_the_same_key(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server(Reply(404), Reply(200)) as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        make_calls(caller, world.now)
        actions.recover_item(calls()[0].pk, world.now)
        make_calls(caller, world.now)
    assert calls()[0].state == "done"
    assert len(server.keys) == 2
    assert len(set(server.keys)) == 1


def test_a_server_that_asks_for_a_rest_gets_no_other_call_of_its_workflow_meanwhile(world: World) -> None:
    people = make_contacts(3)
    busy = Reply(429, b"", {"Retry-After": "60"})
    with (
        webhook_server(busy, Reply(200)) as server,
        webhook_server() as other,
        running_caller(lambda: world.now, one_workflow=1) as caller,
    ):
        _launch(world, make_workflow(server.url)[0], people)
        _launch(world, make_workflow(other.url)[0], people)
        make_calls(caller, world.now)
        assert len(server.received) == 1
        assert len(other.received) == 3, "other workflows go on"
        world.clock.advance(timedelta(seconds=59))
        make_calls(caller, world.now)
        assert len(server.received) == 1
        world.clock.advance(timedelta(seconds=1))
        make_calls(caller, world.now)
    assert len(server.received) == 4
    assert {call.state for call in calls()} == {"done"}


def test_a_call_whose_worker_died_is_made_again_when_its_lease_is_over(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        held = claim_calls(claim=7, kinds=[WorkflowKind.WEBHOOK], limit=9, most=9, busy={}, now=world.now)
        assert [call.attempt for call in held] == [1]
        make_calls(caller, world.now + timedelta(seconds=59))
        assert server.received == []
        world.clock.advance(timedelta(seconds=60))
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, call.attempt) == ("done", 2)
    assert [attempt.error for attempt in call.attempts.all()] == ["The worker ended before it heard an answer."]
    assert len(server.received) == 1


def test_a_worker_that_lost_its_lease_cannot_overwrite_what_another_recorded(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        (held,) = claim_calls(claim=7, kinds=[WorkflowKind.WEBHOOK], limit=9, most=9, busy={}, now=world.now)
        world.clock.advance(timedelta(seconds=61))
        make_calls(caller, world.now)
    late = Report(held.id, CallState.FAILED, None, 500, "Too late.", world.now, 1)
    assert actions.record_reports([late], claim=7) == {}
    assert calls()[0].state == "done"


def test_a_call_that_kills_its_worker_each_time_ends_as_a_recovery_item(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        for number in range(10):
            held = claim_calls(claim=number, kinds=[WorkflowKind.WEBHOOK], limit=9, most=9, busy={}, now=world.now)
            assert len(held) == 1
            world.clock.advance(timedelta(seconds=61))
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, server.received) == ("failed", [])
    assert "did not survive" in call.error


def test_two_workers_make_no_call_twice(world: World) -> None:
    people = make_contacts(200)
    with (
        webhook_server() as server,
        running_caller(lambda: world.now) as first,
        running_caller(lambda: world.now) as second,
    ):
        _launch(world, make_workflow(server.url)[0], people)
        while first.step(world.now) + second.step(world.now) or first.tell()["under_way"] or second.tell()["under_way"]:
            pass
    assert len(server.keys) == len(set(server.keys)) == 200
    assert {call.state for call in calls()} == {"done"}


def test_calls_are_made_side_by_side_but_never_more_than_the_places_allow(world: World) -> None:
    people = make_contacts(12)
    with webhook_server(Reply(seconds=0.3)) as server, running_caller(lambda: world.now, one_workflow=4) as caller:
        _launch(world, make_workflow(server.url)[0], people)
        started = time.monotonic()
        most = 0
        while caller.step(world.now) or caller.tell()["under_way"]:
            most = max(most, int(str(caller.tell()["under_way"])))
        seconds = time.monotonic() - started
    assert most == 4
    assert 0.9 <= seconds < 3
    assert len(server.received) == 12


def test_a_slow_workflow_does_not_hold_up_another(world: World) -> None:
    people = make_contacts(8)
    with (
        webhook_server(Reply(seconds=2)) as slow,
        webhook_server() as quick,
        running_caller(lambda: world.now, webhooks=4, one_workflow=2) as caller,
    ):
        _launch(world, make_workflow(slow.url)[0], people)
        workflow, _ = make_workflow(quick.url)
        _launch(world, workflow, people)
        end = time.monotonic() + 1.5
        while time.monotonic() < end and len(quick.received) < 8:
            caller.step(world.now)
        assert len(quick.received) == 8
        assert len(slow.received) == 2


def test_the_calls_of_an_inactive_workflow_wait(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        workflow, _ = make_workflow(server.url)
        _launch(world, workflow, [person])
        Workflow.objects.update(active=False)
        make_calls(caller, world.now)
        assert (server.received, calls()[0].state) == ([], "queued")
        Workflow.objects.update(active=True)
        make_calls(caller, world.now)
    assert len(server.received) == 1


def test_nobody_is_called_for_after_the_contact_was_deleted(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        Contact.objects.filter(pk=person).delete()
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, call.error, server.received) == ("cancelled", "The contact was deleted.", [])


@pytest.mark.parametrize("gone", ["deleted", "moved"])
def test_a_companys_call_goes_on_with_another_contact_when_the_first_is_gone(world: World, gone: str) -> None:
    company, elsewhere = make_company("Acme"), make_company("Elsewhere")
    first, second, third = (make_contact(company=company).pk for _ in range(3))
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        lane = audience(make_segment([first, third])) >> run_workflow(
            make_workflow(server.url)[0], launch_for="company"
        )
        world.run(lane, target="company")
        if gone == "deleted":
            Contact.objects.filter(pk=first).delete()
        else:
            Contact.objects.filter(pk=first).update(company=elsewhere)
        make_calls(caller, world.now)
    (request,) = server.received
    assert (request.json["contact"]["id"], request.json["company"]["name"]) == (second, "Acme")
    (call,) = calls()
    assert (call.state, call.company_id) == ("done", company.pk)


def test_a_companys_call_ends_when_nobody_of_the_company_is_left(world: World) -> None:
    person = make_contact(company=make_company()).pk
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        lane = audience(make_segment([person])) >> run_workflow(make_workflow(server.url)[0], launch_for="company")
        world.run(lane, target="company")
        Contact.objects.filter(pk=person).delete()
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, call.error, server.received) == ("cancelled", "The company has no contact left.", [])


def test_calls_that_ended_are_taken_away_after_the_days_of_the_setting(world: World, settings: Settings) -> None:
    settings.WORKFLOW_CALL_DAYS = 30
    people = make_contacts(3)
    with webhook_server(Reply(500), Reply(200)) as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], people[:2])
        while any(call.state == "queued" for call in calls()):
            make_calls(caller, world.now)
            world.clock.advance(timedelta(minutes=1))
        assert WorkflowAttempt.objects.count() == 1
        world.clock.advance(timedelta(days=29))
        _launch(world, make_workflow(server.url)[0], people[2:])
        make_calls(caller, world.now)
        assert forget_calls(world.now) == 0
        world.clock.advance(timedelta(days=1))
        assert forget_calls(world.now, limit=1) == 1
        assert forget_calls(world.now) == 1
        assert forget_calls(world.now) == 0
    assert [call.contact_id for call in calls()] == people[2:]
    assert WorkflowAttempt.objects.count() == 0


def test_recovery_items_waiting_calls_and_calls_of_companies_are_never_taken_away(world: World) -> None:
    (refused,) = make_contacts(1)
    company = make_company()
    ours = [make_contact(company=company).pk for _ in range(2)]
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        workflow, _ = make_workflow(server.url)
        server.answer = lambda request: Reply(422 if request.json["contact"]["id"] == refused else 200)
        _launch(world, workflow, [refused])
        segment = make_segment(ours[:1])
        lane = audience(segment) >> run_workflow(workflow, launch_for="company")
        world.run(lane, target="company")
        make_calls(caller, world.now)
        launch([refused], workflow=make_workflow(server.url, active=False)[0], now=world.now)
        world.clock.advance(timedelta(days=400))
        assert forget_calls(world.now) == 0
        assert sorted(call.state for call in calls()) == ["done", "failed", "queued"]
        join("segment", segment, ours[1:])
        world.tick()
        assert len(calls()) == 3, "the company was launched for already"


def test_a_private_address_fails_for_good_and_nothing_is_sent(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server() as server, running_caller(lambda: world.now, policy=AddressPolicy()) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, server.received) == ("failed", [])
    assert "SENET_WEBHOOK_NETWORKS" in call.error


def test_both_secrets_sign_for_a_day_after_a_rotation(world: World) -> None:
    first, second = make_contacts(2)
    with webhook_server() as server, running_caller(lambda: world.now) as caller:
        workflow, old = make_workflow(server.url)
        with transaction.atomic():
            new = actions.rotate_secret(workflow, world.now)
        _launch(world, workflow, [first])
        make_calls(caller, world.now)
        world.clock.advance(timedelta(hours=24))
        _launch(world, workflow, [second])
        make_calls(caller, world.now)
    assert old != new
    assert [(each.is_signed_with(old), each.is_signed_with(new)) for each in server.received] == [
        (True, True),
        (False, True),
    ]


def test_a_hostile_answer_is_kept_bounded_and_harmless(world: World) -> None:
    (person,) = make_contacts(1)
    hostile = b"\0\xff\x1b[2J<script>alert(1)</script>" + b"'; DROP TABLE workflow_call; --" * 5000
    reply = Reply(400, hostile, {"X-Evil": "</script>"})
    with webhook_server(reply) as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        make_calls(caller, world.now)
    (call,) = calls()
    assert call.state == "failed"
    assert len(call.error) < 600
    assert call.error.isprintable()


_seen: list[ActionCall] = []


@action("tests.remember")
def _remember(call: ActionCall) -> None:
    _seen.append(call)


@action("tests.refuse")
def _refuse(_call: ActionCall) -> None:
    raise GiveUp("Nobody wants this.")


@action("tests.later")
def _later(_call: ActionCall) -> None:
    raise TryLater("Come back.", timedelta(minutes=3))


@action("tests.break")
def _break(_call: ActionCall) -> None:
    raise ZeroDivisionError("oh")


def test_a_python_action_is_called_with_a_frozen_value(world: World) -> None:
    company = make_company()
    person = make_contact(company=company)
    _seen.clear()
    with running_caller(lambda: world.now) as caller:
        journey = _launch(world, make_action_workflow("tests.remember"), [person.pk])
        make_calls(caller, world.now)
    (value,) = _seen
    (call,) = calls()
    assert value == ActionCall(person.pk, company.pk, journey, 1, 2, world.now, str(call.key))
    assert call.state == "done"
    with pytest.raises(AttributeError):
        value.contact_id = 1  # type: ignore[misc]  # frozen


@pytest.mark.parametrize(
    ("name", "state", "due", "error"),
    [
        ("tests.refuse", "failed", None, "Nobody wants this."),
        ("tests.later", "queued", timedelta(minutes=3), "Come back."),
        ("tests.break", "queued", timedelta(seconds=5), "ZeroDivisionError: oh"),
    ],
)
def test_an_action_that_raises_is_tried_again_unless_it_gives_up(
    world: World, name: str, state: str, due: timedelta | None, error: str
) -> None:
    (person,) = make_contacts(1)
    with running_caller(lambda: world.now) as caller:
        _launch(world, make_action_workflow(name), [person])
        make_calls(caller, world.now)
    (call,) = calls()
    assert (call.state, call.error) == (state, error)
    assert call.due_at == (world.now + due if due else None)


def test_two_functions_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match="already"):
        action("tests.break")(_refuse)
    with pytest.raises(ValueError, match="no name"):
        action("Not a name")


def test_the_backlog_is_told(world: World) -> None:
    people = make_contacts(3)
    with webhook_server(Reply(400), Reply(200)) as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], people)
        world.clock.advance(timedelta(seconds=30))
        found = measure_backlog(world.now)
        assert (found.queued, found.failed, found.oldest_due_seconds) == (3, 0, 30.0)
        assert caller.tell() == {"queued": 3, "failed": 0, "oldest_due_seconds": 30.0, "under_way": 0}
        make_calls(caller, world.now)
        found = measure_backlog(world.now)
        assert (found.queued, found.failed, found.oldest_due_seconds) == (0, 1, 0.0)


def test_recovering_all_takes_those_of_one_journey_or_workflow(world: World) -> None:
    people = make_contacts(2)
    with webhook_server(Reply(400)) as server, running_caller(lambda: world.now) as caller:
        first, _ = make_workflow(server.url)
        second, _ = make_workflow(server.url)
        one, two = _launch(world, first, people), _launch(world, second, people)
        make_calls(caller, world.now)
        assert actions.recover_all(world.now, journey_id=one, workflow_id=second) == 0
        assert actions.recover_all(world.now, journey_id=one) == 2
        assert actions.recover_all(world.now, workflow_id=second) == 2
        make_calls(caller, world.now)
    assert Counter(call.journey_id for call in calls(state="failed")) == {one: 2, two: 2}
    assert WorkflowAttempt.objects.count() == 8


def test_a_clean_end_waits_for_what_is_under_way(world: World) -> None:
    (person,) = make_contacts(1)
    with webhook_server(Reply(seconds=0.5)) as server, running_caller(lambda: world.now) as caller:
        _launch(world, make_workflow(server.url)[0], [person])
        caller.step(world.now)
        assert caller.tell()["under_way"] == 1
        caller.close()
        assert (calls()[0].state, len(server.received)) == ("done", 1)
