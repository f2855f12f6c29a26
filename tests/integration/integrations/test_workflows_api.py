"""The routes of workflows and recovery items: success, who may, what is missing, what cannot be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from senet.accounts.values import Role
from senet.integrations.actions import claim_calls, record_reports
from senet.integrations.models import Workflow, WorkflowCall
from senet.integrations.registry import ActionCall, action
from senet.integrations.values import CallState, Report, WorkflowKind
from senet.shared.clock import utc_now
from tests.support.accounts import ApiClient, main_unit, make_unit, sign_in
from tests.support.people import make_contact, make_contacts
from tests.support.webhooks import LOOPBACK, Reply, launch, make_action_workflow, make_workflow, webhook_server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOOK = {"name": "Loyalty", "kind": "webhook", "url": "https://example.com/hook"}


@pytest.fixture
def api() -> ApiClient:
    return sign_in()


@pytest.fixture
def loopback(settings: Settings) -> None:
    settings.WEBHOOK_NETWORKS = LOOPBACK.networks


_tried: list[ActionCall] = []


@action("tests.try")
def _try(call: ActionCall) -> None:
    _tried.append(call)


def make_failed(count: int = 1, *, workflow: int | None = None, journey: int = 5) -> list[int]:
    """Calls that failed for good."""
    workflow = workflow or make_workflow()[0]
    launch(make_contacts(count), workflow=workflow, journey=journey, now=NOW)
    held = claim_calls(claim=1, kinds=[WorkflowKind.WEBHOOK], limit=count, most=count, busy={}, now=NOW)
    later = [Report(call.id, CallState.QUEUED, NOW, 500, "Answered 500: <i>no</i>", NOW, 12) for call in held]
    record_reports(later, claim=1)
    claim_calls(claim=1, kinds=[WorkflowKind.WEBHOOK], limit=count, most=count, busy={}, now=NOW)
    at = NOW + timedelta(minutes=1)
    record_reports([Report(call.id, CallState.FAILED, None, 404, "Answered 404.", at, 9) for call in held], claim=1)
    return sorted(call.id for call in held)


def test_a_webhook_is_made_and_its_secret_shown_once(api: ApiClient) -> None:
    made = api.post("/workflows", HOOK)
    assert made.status_code == 201, made.content
    body = made.json()
    assert body["secret"].startswith("whsec_")
    shown = api.get(f"/workflows/{body['id']}").json()
    assert "secret" not in shown
    assert (shown["name"], shown["url"], shown["active"]) == ("Loyalty", "https://example.com/hook", True)
    assert api.get("/workflows").json()["items"] == [shown]
    kept = Workflow.objects.get(pk=body["id"])
    assert body["secret"].encode() not in bytes(kept.salt)


def test_an_action_is_made_by_its_registered_name(api: ApiClient) -> None:
    assert "tests.try" in api.get("/workflows/actions").json()["actions"]
    made = api.post("/workflows", {"name": "Try", "kind": "action", "action": "tests.try"})
    assert made.status_code == 201
    assert made.json()["secret"] is None
    assert api.post(f"/workflows/{made.json()['id']}/rotate-secret").status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {**HOOK, "url": ""},
        {**HOOK, "url": "http://127.0.0.1/"},
        {**HOOK, "url": "https://a:b@example.com/"},
        {**HOOK, "name": "  "},
        {**HOOK, "action": "tests.try"},
        {**HOOK, "kind": "fax"},
        {"name": "Try", "kind": "action", "action": "tests.unknown"},
        {"name": "Try", "kind": "action", "action": "tests.try", "url": "https://example.com/"},
        {},
    ],
)
def test_a_workflow_that_cannot_work_is_refused(api: ApiClient, body: dict[str, Any]) -> None:
    response = api.post("/workflows", body)
    assert response.status_code == 422, response.content
    assert Workflow.objects.count() == 0


def test_a_workflow_is_changed_in_parts(api: ApiClient) -> None:
    workflow, _ = make_workflow()
    changed = api.patch(f"/workflows/{workflow}", {"active": False, "url": "https://example.org/"})
    assert (changed.json()["active"], changed.json()["url"]) == (False, "https://example.org/")
    assert api.patch(f"/workflows/{workflow}", {"url": "ftp://example.org/"}).status_code == 422
    assert [each["id"] for each in api.get("/workflows", {"active": False}).json()["items"]] == [workflow]
    assert api.get("/workflows", {"kind": "action"}).json()["items"] == []


def test_a_workflow_is_deleted_when_no_call_is_open(api: ApiClient) -> None:
    workflow, _ = make_workflow()
    (item,) = make_failed(workflow=workflow)
    refused = api.delete(f"/workflows/{workflow}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "workflow_in_use")
    assert api.delete(f"/recovery-items/{item}").status_code == 204
    assert api.delete(f"/workflows/{workflow}").status_code == 204
    assert api.get(f"/workflows/{workflow}").status_code == 404


def test_a_new_secret_is_shown_once(api: ApiClient) -> None:
    workflow, old = make_workflow()
    new = api.post(f"/workflows/{workflow}/rotate-secret").json()["secret"]
    assert new != old
    assert api.get(f"/workflows/{workflow}").json()["rotated_at"] is not None


def test_a_test_call_tells_what_was_answered(api: ApiClient, loopback: None) -> None:
    with webhook_server(Reply(418, b"teapot")) as server:
        workflow, secret = make_workflow(server.url)
        result = api.post(f"/workflows/{workflow}/test", {}).json()
    (request,) = server.received
    assert request.is_signed_with(secret)
    assert (request.json["type"], request.json["contact"]["first_name"]) == ("workflow.test", "Sam")
    assert (result["ok"], result["status"], result["body"]) == (False, 418, "teapot")
    assert WorkflowCall.objects.count() == 0


def test_a_test_call_can_be_about_a_contact(api: ApiClient, loopback: None) -> None:
    person = make_contact(first_name="Ann")
    with webhook_server() as server:
        workflow, _ = make_workflow(server.url)
        assert api.post(f"/workflows/{workflow}/test", {"contact_id": person.pk}).json()["ok"]
        assert api.post(f"/workflows/{workflow}/test", {"contact_id": person.pk + 999}).status_code == 404
    assert server.received[0].json["contact"]["first_name"] == "Ann"


def test_a_test_call_reaches_no_private_address(api: ApiClient) -> None:
    with webhook_server() as server:
        workflow, _ = make_workflow(server.url)
        result = api.post(f"/workflows/{workflow}/test", {}).json()
    assert not result["ok"]
    assert "private network" in result["error"]
    assert server.received == []


def test_a_test_call_of_an_action_says_that_it_is_one(api: ApiClient) -> None:
    _tried.clear()
    assert api.post(f"/workflows/{make_action_workflow('tests.try')}/test", {}).json()["ok"]
    assert [call.test for call in _tried] == [True]


def test_workflows_of_other_business_units_are_not_there() -> None:
    workflow, _ = make_workflow(business_unit_id=make_unit().pk)
    stranger = sign_in(Role.MARKETER)
    assert stranger.get("/workflows").json()["items"] == []
    for response in (
        stranger.get(f"/workflows/{workflow}"),
        stranger.patch(f"/workflows/{workflow}", {"active": False}),
        stranger.delete(f"/workflows/{workflow}"),
        stranger.post(f"/workflows/{workflow}/test", {}),
        stranger.post(f"/workflows/{workflow}/rotate-secret"),
    ):
        assert response.status_code == 404, response.content


def test_a_stranger_and_a_viewer_change_nothing() -> None:
    workflow, _ = make_workflow()
    assert Client().get("/api/v1/workflows").status_code == 401
    viewer = sign_in(Role.VIEWER)
    assert viewer.get(f"/workflows/{workflow}").status_code == 200
    assert viewer.post("/workflows", HOOK).status_code == 403
    assert viewer.post(f"/workflows/{workflow}/test", {}).status_code == 403


def test_a_module_of_actions_that_cannot_be_imported_is_told(api: ApiClient, settings: Settings) -> None:
    settings.ACTIONS = ("tests.no_such_module",)
    response = api.get("/workflows/actions")
    assert (response.status_code, response.json()["error"]["code"]) == (422, "actions_broken")
    assert "tests.no_such_module" in response.json()["error"]["message"]


def test_recovery_items_are_listed_with_filters(api: ApiClient) -> None:
    first, _ = make_workflow(name="First")
    second, _ = make_workflow(name="Second")
    one, two = make_failed(2, workflow=first, journey=5), make_failed(1, workflow=second, journey=6)
    listed = api.get("/recovery-items").json()
    assert [item["id"] for item in listed["items"]] == sorted([*one, *two], reverse=True)
    assert listed["items"][0]["workflow_name"] == "Second"
    assert listed["items"][0]["error"] == "Answered 404."
    assert [item["id"] for item in api.get("/recovery-items", {"journey_id": 6}).json()["items"]] == two
    assert api.get("/recovery-items", {"workflow_id": first}).json()["total"] == 2
    assert api.get("/recovery-items", {"tile": 9}).json()["total"] == 0
    contact = listed["items"][0]["contact_id"]
    assert api.get("/recovery-items", {"contact_id": contact, "sort": "-failed_at"}).json()["total"] == 1


def test_a_recovery_item_shows_every_attempt(api: ApiClient) -> None:
    (item,) = make_failed()
    shown = api.get(f"/recovery-items/{item}").json()
    assert [(each["status"], each["error"]) for each in shown["attempts"]] == [
        (500, "Answered 500: <i>no</i>"),
        (404, "Answered 404."),
    ]
    assert shown["state"] == "failed"
    assert shown["idempotency_key"] == str(WorkflowCall.objects.get(pk=item).key)


def test_an_item_is_recovered_once(api: ApiClient) -> None:
    (item,) = make_failed()
    assert api.post(f"/recovery-items/{item}/recover").json() == {"recovered": 1}
    call = WorkflowCall.objects.get(pk=item)
    assert (call.state, call.attempt, call.first_tried_at) == ("queued", 0, None)
    assert call.due_at is not None
    assert abs(call.due_at - utc_now()) < timedelta(minutes=1)
    assert api.post(f"/recovery-items/{item}/recover").status_code == 404
    assert api.get(f"/recovery-items/{item}").status_code == 404


def test_all_items_of_a_journey_or_a_workflow_are_recovered_together(api: ApiClient) -> None:
    workflow, _ = make_workflow()
    make_failed(3, workflow=workflow, journey=5)
    make_failed(2, workflow=workflow, journey=6)
    assert api.post("/recovery-items/recover", {"journey_id": 5}).json() == {"recovered": 3}
    assert api.post("/recovery-items/recover", {"workflow_id": workflow}).json() == {"recovered": 2}
    assert api.post("/recovery-items/recover", {}).status_code == 422


def test_a_deleted_item_is_given_up(api: ApiClient) -> None:
    (item,) = make_failed()
    assert api.delete(f"/recovery-items/{item}").status_code == 204
    assert WorkflowCall.objects.get(pk=item).state == "dismissed"
    assert api.delete(f"/recovery-items/{item}").status_code == 404


def test_marketers_see_the_count_of_their_units_alone() -> None:
    (item,) = make_failed()
    make_failed(workflow=make_workflow(business_unit_id=make_unit().pk)[0], journey=6)
    marketer = sign_in(Role.MARKETER, unit=main_unit())
    assert marketer.get("/recovery-items/count").json() == {"count": 1}
    for response in (
        marketer.get("/recovery-items"),
        marketer.get(f"/recovery-items/{item}"),
        marketer.post(f"/recovery-items/{item}/recover"),
        marketer.post("/recovery-items/recover", {"journey_id": 5}),
        marketer.delete(f"/recovery-items/{item}"),
    ):
        assert response.status_code == 403, response.content
    manager = sign_in(Role.MARKETING_MANAGER)
    assert manager.get("/recovery-items/count").json() == {"count": 2}
    assert manager.get("/recovery-items").json()["total"] == 2
