"""Takes providers' webhooks: their signature is checked first, then each event is one more report of its message."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import structlog
from anymail.exceptions import AnymailError
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.core.handlers.wsgi import WSGIRequest
from django.http.multipartparser import MultiPartParserError

from senet.delivery.errors import WebhookPostponed
from senet.delivery.esp import sns
from senet.delivery.esp.client import METADATA
from senet.delivery.esp.registry import ESPS, TOPIC, make_webhook, read_esp_url
from senet.delivery.esp.statuses import find_status
from senet.delivery.esp.values import EspSettings, as_mapping
from senet.delivery.returns.dsn import read_outcome
from senet.delivery.returns.paths import find_message_of_path
from senet.delivery.returns.receiving import take_report
from senet.delivery.returns.values import Kind, Report, ReturnRule, clean_text
from senet.delivery.values import Outcome, Stage, Verdict
from senet.messages.actions import record_results
from senet.messages.states import Event
from senet.messages.values import Result

log = structlog.get_logger(__name__)

_NOBODY = 0
_OLDEST = timedelta(days=3)  # providers try again for as long as that
_AHEAD = timedelta(hours=1)
_RESEND_FAILED = frozenset({"email.failed", "email.suppressed"})  # Anymail does not know these
_FAULTS = (  # what a stranger's text raises: in its form, in its depth, in what it says
    *(SuspiciousOperation, MultiPartParserError, AnymailError, RecursionError, AssertionError),
    *(ValueError, LookupError, TypeError, AttributeError),
)
_INVALID = Outcome(0, Verdict.REFUSED, Stage.RCPT, 550, "5.1.3", "The provider calls the address invalid.")


def find_webhook(name: str) -> EspSettings | None:
    """Return the provider whose webhooks come under a name, or None when it takes none."""
    for url in settings.PROVIDERS:
        if url.partition("://")[0] in ESPS:
            found = read_esp_url(url)
            if found.name == name and found.webhook:
                return found
    return None


def take_webhook(
    provider: EspSettings,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
    now: datetime,
    *,
    fetch: sns.Fetch = sns.fetch,
) -> int | None:
    """Take one webhook; returns how many of its events changed something, None when it is not the provider's own.

    Events of other people's messages, and those that say nothing new, change nothing; one that is old is nobody's.
    Raises: DatabaseError; WebhookPostponed when Amazon's certificate cannot be fetched.
    """
    request = _make_request(headers, body)
    try:
        view = make_webhook(provider)
        view.run_validators(request)
        signed_at = _verify_amazon(provider, body, fetch) if provider.kind == "ses" else None
        events = view.parse_events(request)
        _check_age(signed_at or _find_time(provider.kind, request, events), now)
        found = [reading for event in events if (reading := _read_event(event, provider)) is not None]
    except httpx.HTTPError as error:
        raise WebhookPostponed from error
    except _FAULTS as error:
        log.warning("webhook_refused", provider=provider.name, error=type(error).__name__)
        return None
    return sum(_take(reading, provider, now) for reading in found)


def _verify_amazon(provider: EspSettings, body: bytes, fetch: sns.Fetch) -> datetime:
    """Return when Amazon made a message for our topic; a subscription to it is confirmed."""
    message = as_mapping(json.loads(body))
    signed_at = sns.verify(message, provider.webhook[TOPIC], fetch)
    if message["Type"] == "SubscriptionConfirmation":
        sns.confirm(message, fetch)
        log.info("webhook_subscribed", provider=provider.name)
    return signed_at


def _find_time(kind: str, request: WSGIRequest, events: Sequence[Any]) -> datetime | None:  # Anymail's events
    """Return when a webhook was signed, as far as that itself is signed; None where nothing says so."""
    if kind == "sendgrid":
        return datetime.fromtimestamp(int(request.headers["X-Twilio-Email-Event-Webhook-Timestamp"]), UTC)
    if kind == "mandrill":
        return max((event.timestamp for event in events if event.timestamp is not None), default=None)
    return None


def _check_age(signed_at: datetime | None, now: datetime) -> None:
    """Refuse what somebody may have kept and sends again. Within this time, repetitions change nothing."""
    if signed_at is not None and not now - _OLDEST <= signed_at <= now + _AHEAD:
        raise ValueError(f"The webhook was signed at {signed_at}.")


def _make_request(headers: Iterable[tuple[bytes, bytes]], body: bytes) -> WSGIRequest:
    environ: dict[str, Any] = {  # WSGI's own shapes
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "SERVER_NAME": "door",
        "SERVER_PORT": "80",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "https",
        "CONTENT_LENGTH": str(len(body)),
    }
    for raw_name, value in headers:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        if name == "CONTENT_TYPE":
            environ[name] = value.decode("latin-1")
        elif name not in {"CONTENT_LENGTH", "TRANSFER_ENCODING", "HOST"}:
            environ[f"HTTP_{name}"] = value.decode("latin-1")
    return WSGIRequest(environ)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What an event says of one of our messages; without a report it was delivered."""

    message_id: int
    report: Report | None
    digest: bytes


def _read_event(event: Any, provider: EspSettings) -> _Reading | None:  # Anymail's event
    message_id = _find_message(event.metadata)
    if message_id is None:  # the same account may send other mails
        return None
    delivered = event.event_type == "delivered" or as_mapping(event.esp_event).get("event") == "delivered"
    report = None if delivered else _read(event, message_id, provider.kind)
    if report is None and not delivered:
        return None
    said = f"{provider.name}\0{event.event_type}\0{event.event_id}\0{message_id}\0{event.timestamp}"
    return _Reading(message_id, report, hashlib.sha256(said.encode("utf-8", "replace")).digest())


def _take(reading: _Reading, provider: EspSettings, now: datetime) -> int:
    if reading.report is None:
        return record_results([Result(reading.message_id, Event.DELIVER)], sender=_NOBODY, now=now)
    return int(take_report(reading.report, digest=reading.digest, source=provider.name, now=now).counted)


def _read(event: Any, message_id: int, kind: str) -> Report | None:  # Anymail's event
    said = as_mapping(event.esp_event)
    words = clean_text(str(event.mta_response or event.description or said.get("reason") or event.reject_reason or ""))
    if event.event_type == "complained":
        return Report(Kind.COMPLAINT, message_id, reason=words or "abuse", rule=ReturnRule.WEBHOOK)
    if event.event_type in {"bounced", "rejected", "failed"} or said.get("type") in _RESEND_FAILED:
        is_invalid = event.reject_reason == "invalid" and not words[:1].isdigit()
        status = find_status(kind, said, str(event.recipient or ""))
        outcome = _INVALID if is_invalid else read_outcome(status, words)
        return Report(Kind.BOUNCE, message_id, outcome, words, ReturnRule.WEBHOOK)
    if event.event_type == "autoresponded":
        return Report(Kind.AUTO_REPLY, message_id, reason=words, rule=ReturnRule.WEBHOOK)
    return None


def _find_message(metadata: Mapping[str, Any] | None) -> int | None:  # a stranger's JSON
    token = metadata.get(METADATA) if isinstance(metadata, Mapping) else None
    return find_message_of_path(f"{token}@message") if isinstance(token, str) and len(token) < 100 else None
