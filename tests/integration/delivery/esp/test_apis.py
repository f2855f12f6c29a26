"""Amazon SES, Resend, Mandrill and SendGrid, each played by a server on loopback as its documentation tells."""

from __future__ import annotations

import base64
import json
from email import message_from_bytes, policy
from typing import Any

import pytest

from senet.delivery.esp.client import EspClient
from senet.delivery.esp.registry import read_esp_url
from senet.delivery.values import Outcome, Verdict
from tests.integration.delivery.esp.test_client import outgoing
from tests.support.esp import Answer, running_api, token_of
from tests.support.processes import free_port
from tests.support.smtp import send_all

Asked = list[tuple[str, dict[str, str], bytes]]
FINE: dict[str, Answer] = {
    "ses": lambda _path, _body: (200, {"MessageId": "0102-1"}),
    "resend": lambda _path, _body: (200, {"id": "49a3999c"}),
    "mandrill": lambda _path, _body: (200, [{"email": "ada@example.com", "status": "queued", "_id": "abc"}]),
    "sendgrid": lambda _path, _body: (202, {}),
}
ADDRESSES = {
    "ses": "ses://AKID:secret@eu-west-1?set=marketing&",
    "resend": "resend://re_key@?",
    "mandrill": "mandrill://md-key@?",
    "sendgrid": "sendgrid://SG.key@?",
}
pytestmark = pytest.mark.filterwarnings("error")


def ask(kind: str, answer: Answer, *, more: str = "") -> tuple[Outcome, Asked]:
    with running_api(answer) as api:
        client = EspClient(read_esp_url(f"{ADDRESSES[kind]}api=http://127.0.0.1:{api.port}/&connections=2{more}"))
        try:
            return send_all(client, [outgoing()])[7], api.asked
        finally:
            client.close()


def test_amazon_gets_a_signed_request_with_the_whole_mail() -> None:
    outcome, ((path, headers, body),) = ask("ses", FINE["ses"])
    assert outcome.verdict is Verdict.HANDED_OVER
    assert path == "/v2/email/outbound-emails"
    assert headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=AKID/")
    assert "/eu-west-1/ses/aws4_request" in headers["Authorization"]
    asked = json.loads(body)
    assert asked["Destination"] == {"ToAddresses": ["ada@example.com"]}
    assert asked["ConfigurationSetName"] == "marketing"
    mail = message_from_bytes(base64.b64decode(asked["Content"]["Raw"]["Data"]), policy=policy.default)
    assert (mail["Subject"], mail["From"]) == ("Frühling", "Shop <news@shop.example>")
    assert json.loads(mail["X-Metadata"]) == {"senet": token_of(7)}
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "FeedbackForwardingEmailAddress" not in asked


def test_resend_gets_the_mail_and_its_token() -> None:
    outcome, ((path, headers, body),) = ask("resend", FINE["resend"])
    assert outcome.verdict is Verdict.HANDED_OVER
    assert (path, headers["Authorization"]) == ("/emails", "Bearer re_key")
    asked = json.loads(body)
    assert (asked["to"], asked["subject"], asked["html"]) == (["ada@example.com"], "Frühling", "<p>Hello</p>")
    assert json.loads(asked["headers"]["X-Metadata"]) == {"senet": token_of(7)}
    assert asked["headers"]["List-Unsubscribe"] == "<https://door.example/u/x>"


def test_mandrill_gets_the_mail_its_token_and_no_tracking() -> None:
    outcome, ((path, _, body),) = ask("mandrill", FINE["mandrill"], more="&return_path=yes")
    assert outcome.verdict is Verdict.HANDED_OVER
    assert path == "/messages/send.json"
    asked = json.loads(body)
    message = asked["message"]
    assert asked["key"] == "md-key"
    assert message["metadata"] == {"senet": token_of(7)}
    assert (message["track_opens"], message["track_clicks"]) == (False, False)
    assert message["return_path_domain"] == "bounces.shop.example"


