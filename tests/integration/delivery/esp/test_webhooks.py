"""Webhooks: the signature decides, each event counts once, and a forged one changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from pytest_django import Settings

from senet.delivery.esp.registry import read_esp_url
from senet.delivery.esp.values import EspSettings
from senet.delivery.esp.webhooks import find_webhook, take_webhook
from senet.delivery.models import ReturnedMail
from senet.messages.actions import claim_batch, record_results
from senet.messages.models import Suppression
from senet.messages.states import Event
from senet.messages.values import Result
from tests.support.esp import SECRET, mailgun_event, token_of
from tests.support.messages import NOW, count_states, enqueue, logged, make_sender
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db

MAILGUN = f"mailgun://key@shop.example?webhook={SECRET}"
JSON = [(b"content-type", b"application/json"), (b"host", b"evil.example")]


def _hand_over() -> int:
    enqueue([make_contact("ada@example.com").pk])
    sender = make_sender()
    (message,) = claim_batch(sender=sender, limit=1, now=NOW)
    record_results([Result(message.id, Event.HAND_OVER)], sender=sender, now=NOW)
    assert count_states() == {"sent": 1}
    return message.id


def _take(body: bytes, provider: EspSettings | None = None) -> int | None:
    return take_webhook(provider or read_esp_url(MAILGUN), JSON, body, NOW)


def test_a_delivery_is_counted_once() -> None:
    message = _hand_over()
    assert [_take(mailgun_event("delivered", message)) for _ in range(2)] == [1, 0]
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailDelivered"]
    assert not ReturnedMail.objects.exists(), "deliveries need no row of their own"


def test_a_bounce_before_and_one_after_the_delivery_are_told_apart() -> None:
    message = _hand_over()
    failed: dict[str, Any] = {
        "severity": "permanent",
        "delivery-status": {"code": 550, "message": "5.1.1 No such user"},
    }
    assert _take(mailgun_event("failed", message, **failed)) == 1
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailHardBounced"]
    assert Suppression.objects.get().cause == "hard_bounce"
    assert _take(mailgun_event("failed", message, **failed)) == 0


def test_a_complaint_suppresses_for_ever() -> None:
    message = _hand_over()
    _take(mailgun_event("delivered", message))
    assert _take(mailgun_event("complained", message)) == 1
    assert (Suppression.objects.get().cause, Suppression.objects.get().until) == ("complaint", None)


@pytest.mark.parametrize("event", ["opened", "clicked", "unsubscribed", "accepted", "nonsense"])
def test_what_we_count_ourselves_changes_nothing(event: str) -> None:
    message = _hand_over()
    assert _take(mailgun_event(event, message)) == 0
    assert count_states() == {"sent": 1}


def test_a_forged_webhook_changes_nothing() -> None:
    message = _hand_over()
    real = mailgun_event("failed", message, severity="permanent")
    other_time = real.replace(b'"timestamp": "1772000000"', b'"timestamp": "1772000001"')
    broken = b'{"signature": 1, "event-data": 2}'
    forged = [other_time, b"", b"{}", b"[]", b"null", b"\xff\xfe", broken, real[:-5]]
    assert [_take(body) for body in forged] == [None] * len(forged)
    wrong_key = read_esp_url("mailgun://key@shop.example?webhook=other")
    assert _take(real, wrong_key) is None
    assert count_states() == {"sent": 1}


def test_an_event_of_another_programs_mail_changes_nothing() -> None:
    _hand_over()
    assert _take(mailgun_event("failed", None, severity="permanent")) == 0
    body = mailgun_event("failed", None, severity="permanent", **{"user-variables": {"senet": "b-" + "a" * 29}})
    assert _take(body) == 0
    assert count_states() == {"sent": 1}


def test_basic_authentication_guards_the_webhooks_of_providers_that_do_not_sign() -> None:
    message = _hand_over()
    provider = read_esp_url("postmark://token@x?webhook=user:secret")
    token = token_of(message)
    body = (
        b'{"RecordType": "Bounce", "Type": "HardBounce", "ID": 1, "Email": "ada@example.com", "MessageID": "x",'
        b' "BouncedAt": "2026-03-01T10:00:00Z", "Description": "550 5.1.1 Unknown", "Metadata": {"senet": "%s"}}'
        % token.encode()
    )
    assert take_webhook(provider, JSON, body, NOW) is None
    login = (b"authorization", b"Basic dXNlcjpzZWNyZXQ=")
    assert take_webhook(provider, [*JSON, login], body, NOW) == 1
    assert count_states() == {"hard_bounced": 1}


def test_only_providers_with_a_secret_take_webhooks(settings: Settings) -> None:
    settings.PROVIDERS = (MAILGUN, "postmark://token@x", "smtp://mail.example")
    assert find_webhook("mailgun") is not None
    assert find_webhook("postmark") is None
    assert find_webhook("smtp") is None
    assert find_webhook("../mailgun") is None


async def _ask(method: str, path: str, parts: list[bytes]) -> int:
    from senet.door.esp import answer_webhook

    said: list[Any] = []
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        said.append(message)

    async def in_thread(function: Any, *arguments: Any) -> Any:
        return 0 if arguments[2] == b"good" else None

    await answer_webhook(in_thread, {"method": method, "path": path, "headers": []}, receive, send)
    return int(said[0]["status"])


@pytest.mark.parametrize(
    ("method", "path", "parts", "status"),
    [
        ("POST", "/esp/mailgun", [b"go", b"od"], 200),
        ("POST", "/esp/mailgun", [b"bad"], 400),
        ("HEAD", "/esp/mailgun", [], 200),
        ("GET", "/esp/mailgun", [], 405),
        ("POST", "/esp/nobody", [b"good"], 404),
        ("POST", "/esp/mailgun", [b"x" * 3_000_000], 413),
    ],
)
def test_the_door_answers_webhooks(method: str, path: str, parts: list[bytes], status: int, settings: Settings) -> None:
    import asyncio

    settings.PROVIDERS = (MAILGUN,)
    assert asyncio.run(_ask(method, path, parts)) == status
