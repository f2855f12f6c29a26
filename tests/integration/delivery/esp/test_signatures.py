"""Webhooks that are signed: what each provider's signature covers, and what bounces mean in each provider's words."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.db import connection
from pytest_django import Settings

from senet.delivery.errors import ProviderUrlInvalid, WebhookPostponed
from senet.delivery.esp import sns
from senet.delivery.esp.registry import read_esp_url
from senet.delivery.esp.values import EspSettings
from senet.delivery.esp.webhooks import take_webhook
from senet.messages.actions import claim_batch, record_results
from senet.messages.models import Suppression
from senet.messages.states import Event
from senet.messages.values import Result
from tests.support.esp_signatures import (
    CERTIFICATE,
    DOOR,
    SUBSCRIBE,
    TOPIC,
    Amazon,
    Mandrill,
    Resend,
    SendGrid,
    Webhook,
    mandrill_event,
    sendgrid_event,
    ses_event,
)
from tests.support.messages import NOW, count_states, enqueue, make_sender
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def message() -> int:
    enqueue([make_contact("ada@example.com").pk])
    sender = make_sender()
    (found,) = claim_batch(sender=sender, limit=1, now=NOW)
    record_results([Result(found.id, Event.HAND_OVER)], sender=sender, now=NOW)
    return found.id


@pytest.fixture
def amazon() -> Amazon:
    return Amazon()


def take(provider: EspSettings, webhook: Webhook, *, now: datetime = NOW) -> int | None:
    headers, body = webhook
    return take_webhook(provider, headers, body, now)


def take_amazon(amazon: Amazon, webhook: Webhook, *, now: datetime = NOW) -> int | None:
    headers, body = webhook
    return take_webhook(amazon.provider, headers, body, now, fetch=amazon.fetch)


def bounce_of(message: int) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, coalesce(bounce_category, '') FROM message WHERE id = %s", [message])
        state, category = cursor.fetchone()
    return state, category


# -- Amazon ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", ["1", "2"])
def test_amazons_notice_of_a_delivery_counts_once(amazon: Amazon, message: int, version: str) -> None:
    event = ses_event("Delivery", message, recipients=["ada@example.com"], smtpResponse="250 ok")
    webhook = amazon.notify(event, at=NOW, SignatureVersion=version, Subject="Amazon SES Email Event Notification")
    assert [take_amazon(amazon, webhook) for _ in range(2)] == [1, 0], "a replay changes nothing"
    assert count_states() == {"delivered": 1}
    assert amazon.asked == [CERTIFICATE], "the certificate is kept"


@pytest.mark.parametrize(
    ("said", "recipient", "expected"),
    [
        (("Permanent", "General"), {"status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown"},
         ("hard_bounced", "invalid-mailbox")),
        (("Permanent", "NoEmail"), {}, ("hard_bounced", "invalid-mailbox")),
        (("Permanent", "OnAccountSuppressionList"), {}, ("hard_bounced", "invalid-mailbox")),
        (("Transient", "MailboxFull"), {}, ("soft_bounced", "full-mailbox")),
        (("Transient", "General"), {}, ("soft_bounced", "recipient-server-error")),
        (("Transient", "ContentRejected"), {}, ("block_bounced", "policy-related")),
        (("Undetermined", "Undetermined"), {}, ("soft_bounced", "recipient-server-error")),
    ],
)  # fmt: skip
def test_amazons_bounces_are_of_our_classes(
    amazon: Amazon, message: int, said: tuple[str, str], recipient: dict[str, str], expected: tuple[str, str]
) -> None:
    recipients = [{"emailAddress": "ada@example.com", **recipient}]
    event = ses_event("Bounce", message, bounceType=said[0], bounceSubType=said[1], bouncedRecipients=recipients)
    assert take_amazon(amazon, amazon.notify(event, at=NOW)) == 1
    assert bounce_of(message) == expected


def test_amazons_complaint_suppresses_for_ever(amazon: Amazon, message: int) -> None:
    take_amazon(amazon, amazon.notify(ses_event("Delivery", message, recipients=["ada@example.com"]), at=NOW))
    event = ses_event("Complaint", message, complainedRecipients=[{"emailAddress": "ada@example.com"}])
    assert take_amazon(amazon, amazon.notify(event, at=NOW)) == 1
    assert Suppression.objects.get().cause == "complaint"


def test_a_subscription_to_our_topic_is_confirmed_and_no_other(amazon: Amazon) -> None:
    wanted = amazon.send("SubscriptionConfirmation", "You have chosen to subscribe", at=NOW)
    assert take_amazon(amazon, wanted) == 0
    assert amazon.asked == [CERTIFICATE, SUBSCRIBE]
    other = amazon.send("SubscriptionConfirmation", "x", at=NOW, TopicArn=TOPIC + "x")
    inside = amazon.send("SubscriptionConfirmation", "x", at=NOW, SubscribeURL="http://127.0.0.1:8000/api/")
    assert [take_amazon(amazon, webhook) for webhook in (other, inside)] == [None, None]
    assert amazon.asked == [CERTIFICATE, SUBSCRIBE], "nobody makes us call where he wants"


def test_what_amazon_did_not_sign_for_our_topic_changes_nothing(amazon: Amazon, message: int) -> None:
    event = ses_event("Bounce", message, bounceType="Permanent", bounceSubType="General", bouncedRecipients=[])
    stranger = Amazon()  # has a key, and certificates on hosts of his own
    forged = [
        amazon.notify(event, at=NOW, TopicArn="arn:aws:sns:eu-west-1:666666666666:mine"),  # signed by Amazon for him
        stranger.notify(event, at=NOW),
        amazon.notify(event, at=NOW, SigningCertURL="https://sns.eu-west-1.amazonaws.com.evil.example/x.pem"),
        amazon.notify(event, at=NOW, SigningCertURL="https://evil.example/SimpleNotificationService-0.pem"),
        amazon.notify(event, at=NOW, SigningCertURL=CERTIFICATE.replace("https:", "http:")),
        amazon.notify(event, at=NOW, SigningCertURL="https://sns.eu-west-1.amazonaws.com/bucket/x.pem"),
        amazon.notify(
            event, at=NOW, SigningCertURL="https://me@sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem"
        ),
        amazon.notify(event, at=NOW, SignatureVersion="3"),
        amazon.notify(event, at=NOW - timedelta(days=4)),  # stale
        amazon.notify(event, at=NOW + timedelta(hours=2)),
    ]
    headers, body = amazon.notify(event, at=NOW)
    forged += [(headers, body.replace(b"Permanent", b"Transient")), (headers, body[:-5]), (headers, b"[]"), ([], body)]
    assert [take_amazon(amazon, webhook) for webhook in forged] == [None] * len(forged)
    assert set(amazon.asked) <= {CERTIFICATE}
    assert count_states() == {"sent": 1}


def test_amazon_is_asked_to_come_again_when_its_certificate_cannot_be_fetched(amazon: Amazon, message: int) -> None:
    def fail(url: str) -> bytes:
        raise httpx.ConnectError(url)

    headers, body = amazon.notify(ses_event("Delivery", message, recipients=["ada@example.com"]), at=NOW)
    with pytest.raises(WebhookPostponed):
        take_webhook(amazon.provider, headers, body, NOW, fetch=fail)


@pytest.mark.parametrize(
    "url", ["https://127.0.0.1/x", "file:///etc/passwd", "https://sns.amazonaws.com@evil.example/"]
)
def test_nothing_is_fetched_but_from_amazons_hosts(url: str) -> None:
    with pytest.raises(sns.SnsInvalidError):
        sns.fetch(url)


# -- SendGrid ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "state", "category"),
    [
        ({"type": "bounce", "status": "5.1.1", "reason": "550 5.1.1 No such user"}, "hard_bounced", "invalid-mailbox"),
        ({"type": "bounce", "reason": "gone", "bounce_classification": "Invalid Address"}, "hard_bounced",
         "invalid-mailbox"),
        ({"type": "blocked", "status": "5.7.1", "reason": "550 5.7.1 Blocked by Spamhaus"}, "block_bounced",
         "blocklisting-issues"),
        ({"type": "blocked", "reason": "later", "bounce_classification": "Technical"}, "soft_bounced",
         "routing-issues"),
        ({"type": "blocked", "status": "4.2.2", "reason": "452 4.2.2 over quota"}, "soft_bounced", "full-mailbox"),
    ],
)  # fmt: skip
def test_sendgrids_bounces_are_of_our_classes(message: int, fields: dict[str, Any], state: str, category: str) -> None:
    sendgrid = SendGrid()
    webhook = sendgrid.send(sendgrid_event("bounce", message, **fields), at=NOW)
    assert [take(sendgrid.provider, webhook) for _ in range(2)] == [1, 0]
    assert bounce_of(message) == (state, category)


def test_sendgrids_events_come_in_batches(message: int) -> None:
    sendgrid = SendGrid()
    events = [
        sendgrid_event("processed", message),
        sendgrid_event("delivered", message, response="250 OK"),
        sendgrid_event("open", message),
        sendgrid_event("spamreport", message),
    ]
    assert take(sendgrid.provider, sendgrid.send(*events, at=NOW)) == 2
    assert Suppression.objects.get().cause == "complaint"


def test_an_address_that_sendgrid_dropped_is_told_with_its_reason(message: int) -> None:
    sendgrid = SendGrid()
    event = sendgrid_event("dropped", message, reason="Bounced Address")
    assert take(sendgrid.provider, sendgrid.send(event, at=NOW)) == 1
    assert bounce_of(message) == ("hard_bounced", "invalid-mailbox")


def test_what_sendgrid_did_not_sign_changes_nothing(message: int) -> None:
    sendgrid = SendGrid()
    event = sendgrid_event("bounce", message, type="bounce", reason="550 5.1.1 no")
    headers, body = sendgrid.send(event, at=NOW)
    later = [(name, value if b"timestamp" not in name else b"1772400000") for name, value in headers]
    forged = [
        SendGrid().send(event, at=NOW),
        (headers, body.replace(b"bounce", b"spamreport")),
        (later, body),
        (headers[:2], body),
        ([headers[0]], body),
        ([headers[0], (headers[1][0], b"!!"), headers[2]], body),
        sendgrid.send(event, at=NOW - timedelta(days=4)),
        sendgrid.send(event, at=NOW + timedelta(hours=2)),
    ]
    assert [take(sendgrid.provider, webhook) for webhook in forged] == [None] * len(forged)
    assert count_states() == {"sent": 1}


# -- Resend: Svix asks the machine's clock -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "fields", "state", "category"),
    [
        ("email.bounced", {"bounce": {"type": "Permanent", "subType": "General", "message": "a hard bounce message"}},
         "hard_bounced", "invalid-mailbox"),
        ("email.bounced", {"bounce": {"type": "Transient", "subType": "MailboxFull", "message": "a bounce message"}},
         "soft_bounced", "full-mailbox"),
        ("email.bounced", {"bounce": {"message": "550 5.7.26 DMARC"}}, "block_bounced", "dmarc-issues"),
        ("email.failed", {"failed": {"reason": "reached_daily_quota"}}, "block_bounced", "other"),
        ("email.delivered", {}, "delivered", ""),
    ],
)  # fmt: skip
def test_resends_events_are_of_our_classes(
    message: int, kind: str, fields: dict[str, Any], state: str, category: str
) -> None:
    resend = Resend()
    webhook = resend.send(kind, message, at=datetime.now(UTC), **fields)
    assert [take(resend.provider, webhook) for _ in range(2)] == [1, 0]
    assert bounce_of(message) == (state, category)


def test_what_resend_did_not_sign_just_now_changes_nothing(message: int) -> None:
    resend, now = Resend(), datetime.now(UTC)
    headers, body = resend.send("email.complained", message, at=now)
    forged = [
        Resend(secret=b"x" * 24).send("email.complained", message, at=now),
        resend.send("email.complained", message, at=now - timedelta(minutes=6)),
        resend.send("email.complained", message, at=now + timedelta(minutes=6)),
        (headers, body.replace(b"complained", b"delivered")),
        ([headers[0]], body),
        ([*headers[:3], (b"svix-signature", b"v2,abc")], body),
    ]
    assert [take(resend.provider, webhook) for webhook in forged] == [None] * len(forged)
    assert count_states() == {"sent": 1}


# -- Mandrill ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def mandrill(settings: Settings) -> Mandrill:
    settings.DOOR_URL = DOOR
    return Mandrill()


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("hard_bounce", {"diag": "smtp;550 5.1.1 no such user", "bounce_description": "bad_mailbox"}, ("hard_bounced",
         "invalid-mailbox")),
        ("hard_bounce", {"bounce_description": "invalid_domain"}, ("hard_bounced", "invalid-domain")),
        ("soft_bounce", {"bounce_description": "mailbox_full"}, ("soft_bounced", "full-mailbox")),
        ("soft_bounce", {"bounce_description": "general"}, ("soft_bounced", "recipient-server-error")),
        ("reject", {}, ("block_bounced", "other")),
        ("delivered", {}, ("delivered", "")),
    ],
)  # fmt: skip
def test_mandrills_events_are_of_our_classes(
    mandrill: Mandrill, message: int, kind: str, fields: dict[str, Any], expected: tuple[str, str]
) -> None:
    webhook = mandrill.send(mandrill_event(kind, message, at=NOW, **fields))
    assert [take(mandrill.provider, webhook) for _ in range(2)] == [1, 0]
    assert bounce_of(message) == expected


def test_what_mandrill_did_not_sign_changes_nothing(mandrill: Mandrill, message: int) -> None:
    event = mandrill_event("spam", message, at=NOW)
    headers, body = mandrill.send(event)
    forged = [
        Mandrill(key="other").send(event),
        Mandrill(url="https://elsewhere.example/esp/mandrill").send(event),
        (headers, body.replace(b"spam", b"send")),
        (headers[:1], body),
        mandrill.send(mandrill_event("spam", message, at=NOW - timedelta(days=4))),
        mandrill.send(mandrill_event("spam", message, at=NOW + timedelta(hours=2))),
    ]
    assert [take(mandrill.provider, webhook) for webhook in forged] == [None] * len(forged)
    assert count_states() == {"sent": 1}
    assert take(mandrill.provider, (headers, body)) == 1


# -- hostile JSON, and keys that are none ------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["null", "[]", "1", "{}", '{"eventType": "Bounce"}', '{"mail": [], "eventType": []}'])
def test_what_makes_no_sense_changes_nothing_even_if_it_is_signed(amazon: Amazon, message: int, text: str) -> None:
    assert take_amazon(amazon, amazon.send("Notification", text, at=NOW)) in {None, 0}
    resend, body = Resend(), json.loads(text)
    webhook = resend.send("email.bounced", message, at=datetime.now(UTC), bounce=body, to=body)
    assert take(resend.provider, webhook) in {None, 0, 1}


@pytest.mark.parametrize(
    "url",
    [
        "sendgrid://SG.key@?webhook=nokey",
        "resend://re_key@?webhook=whsec_",
        "ses://AKID@eu-west-1",
        "ses://AKID:secret@",
    ],
)
def test_a_key_that_cannot_be_read_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ProviderUrlInvalid):
        read_esp_url(url)
