"""The routes of channels: declaring them, fetching activities, sending responses back, exactly once each."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from senet.accounts.values import Role
from senet.integrations.channels import enqueue_activities
from senet.integrations.models import Channel, ChannelResponse
from senet.integrations.queries import get_channel_rules
from senet.people.models import Contact, CustomColumn
from senet.shared.clock import utc_now
from tests.support.accounts import ApiClient, main_unit, make_unit, sign_in
from tests.support.channels import activities, make_channel
from tests.support.cohorts import cohort
from tests.support.databases import wait_for_older_transactions
from tests.support.interactions import logged
from tests.support.people import make_company, make_contact, make_contacts
from tests.support.webhooks import make_workflow

LETTERS = {
    "name": "Letters",
    "key": "letters",
    "responses": [
        {"key": "delivered", "label": "Delivered"},
        {"key": "answer", "label": "Answered", "custom": True},
    ],
}
pytestmark = pytest.mark.usefixtures("committed")


def ask(channel: int, people: list[int], *, tile: int = 2) -> dict[int, int]:
    """Ask a channel to act for people, as a tile does; return contact → activity."""
    with cohort(people):
        enqueue_activities(get_channel_rules(channel), journey_id=5, iteration=1, tile=tile, now=utc_now())
    return activities(channel_id=channel, tile=tile)


@pytest.fixture
def api() -> ApiClient:
    return sign_in()


def test_a_channel_is_declared_changed_and_deleted(api: ApiClient) -> None:
    made = api.post("/channels", LETTERS)
    assert made.status_code == 201, made.content
    channel = made.json()
    assert channel["responses"][0] == {"key": "delivered", "label": "Delivered", "custom": False}
    assert api.get("/channels").json()["items"] == [channel]
    changed = api.patch(f"/channels/{channel['id']}", {"name": "Post", "compliance_column": "do_not_email"})
    assert (changed.json()["name"], changed.json()["compliance_column"]) == ("Post", "do_not_email")
    assert api.post("/channels", LETTERS).json()["error"]["code"] == "channel_key_taken"
    assert api.delete(f"/channels/{channel['id']}").status_code == 204
    assert api.get(f"/channels/{channel['id']}").status_code == 404


@pytest.mark.parametrize(
    "change",
    [
        {"name": "  "},
        {"key": "Not a key"},
        {"key": "1"},
        {"compliance_column": "email"},
        {"compliance_column": "custom.unknown"},
        {"compliance_column": "custom.size"},
        {"compliance_column": "active"},
        {"responses": [{"key": "a", "label": "A", "custom": True}, {"key": "b", "label": "B", "custom": True}]},
        {"responses": [{"key": "a", "label": "A"}, {"key": "a", "label": "B"}]},
        {"responses": [{"key": "a=b", "label": "A"}]},
        {"responses": [{"key": "a", "label": " "}]},
    ],
)
def test_a_channel_that_cannot_work_is_refused(api: ApiClient, change: dict[str, Any]) -> None:
    CustomColumn.objects.create(entity="contact", key="size", label="Size", kind="number")
    response = api.post("/channels", {**LETTERS, **change})
    assert response.status_code == 422, response.content
    assert Channel.objects.count() == 0


def test_a_channel_names_a_workflow_that_its_author_may_see(api: ApiClient) -> None:
    workflow, _ = make_workflow(business_unit_id=make_unit().pk)
    marketer = sign_in(Role.MARKETER, unit=main_unit())
    assert marketer.post("/channels", {**LETTERS, "workflow_id": workflow}).status_code == 404
    assert api.post("/channels", {**LETTERS, "workflow_id": workflow + 99}).status_code == 404
    assert api.post("/channels", {**LETTERS, "workflow_id": workflow}).status_code == 201
    refused = api.delete(f"/workflows/{workflow}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "workflow_in_use")


def test_a_partner_fetches_all_activities_in_order_and_none_twice(api: ApiClient) -> None:
    channel, other = make_channel(), make_channel()
    company = make_company("Acme")
    person = make_contact(first_name="Ann", company=company)
    people = [person.pk, *make_contacts(6)]
    made = ask(channel, people)
    ask(other, people, tile=3)
    wait_for_older_transactions()
    found: list[dict[str, Any]] = []
    after = ""
    while page := api.get(f"/channels/{channel}/activities", {"after": after, "limit": 3}).json():
        if not page["items"]:
            break
        found += page["items"]
        after = page["next"]
    assert page["next"] == after
    assert [one["id"] for one in found] == sorted(made.values())
    assert (found[0]["contact"]["first_name"], found[0]["company"]["name"]) == ("Ann", "Acme")
    assert (found[0]["journey_id"], found[0]["tile"]) == (5, 2)
    more = ask(channel, make_contacts(1), tile=4)
    wait_for_older_transactions()
    page = api.get(f"/channels/{channel}/activities", {"after": after}).json()
    assert [one["id"] for one in page["items"]] == list(more.values())


def test_what_a_transaction_still_writes_is_not_passed_over(api: ApiClient) -> None:
    """An activity that commits late comes late, but it comes: a position is not moved past a transaction that runs."""
    import psycopg

    from tests.support.databases import with_database

    channel = make_channel()
    (late, early) = make_contacts(2)
    with psycopg.connect(with_database(str(connection.settings_dict["NAME"]))) as slow:
        slow.execute(
            "INSERT INTO channel_activity (channel_id, journey_id, iteration, tile, contact_id, created_at)"
            " VALUES (%s, 5, 1, 9, %s, now())",
            [channel, late],
        )
        ask(channel, [early])
        page = api.get(f"/channels/{channel}/activities").json()
        assert page["items"] == []
        slow.commit()
    wait_for_older_transactions()
    page = api.get(f"/channels/{channel}/activities", {"after": page["next"]}).json()
    assert [one["contact_id"] for one in page["items"]] == [late, early]


def test_a_partner_does_not_see_contacts_of_other_units() -> None:
    partner = sign_in(Role.MARKETER, unit=main_unit())
    channel = make_channel()
    theirs, ours = make_contact(business_unit=make_unit()), make_contact()
    ask(channel, [theirs.pk, ours.pk])
    wait_for_older_transactions()
    items = partner.get(f"/channels/{channel}/activities").json()["items"]
    assert {one["contact_id"]: one["contact"] is None for one in items} == {theirs.pk: True, ours.pk: False}


@pytest.mark.parametrize("after", ["x", "1", "1.2.3", "-1.2", f"{2**63}.1", "1." + "9" * 30])
def test_a_position_that_is_none_is_refused(api: ApiClient, after: str) -> None:
    assert api.get(f"/channels/{make_channel()}/activities", {"after": after}).status_code == 422


def test_a_response_is_recorded_as_an_interaction_once(api: ApiClient) -> None:
    channel = make_channel()
    (person,) = make_contacts(1)
    activity = ask(channel, [person])[person]
    body = {"response": "answer", "keyword": " Yes ", "at": "2026-03-02T10:00:00+01:00", "idempotency_key": "a-1"}
    first = api.post(f"/channel-activities/{activity}/responses", body)
    assert (first.status_code, first.json()["result"]) == (200, "recorded")
    assert api.post(f"/channel-activities/{activity}/responses", body).json()["result"] == "repeated"
    assert logged("CustomChannelResponse") == [
        (
            person,
            5,
            2,
            {"channel_id": channel, "activity_id": activity, "response": "answer", "keyword": "Yes", "match": "yes"},
        )
    ]
    assert ChannelResponse.objects.get().at.isoformat() == "2026-03-02T09:00:00+00:00"


def test_the_same_key_for_another_response_is_a_conflict(api: ApiClient) -> None:
    (person,) = make_contacts(1)
    activity = ask(make_channel(), [person])[person]
    api.post(f"/channel-activities/{activity}/responses", {"response": "delivered", "idempotency_key": "a"})
    response = api.post(f"/channel-activities/{activity}/responses", {"response": "refused", "idempotency_key": "a"})
    assert (response.status_code, response.json()["error"]["code"]) == (409, "idempotency_conflict")
    again = api.post(f"/channel-activities/{activity}/responses", {"response": "delivered", "idempotency_key": "b"})
    assert again.json()["result"] == "recorded", "a new key is a new response"
    assert len(logged("CustomChannelResponse")) == 2


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"response": "lost"}, "response_unknown"),
        ({"response": "answer"}, "keyword_missing"),
        ({"response": "answer", "keyword": "   "}, "keyword_missing"),
        ({"response": "delivered", "keyword": "yes"}, "keyword_not_taken"),
        ({"response": "delivered", "at": "2999-01-01T00:00:00Z"}, "at_in_future"),
    ],
)
def test_a_response_that_the_channel_does_not_declare_is_refused(
    api: ApiClient, body: dict[str, Any], reason: str
) -> None:
    (person,) = make_contacts(1)
    activity = ask(make_channel(), [person])[person]
    response = api.post(f"/channel-activities/{activity}/responses", {**body, "idempotency_key": "a"})
    assert response.status_code == 422, response.content
    assert response.json()["error"]["fields"]["reason"] == reason
    assert logged("CustomChannelResponse") == []


@pytest.mark.parametrize(
    "body",
    [
        {"response": "delivered"},
        {"response": "delivered", "idempotency_key": ""},
        {"response": "delivered", "idempotency_key": "a", "at": "2026-03-02T10:00:00"},
        {"response": "answer", "idempotency_key": "a", "keyword": "x" * 201},
        {"response": "answer", "idempotency_key": "a\0", "keyword": "x"},
    ],
)
def test_a_response_that_is_malformed_is_refused(api: ApiClient, body: dict[str, Any]) -> None:
    (person,) = make_contacts(1)
    activity = ask(make_channel(), [person])[person]
    assert api.post(f"/channel-activities/{activity}/responses", body).status_code == 422
    assert logged("CustomChannelResponse") == []


def test_many_responses_are_recorded_exactly_and_each_is_told_what_became_of_it(api: ApiClient) -> None:
    people = make_contacts(3)
    made = ask(make_channel(), people)
    a, b, c = (made[person] for person in people)
    sent = [
        {"activity_id": a, "response": "delivered", "idempotency_key": "1"},
        {"activity_id": a, "response": "delivered", "idempotency_key": "1"},
        {"activity_id": a, "response": "refused", "idempotency_key": "1"},
        {"activity_id": b, "response": "answer", "keyword": "No", "idempotency_key": "1"},
        {"activity_id": c, "response": "nonsense", "idempotency_key": "1"},
        {"activity_id": c + 999, "response": "delivered", "idempotency_key": "1"},
    ]
    answer = api.post("/channel-activities/responses", {"responses": sent}).json()
    assert [one["result"] for one in answer["results"]] == [
        "recorded", "repeated", "refused", "recorded", "refused", "refused",
    ]  # fmt: skip
    assert [one["code"] for one in answer["results"]][2::2] == ["idempotency_conflict", "response_unknown"]
    assert (answer["recorded"], answer["repeated"], answer["refused"]) == (2, 1, 3)
    again = api.post("/channel-activities/responses", {"responses": sent}).json()
    assert (again["recorded"], again["repeated"], again["refused"]) == (0, 3, 3)
    assert [row[0] for row in logged("CustomChannelResponse")] == people[:2]


def test_a_thousand_responses_take_few_statements_and_one_more_is_too_many(api: ApiClient) -> None:
    people = make_contacts(1001)
    made = ask(make_channel(), people)
    sent = [{"activity_id": each, "response": "delivered", "idempotency_key": "k"} for each in made.values()]
    assert api.post("/channel-activities/responses", {"responses": sent}).status_code == 422
    with connection.execute_wrapper(counting := _Counting()):
        assert api.post("/channel-activities/responses", {"responses": sent[:1000]}).json()["recorded"] == 1000
    assert counting.statements < 12
    assert len(logged("CustomChannelResponse")) == 1000


class _Counting:
    statements = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements += 1
        return execute(sql, params, many, context)


def test_responses_that_come_at_once_from_two_sides_are_recorded_once(api: ApiClient) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    people = make_contacts(20)
    made = ask(make_channel(), people)
    sent = [{"activity_id": each, "response": "delivered", "idempotency_key": "k"} for each in made.values()]

    def send(responses: list[dict[str, Any]]) -> dict[str, Any]:
        try:
            answer: dict[str, Any] = api.post("/channel-activities/responses", {"responses": responses}).json()
        finally:
            connections.close_all()
        return answer

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(send, [sent, sent[::-1], sent, sent[::-1]]))
    assert sum(answer["recorded"] for answer in answers) == 20
    assert sum(answer["repeated"] for answer in answers) == 60
    assert len(logged("CustomChannelResponse")) == 20


def test_responses_are_taken_after_the_contact_was_deleted(api: ApiClient) -> None:
    (person,) = make_contacts(1)
    activity = ask(make_channel(), [person])[person]
    Contact.objects.filter(pk=person).delete()
    sent = {"response": "delivered", "idempotency_key": "a"}
    assert api.post(f"/channel-activities/{activity}/responses", sent).json()["result"] == "recorded"


def test_strangers_viewers_and_other_units_are_kept_out() -> None:
    (person,) = make_contacts(1)
    channel = make_channel(business_unit_id=make_unit().pk)
    activity = ask(channel, [person])[person]
    sent = {"response": "delivered", "idempotency_key": "a"}
    assert Client().get(f"/api/v1/channels/{channel}/activities").status_code == 401
    assert Client().post(f"/api/v1/channel-activities/{activity}/responses", sent).status_code == 401
    assert sign_in(Role.VIEWER).post(f"/channel-activities/{activity}/responses", sent).status_code == 403
    stranger = sign_in(Role.MARKETER, unit=main_unit())
    assert stranger.get(f"/channels/{channel}/activities").status_code == 404
    assert stranger.patch(f"/channels/{channel}", {"name": "x"}).status_code == 404
    assert stranger.post(f"/channel-activities/{activity}/responses", sent).status_code == 404
    many = stranger.post("/channel-activities/responses", {"responses": [{**sent, "activity_id": activity}]}).json()
    assert many["results"][0]["code"] == "activity_not_found"
    assert logged("CustomChannelResponse") == []


def test_a_moment_a_little_ahead_of_our_clock_is_taken(api: ApiClient) -> None:
    (person,) = make_contacts(1)
    activity = ask(make_channel(), [person])[person]
    ahead = (utc_now() + timedelta(minutes=2)).isoformat()
    sent = {"response": "delivered", "at": ahead, "idempotency_key": "a"}
    assert api.post(f"/channel-activities/{activity}/responses", sent).json()["result"] == "recorded"
    assert api.post(f"/channel-activities/{activity}/responses", sent).json()["result"] == "repeated"