def test_sendgrid_gets_the_mail_its_token_and_no_tracking() -> None:
    outcome, ((path, headers, body),) = ask("sendgrid", FINE["sendgrid"])
    assert outcome.verdict is Verdict.HANDED_OVER
    assert (path, headers["Authorization"]) == ("/mail/send", "Bearer SG.key")
    asked = json.loads(body)
    (personal,) = asked["personalizations"]
    assert personal["to"] == [{"email": "ada@example.com"}]
    assert {**asked.get("custom_args", {}), **personal["custom_args"]}["senet"] == token_of(7)
    assert asked["tracking_settings"]["open_tracking"]["enable"] is False
    assert [part["type"] for part in asked["content"]] == ["text/plain", "text/html"]


def test_amazon_is_told_where_problems_are_reported_only_when_it_is_asked_for() -> None:
    _, ((_, _, body),) = ask("ses", FINE["ses"], more="&return_path=yes")
    assert json.loads(body)["FeedbackForwardingEmailAddress"] == "b-x@bounces.shop.example"


@pytest.mark.parametrize(
    ("kind", "status", "says", "verdict"),
    [
        ("ses", 400, {"__type": "MessageRejected", "message": "Address is not verified"}, Verdict.REFUSED),
        ("ses", 400, {"__type": "SendingPausedException", "message": "paused"}, Verdict.UNSENT),
        ("ses", 400, {"__type": "LimitExceededException", "message": "quota"}, Verdict.UNSENT),
        ("ses", 429, {"__type": "TooManyRequestsException", "message": "slow down"}, Verdict.UNSENT),
        ("ses", 403, {"__type": "SignatureDoesNotMatch", "message": "key"}, Verdict.UNSENT),
        ("ses", 500, {}, Verdict.UNSENT),
        ("resend", 422, {"name": "invalid_to_address", "message": "no"}, Verdict.REFUSED),
        ("resend", 401, {"name": "missing_api_key"}, Verdict.UNSENT),
        ("resend", 429, {"name": "rate_limit_exceeded"}, Verdict.UNSENT),
        ("mandrill", 500, {"status": "error", "name": "ValidationError", "message": "no"}, Verdict.REFUSED),
        ("mandrill", 500, {"status": "error", "name": "Invalid_Key", "message": "no"}, Verdict.UNSENT),
        ("mandrill", 200, [{"email": "ada@example.com", "status": "rejected", "reject_reason": "hard-bounce"}],
         Verdict.REFUSED),
        ("mandrill", 200, [{"email": "ada@example.com", "status": "invalid"}], Verdict.REFUSED),
        ("sendgrid", 400, {"errors": [{"message": "no"}]}, Verdict.REFUSED),
        ("sendgrid", 401, {"errors": [{"message": "key"}]}, Verdict.UNSENT),
        ("sendgrid", 503, {}, Verdict.UNSENT),
    ],
)  # fmt: skip
def test_what_a_provider_answers_decides_whose_fault_it_is(kind: str, status: int, says: Any, verdict: Verdict) -> None:
    outcome, asked = ask(kind, lambda _path, _body: (status, says))
    assert outcome.verdict is verdict, outcome
    assert len(asked) == 1, "it is the sender who tries again"


@pytest.mark.parametrize("kind", sorted(ADDRESSES))
def test_a_provider_that_nobody_reaches_has_not_got_the_message(kind: str) -> None:
    client = EspClient(read_esp_url(f"{ADDRESSES[kind]}api=http://127.0.0.1:{free_port()}/"))
    client.submit(outgoing())
    (outcome,) = client.poll(20)
    client.close()
    assert outcome.verdict is Verdict.UNSENT


def test_an_answer_that_never_comes_leaves_it_open_whether_the_message_was_taken() -> None:
    outcome, _ = ask("ses", lambda _path, _body: (200, {"nothing": "known"}))
    assert outcome.verdict is Verdict.UNKNOWN
