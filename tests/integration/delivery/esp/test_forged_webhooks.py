"""Whatever a stranger posts as a provider's webhook changes nothing, fetches nothing and breaks nothing."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senet.delivery.esp.registry import ESPS, read_esp_url
from senet.delivery.esp.values import EspSettings
from senet.delivery.esp.webhooks import take_webhook
from senet.delivery.models import ReturnedMail
from senet.messages.actions import claim_batch, record_results
from senet.messages.models import Suppression
from senet.messages.states import Event
from senet.messages.values import Result
from tests.integration.delivery.esp.test_client import PUBLIC_KEY
from tests.support.esp import mailgun_event, token_of
from tests.support.messages import NOW, count_states, enqueue, make_sender
from tests.support.people import make_contact

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("ignore::UserWarning")]
SECRETS = {"sendgrid": PUBLIC_KEY, "resend": "whsec_MDEyMzQ1Njc4OWFi", "ses": "arn:aws:sns:eu-west-1:1:mail"}
KINDS = sorted(ESPS)
BASIC = sorted(kind for kind, esp in ESPS.items() if esp.webhook_secret == "webhook_secret")
LOGIN = (b"authorization", b"Basic " + base64.b64encode(b"user:secret"))


def make(kind: str) -> EspSettings:
    return read_esp_url(f"{kind}://key:second@eu-west-1?webhook={SECRETS.get(kind, 'user:secret')}")


def hand_over() -> int:
    """A message that a provider has taken."""
    enqueue([make_contact("ada@example.com").pk])
    sender = make_sender()
    (message,) = claim_batch(sender=sender, limit=1, now=NOW)
    record_results([Result(message.id, Event.HAND_OVER)], sender=sender, now=NOW)
    return message.id


def forge(message: int) -> Iterator[bytes]:
    """Bodies in everybody's form that say that the message bounced, without what only the provider knows."""
    token = token_of(message)
    event: dict[str, Any] = {
        "event": "bounced", "Type": "HardBounce", "RecordType": "Bounce", "type": "email.bounced", "event_id": "1",
        "email": "ada@example.com", "Email": "ada@example.com", "timestamp": 1772000000, "ts": 1772000000, "ID": 1,
        "Metadata": {"senet": token}, "metadata": {"senet": token}, "CustomID": json.dumps({"senet": token}),
        "X-Mailin-custom": json.dumps({"senet": token}), "custom_variables": {"senet": token}, "senet": token,
        "reason": "550 5.1.1", "Description": "550 5.1.1", "date": "2026-03-01T10:00:00Z", "hard_bounce": True,
        "data": {"email": {"message": {"id": "x"}}, "tags": {"senet": token}, "to": ["ada@example.com"]},
    }  # fmt: skip
    subscription = {
        "Type": "SubscriptionConfirmation", "MessageId": "1", "TopicArn": SECRETS["ses"], "Token": "t", "Message": "m",
        "SubscribeURL": "http://169.254.169.254/latest/meta-data/", "Timestamp": "2026-03-01T09:00:00.000Z",
        "SignatureVersion": "1", "Signature": "AAAA", "SigningCertURL": "https://evil.example/cert.pem",
    }  # fmt: skip
    notice = {**subscription, "Type": "Notification", "Message": json.dumps({"eventType": "Bounce", "mail": {}})}
    for value in (event, [event], {"events": [event]}, {"event-data": event, "signature": {}}, subscription, notice):
        yield json.dumps(value).encode()
    yield b"mandrill_events=" + json.dumps([event]).encode()
    yield mailgun_event("failed", message, severity="permanent").replace(b'"signature": "', b'"signature": "0')
    yield from (
        b"",
        b"null",
        b"[]",
        b"{}",
        b"0",
        b'""',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"9" * 5_000,
    )
    yield b'{"event-data": 1, "signature": {"timestamp": null, "token": [], "signature": {}}}'
    yield b'{"Type": {}, "TopicArn": [], "Message": 1}'
    yield b'{"mail": {"headers": "' + b"x" * 1_000_000 + b'"}}'


def refuse_to_fetch(*_: object, **__: object) -> Any:
    pytest.fail("a stranger made the door fetch something")


HEADERS: tuple[list[tuple[bytes, bytes]], ...] = (
    [],
    [(b"authorization", b"Basic !!!!")],
    [(b"authorization", b"Basic " + base64.b64encode(b"user:wrong"))],
    [(b"authorization", b"Bearer \xff\xfe")],
    [(b"x-twilio-email-event-webhook-signature", b"AAAA"), (b"x-twilio-email-event-webhook-timestamp", b"1772000000")],
    [(b"signature", b"00"), (b"x-mandrill-signature", b"00")],
    [(b"svix-id", b"1"), (b"svix-timestamp", b"1772000000"), (b"svix-signature", b"v1,AAAA")],
    [(b"x-amz-sns-message-type", b"SubscriptionConfirmation"), (b"x-amz-sns-message-id", b"1")],
)


@pytest.mark.parametrize("kind", KINDS)
def test_a_forged_webhook_of_any_provider_changes_nothing(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(httpx, "get", refuse_to_fetch)
    provider, message = make(kind), hand_over()
    for body in forge(message):
        for headers in HEADERS:
            for content in (
                b"application/json",
                b"application/x-www-form-urlencoded",
                b"multipart/form-data; boundary=x",
            ):
                said = [(b"content-type", content), *headers]
                assert take_webhook(provider, said, body, NOW, fetch=refuse_to_fetch) is None, (body[:60], headers)
    assert count_states() == {"sent": 1}
    assert not Suppression.objects.exists()
    assert not ReturnedMail.objects.exists()


@pytest.mark.parametrize("kind", BASIC)
def test_nonsense_from_whoever_knows_the_password_breaks_nothing(kind: str) -> None:
    provider, message = make(kind), hand_over()
    for body in [b"[" * 100_000, b"null", b"[null]", b"[[]]", b"{}", b'[{"event": {}}]', b"\xff", *forge(message)]:
        take_webhook(provider, [(b"content-type", b"application/json"), LOGIN], body, NOW)
    assert set(count_states()) <= {"sent", "hard_bounced", "block_bounced", "soft_bounced"}


FIELDS = ("event", "Type", "type", "signature", "event-data", "email", "Metadata", "timestamp", "data", "id")
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(FIELDS),
            inner, max_size=4,
        ),
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.sampled_from(KINDS), st.one_of(JSON.map(lambda value: json.dumps(value).encode()), st.binary(max_size=200)))
@settings(max_examples=300, deadline=None)
def test_any_body_is_answered(kind: str, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), *HEADERS[4], LOGIN]
    assert take_webhook(make(kind), headers, body, NOW, fetch=refuse_to_fetch) in {None, 0}
