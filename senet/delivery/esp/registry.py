"""The providers that are known, and how an address of one is read: `mailgun://KEY@shop.example?webhook=SECRET`.

user (and password): the API's keys; host: the provider's name for the sending domain, where it wants one, or Amazon's
region; `webhook`: the secret or public key of its webhooks' signature, Amazon's topic, or user:password of their basic
authentication; `api`: another address of the API; `connections`: requests at once; `return_path=yes`: mails carry our
return path, where the provider takes one; `set`: Amazon's configuration set.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.conf import settings as django_settings

from senet.delivery.errors import ProviderUrlInvalid
from senet.delivery.esp.values import EspSettings

_KNOWN = frozenset(  # domains and warmup: see providers
    {"webhook", "api", "connections", "rate", "domains", "warmup", "return_path", "set"}
)
_BASIC = "webhook_secret"
_ONCE = {"retries": {"total_max_attempts": 1}, "connect_timeout": 10, "read_timeout": 30}  # the sender tries again


@dataclass(frozen=True, slots=True)
class Esp:
    """One provider: its module in Anymail, and what its backend and its webhooks call their secrets."""

    module: str
    key: str
    second_key: str = ""
    host: str = ""
    webhook_secret: str = _BASIC  # a name; this one is basic authentication


TOPIC = "topic"
ESPS: Mapping[str, Esp] = {
    "brevo": Esp("brevo", "api_key"),
    "mailersend": Esp("mailersend", "api_token", webhook_secret="signing_secret"),  # noqa: S106  a name
    "mailgun": Esp("mailgun", "api_key", host="sender_domain", webhook_secret="webhook_signing_key"),  # noqa: S106  a name
    "mailjet": Esp("mailjet", "api_key", second_key="secret_key"),
    "mailtrap": Esp("mailtrap", "api_token"),
    "mandrill": Esp("mandrill", "api_key", webhook_secret="webhook_key"),  # noqa: S106  a name
    "postmark": Esp("postmark", "server_token"),
    "resend": Esp("resend", "api_key", webhook_secret="signing_secret"),  # noqa: S106  a name
    "sendgrid": Esp("sendgrid", "api_key", webhook_secret="tracking_webhook_verification_key"),  # noqa: S106  a name
    "ses": Esp("amazon_ses", "access_key", second_key="secret_key", host="region", webhook_secret=TOPIC),
    "sparkpost": Esp("sparkpost", "api_key"),
}


@lru_cache(maxsize=64)
def read_esp_url(url: str) -> EspSettings:
    """Return a provider's settings. Raises: ProviderUrlInvalid."""
    parts = urlsplit(url)
    esp = ESPS.get(parts.scheme)
    options = dict(parse_qsl(parts.query))
    if esp is None or not parts.username or (unknown := sorted(options.keys() - _KNOWN)):
        what = f"has an option that nobody knows: {unknown[0]}" if esp and parts.username else "has no key"
        raise ProviderUrlInvalid(f"The provider's address {parts.scheme}://… {what}.")
    try:
        connections, rate = int(options.get("connections", 8)), float(options.get("rate", 0)) or None
    except ValueError as error:
        raise ProviderUrlInvalid("A provider's connections and rate are numbers.") from error
    if not 0 < connections <= 100 or (rate is not None and not 0 < rate < float("inf")):
        raise ProviderUrlInvalid("A provider has 1 to 100 connections, and a rate above zero.")
    return_path = options.get("return_path", "no") in {"yes", "1", "true"}
    values = _read_ses(parts, options) if parts.scheme == "ses" else _read_values(esp, parts, options)
    found = EspSettings(parts.scheme, values, _read_webhook(esp, options), connections, rate, return_path)
    _check_webhook(found)
    return found


def _read_values(esp: Esp, parts: SplitResult, options: Mapping[str, str]) -> dict[str, Any]:
    values = {esp.key: unquote(parts.username or "")}
    if esp.second_key:
        values[esp.second_key] = unquote(parts.password or "")
    if esp.host and parts.hostname:
        values[esp.host] = parts.hostname
    if "api" in options:
        values["api_url"] = options["api"]
    return values


def _read_ses(parts: SplitResult, options: Mapping[str, str]) -> dict[str, Any]:
    if not parts.hostname or not parts.password:
        raise ProviderUrlInvalid("Write Amazon's keys and region: ses://ACCESS-KEY:SECRET-KEY@eu-west-1.")
    session = {
        "aws_access_key_id": unquote(parts.username or ""),
        "aws_secret_access_key": unquote(parts.password),
        "region_name": parts.hostname,
    }
    client: dict[str, Any] = {"config": _ONCE, **({"endpoint_url": options["api"]} if "api" in options else {})}
    chosen = {"configuration_set_name": options["set"]} if options.get("set") else {}
    return {"session_params": session, "client_params": client, **chosen}


def _read_webhook(esp: Esp, options: Mapping[str, str]) -> dict[str, str]:
    secret = options.get("webhook", "")
    if esp.webhook_secret != _BASIC:
        secret = secret.replace(" ", "+")  # keys are written in base64, whose plus means a space in an address
    return {esp.webhook_secret: secret} if secret else {}


def _check_webhook(found: EspSettings) -> None:
    """Refuse a key of webhooks that no signature can be checked with."""
    if not found.webhook or ESPS[found.kind].webhook_secret == _BASIC:
        return
    try:
        make_webhook(found)
    except Exception as error:
        raise ProviderUrlInvalid(f"The webhook's key of {found.kind}://… cannot be read.") from error


def make_backend(settings: EspSettings) -> Any:  # Anymail has no types
    """Return a backend of Anymail's."""
    module = import_module(f"anymail.backends.{ESPS[settings.kind].module}")
    with _calm():
        return module.EmailBackend(ignore_unsupported_features=True, **settings.options)


def make_webhook(settings: EspSettings) -> Any:  # Anymail has no types
    """Return the view of Anymail's that reads a provider's webhooks."""
    module = import_module(f"anymail.webhooks.{ESPS[settings.kind].module}")
    found = [
        value
        for name, value in vars(module).items()
        if name.endswith("TrackingWebhookView") and value.__module__ == module.__name__
    ]
    with _calm():
        return found[0](**_find_arguments(settings))


def _find_arguments(settings: EspSettings) -> dict[str, Any]:
    if settings.kind == "ses":  # its signature is verified in `sns`
        return {"auto_confirm_sns_subscriptions": False}
    if settings.kind == "mandrill":  # it signs the address too
        return {**settings.webhook, "webhook_url": f"{django_settings.DOOR_URL.rstrip('/')}/esp/mandrill"}
    return dict(settings.webhook)


@contextmanager
def _calm() -> Iterator[None]:
    """Keep Anymail from warning of webhooks without a password, and of SendGrid, which it tests no more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
