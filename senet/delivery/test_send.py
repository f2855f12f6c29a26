"""Sends an email to a few addresses of its author's choice. Nothing of it is counted: no message, no interaction."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from senet.content.values import RenderedMessage
from senet.delivery.domains.keyring import Keyring
from senet.delivery.domains.signing import sign
from senet.delivery.ports import MailClient
from senet.delivery.providers import find_providers
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict
from senet.shared.clock import utc_now

_PATIENCE_SECONDS = 20.0
_NUMBERS = 2**62  # what a provider reports of a test concerns no message


@dataclass(frozen=True, slots=True)
class TestResult:
    """What became of the mail to one address; `reason` is empty when the server took it."""

    address: str
    accepted: bool
    reason: str = ""


def send_test(messages: Sequence[tuple[str, RenderedMessage]], *, client: MailClient | None = None) -> list[TestResult]:
    """Hand test messages over, each with the address it was asked for, and wait for the answers."""
    client = client or find_providers(settings.PROVIDERS, settings.SMTP_URL).make_client()
    try:
        outcomes = _send(client, [message for _, message in messages])
    finally:
        client.close()
    return [_tell(address, outcomes.get(_NUMBERS + number)) for number, (address, _) in enumerate(messages)]


def _send(client: MailClient, messages: Sequence[RenderedMessage]) -> dict[int, Outcome]:
    now = utc_now()
    keyring = Keyring()
    keyring.refresh(now)
    waiting = [_finish(_NUMBERS + number, message, keyring, now) for number, message in enumerate(messages)]
    found: dict[int, Outcome] = {}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while len(found) < len(messages) and time.monotonic() < deadline:
        if client.pause_seconds > 0:
            found.update(
                (message.id, Outcome(message.id, Verdict.UNSENT, Stage.CONNECT, text=client.trouble))
                for message in waiting
            )
            waiting.clear()
        while waiting and client.free:
            client.submit(waiting.pop(0))
        found.update((outcome.id, outcome) for outcome in client.poll(0.2))
    return found


def _finish(number: int, message: RenderedMessage, keyring: Keyring, now: datetime) -> Outgoing:
    """Sign as a real send does; what comes back goes to the from address, because no message waits for it."""
    domain = keyring.find(message.from_address)
    content = sign(message.content, domain.keys if domain else (), at=int(now.timestamp()))
    from_domain = message.from_address.rpartition("@")[2].lower()
    return Outgoing(number, message.from_address, message.to_address, content, stuffed=True, from_domain=from_domain)


def _tell(address: str, outcome: Outcome | None) -> TestResult:
    if outcome is None:
        return TestResult(address, accepted=False, reason="The mail server did not answer in time.")
    if outcome.verdict in {Verdict.ACCEPTED, Verdict.HANDED_OVER}:
        return TestResult(address, accepted=True)
    words = " ".join(filter(None, (str(outcome.code or ""), outcome.enhanced, outcome.text)))
    return TestResult(address, accepted=False, reason=words or "The mail was not sent.")
