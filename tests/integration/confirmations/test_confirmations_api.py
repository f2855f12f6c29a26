"""Double opt-in by API: set up by administrators, asked for contacts that one sees, taken back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.confirmations.answering import confirm
from senet.confirmations.models import ConfirmationRequest
from senet.confirmations.values import Outcome
from senet.content.actions import stop_email
from senet.interactions.values import Interaction
from senet.shared.clock import utc_now
from tests.support.accounts import make_unit, sign_in
from tests.support.confirmations import ask, mail, make_list, stop_content_settings, turn_on
from tests.support.content import make_confirmation_email, make_default_content_settings, make_email, make_live_email
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db


def read(response: Any) -> Any:
    return json.loads(response.content)


def test_double_opt_in_is_off_until_it_can_work() -> None:
    client = sign_in()
    before = read(client.get("/confirmation-settings"))
    assert (before["enabled"], before["problems"], before["mails_held"]) == (False, [], 0)
    refused = client.patch("/confirmation-settings", {"enabled": True})
    assert refused.status_code == 422
    found = {(one["code"], one["where"]) for one in read(refused)["error"]["problems"]}
    assert found == {
        ("email_missing", "subscription_email_id"),
        ("email_missing", "consent_email_id"),
        ("settings_missing", "content_settings_id"),
    }
    assert read(client.get("/confirmation-settings"))["enabled"] is False


def test_it_is_turned_on_with_emails_that_ask_and_warns_of_what_is_stopped_since() -> None:
    make_default_content_settings()
    client, asks = sign_in(), make_confirmation_email()
    body = {"subscription_email_id": asks.pk, "consent_email_id": asks.pk, "enabled": True}
    thanks = {"subscription_thanks_url": "https://shop.example.com/thänks"}
    changed = read(client.patch("/confirmation-settings", {**body, **thanks}))
    assert (changed["enabled"], changed["problems"]) == (True, [])
    assert changed["subscription_thanks_url"] == "https://shop.example.com/th%C3%A4nks"
    stop_email(asks.pk)
    stop_content_settings()
    ask(make_contact().pk, list_id=make_list("News"))
    shown = read(client.get("/confirmation-settings"))
    assert {(one["code"], one["severity"]) for one in shown["problems"]} == {
        ("email_not_live", "warning"),
        ("settings_not_live", "warning"),
    }
    assert shown["mails_held"] == 1


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"subscription_email_id": 987654}, "subscription_email_id"),
        ({"content_settings_id": 987654}, "content_settings_id"),
        ({"consent_thanks_url": "javascript:alert(1)"}, "consent_thanks_url"),
    ],
)
def test_what_does_not_exist_or_is_no_address_is_refused_also_while_it_is_off(body: Any, where: str) -> None:
    refused = sign_in().patch("/confirmation-settings", body)
    assert refused.status_code == 422
    assert [one["where"] for one in read(refused)["error"]["problems"]] == [where]


def test_a_marketing_email_and_a_draft_cannot_ask() -> None:
    make_default_content_settings()
    client, newsletter = sign_in(), make_live_email()
    draft = make_email(content_type="confirmation_request", legal_designation="transactional")
    assert client.patch("/confirmation-settings", {"subscription_email_id": newsletter.pk}).status_code == 422
    chosen = {"subscription_email_id": draft.pk, "consent_email_id": draft.pk}
    assert client.patch("/confirmation-settings", chosen).status_code == 200
    refused = client.patch("/confirmation-settings", {"enabled": True})
    assert {one["code"] for one in read(refused)["error"]["problems"]} == {"email_not_live"}
    assert client.delete(f"/emails/{draft.pk}").status_code == 204
    assert read(client.get("/confirmation-settings"))["subscription_email_id"] is None


def test_only_administrators_set_it_up() -> None:
    manager = sign_in(Role.MARKETING_MANAGER)
    assert manager.get("/confirmation-settings").status_code == 200
    assert manager.patch("/confirmation-settings", {"enabled": False}).status_code == 403


def test_a_contact_is_asked_and_the_request_is_listed() -> None:
    turn_on()
    client, contact, news = sign_in(Role.MARKETER), make_contact(first_name="Ada"), make_list("News")
    path = f"/contacts/{contact.pk}/confirmation-requests"
    made = client.post(path, {"list_id": news})
    assert made.status_code == 201, made.content
    request = read(made)
    assert (request["state"], request["object_name"], request["contact_name"]) == ("waiting", "News", "Ada")
    assert (request["asked_by"], request["user_id"]) == ("api", client.user.pk if client.user else None)
    again = client.post(path, {"list_id": news})
    assert (again.status_code, read(again)["error"]["fields"]["outcome"]) == (409, "mailed_before")
    assert client.post(path, {"consent_level": 5}).status_code == 201
    listed = read(client.get(f"/confirmation-requests?contact_id={contact.pk}&kind=list"))
    assert [one["id"] for one in listed["items"]] == [request["id"]]


def test_what_cannot_be_asked_is_refused_with_a_sentence() -> None:
    contact, news = make_contact(consent_level=4), make_list("News")
    client, path = sign_in(), f"/contacts/{contact.pk}/confirmation-requests"
    assert "Double opt-in is off" in read(client.post(path, {"list_id": news}))["error"]["message"]
    turn_on()
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"list_id": news, "consent_level": 5}).status_code == 422
    assert client.post(path, {"list_id": 987654}).status_code == 422
    assert client.post(path, {"consent_level": 6}).status_code == 422
    assert "already" in read(client.post(path, {"consent_level": 4}))["error"]["message"]
    assert client.post("/contacts/987654/confirmation-requests", {"list_id": news}).status_code == 404
    silent = make_contact(do_not_email=True)
    refused = client.post(f"/contacts/{silent.pk}/confirmation-requests", {"list_id": news})
    assert (refused.status_code, "no email at all" in read(refused)["error"]["message"]) == (409, True)
    assert not ConfirmationRequest.objects.exists()


def test_contacts_of_other_units_are_neither_asked_nor_shown() -> None:
    turn_on()
    stranger = sign_in(Role.MARKETER, unit=make_unit("Elsewhere"))
    contact, news = make_contact(), make_list("News")
    ask(contact.pk, list_id=news)
    assert stranger.post(f"/contacts/{contact.pk}/confirmation-requests", {"list_id": news}).status_code == 404
    assert read(stranger.get("/confirmation-requests"))["total"] == 0
    request = ConfirmationRequest.objects.get()
    assert stranger.post(f"/confirmation-requests/{request.pk}/withdraw", {}).status_code == 404


def test_states_are_told_apart_also_the_expired_one() -> None:
    turn_on()
    client, news, now = sign_in(), make_list("News"), utc_now()
    expired, waiting, confirmed = make_contact(), make_contact(), make_contact()
    mail(expired.pk, list_id=news, now=now - timedelta(days=31))
    mail(waiting.pk, list_id=news)
    confirm(mail(confirmed.pk, list_id=news).id, fact=Interaction("ConfirmationResponse", now), now=now)
    for state, contact in (("expired", expired), ("waiting", waiting), ("confirmed", confirmed)):
        items = read(client.get(f"/confirmation-requests?state={state}"))["items"]
        assert [(one["contact_id"], one["state"]) for one in items] == [(contact.pk, state)]


def test_what_was_taken_back_confirms_nothing() -> None:
    turn_on()
    client, contact, news = sign_in(), make_contact(), make_list("News")
    message = mail(contact.pk, list_id=news)
    request = ConfirmationRequest.objects.get()
    answer = client.post(f"/confirmation-requests/{request.pk}/withdraw", {})
    assert read(answer)["state"] == "withdrawn"
    assert client.post(f"/confirmation-requests/{request.pk}/withdraw", {}).status_code == 409
    question = confirm(message.id, fact=Interaction("ConfirmationResponse", utc_now()), now=utc_now())
    assert question is not None
    assert question.outcome is Outcome.WITHDRAWN
