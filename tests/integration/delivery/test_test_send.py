"""POST /emails/{id}/test-send hands the mail over now and leaves no trace in the numbers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

from senet.accounts.values import Role
from senet.delivery.returns.paths import find_message_of_path
from senet.demo.smtp_sink import running_sink
from senet.messages.queries import find_message
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.content import make_confirmation_email, make_default_content_settings, make_email
from tests.support.esp import running_api
from tests.support.people import make_contact
from tests.support.processes import free_port

pytestmark = pytest.mark.django_db


def _send(client: ApiClient, email_id: int, **body: Any) -> Any:
    return client.post(f"/emails/{email_id}/test-send", {"addresses": ["me@example.com"], **body})


def test_a_test_arrives_as_the_chosen_contact_would_read_it_and_is_not_counted(settings: Settings) -> None:
    make_default_content_settings()
    email, contact = make_email(), make_contact(first_name="Ada")
    with running_sink() as sink:
        settings.SMTP_URL = f"smtp://127.0.0.1:{sink.port}?tls=none"
        addresses = ["me@example.com", "Me@example.com", "x+bounce@example.com"]
        response = _send(sign_in(), email.pk, addresses=addresses, contact_id=contact.pk)
    assert response.status_code == 200, response.content
    results = {result["address"]: result for result in response.json()["results"]}
    assert results["me@example.com"] == {"address": "me@example.com", "accepted": True, "reason": ""}
    assert results["x+bounce@example.com"]["accepted"] is False
    assert "5.1.1" in results["x+bounce@example.com"]["reason"]
    (envelope,) = sink.envelopes
    assert envelope.recipients == ("me@example.com",)
    assert b"Hello Ada" in envelope.data
    with connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM interaction)")
        assert cursor.fetchone() == (0, 0)


def test_a_mail_server_that_is_down_is_told_in_words(settings: Settings) -> None:
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}?tls=none"
    response = _send(sign_in(), make_email().pk)
    (result,) = response.json()["results"]
    assert result["accepted"] is False
    assert result["reason"]


@pytest.mark.parametrize(
    "addresses",
    [[], ["nobody"], ["a@b.example"] * 11, ["a@b.example", "x y@z.example"], ["a@b.example\r\nRCPT TO:<c@d.example>"]],
)
def test_addresses_that_are_none_or_too_many_are_refused(addresses: list[str]) -> None:
    response = _send(sign_in(), make_email().pk, addresses=addresses)
    assert response.status_code == 422, response.content


def test_an_email_that_could_not_go_live_is_refused_with_every_problem() -> None:
    response = _send(sign_in(), make_email(subject="", from_address="").pk)
    assert response.status_code == 422
    assert len(response.json()["error"]["problems"]) >= 2


def test_who_may_not_edit_may_not_send() -> None:
    ours, theirs = make_unit(), make_unit()
    email = make_email(business_unit_id=theirs.pk)
    assert _send(sign_in(Role.VIEWER, unit=theirs), email.pk).status_code == 403
    assert _send(sign_in(Role.MARKETER, unit=ours), email.pk).status_code == 404
    assert _send(ApiClient(), email.pk).status_code == 401
    assert _send(sign_in(), 999_999).status_code == 404
    contact = make_contact(business_unit=theirs)
    mine = make_email(business_unit_id=ours.pk)
    assert _send(sign_in(Role.MARKETER, unit=ours), mine.pk, contact_id=contact.pk).status_code == 404


def test_a_test_goes_through_the_provider_of_its_from_domain_and_its_reports_concern_no_message(
    settings: Settings,
) -> None:
    email = make_email()
    domain = email.from_address.rpartition("@")[2]
    with running_api(lambda _path, _body: (200, {"id": "<1@x>", "message": "Queued. Thank you."})) as api:
        settings.PROVIDERS = (f"mailgun://key@{domain}?api={api.url}&domains={domain}",)
        settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}?tls=none"
        (result,) = _send(sign_in(), email.pk).json()["results"]
    assert result["accepted"], result
    ((_, _, body),) = api.asked
    (token,) = re.findall(rb"b-[a-z2-7]{29}", body)
    number = find_message_of_path(token.decode() + "@x")
    assert number is not None
    assert find_message(number) is None


def test_a_confirmation_request_is_not_sent_as_a_test() -> None:
    answer = _send(sign_in(), make_confirmation_email().pk)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "conflict")
    assert "preview" in answer.json()["error"]["message"]
