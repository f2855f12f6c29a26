"""The providers that are known, and how an address of one is read: `mailgun://KEY@shop.example?webhook=SECRET`.

user (and password): the API's keys; host: the provider's name for the sending domain, where it wants one; `webhook`:
the secret with which its webhooks are signed, or user:password of their basic authentication; `api`: another address
of the API; `connections`: requests at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from senet.delivery.errors import ProviderUrlInvalid

_KNOWN = frozenset({"webhook", "api", "connections", "rate", "domains", "warmup"})  # the last two: see providers


@dataclass(frozen=True, slots=True)
class Esp:
    """One provider: its module in Anymail, and what its backend and its webhooks call their secrets."""

    module: str
    key: str
    second_key: str = ""
    host: str = ""
    webhook_secret: str = "webhook_secret"  # noqa: S105  a name; this one is basic authentication


ESPS: Mapping[str, Esp] = {
    "brevo": Esp("brevo", "api_key"),
    "mailersend": Esp("mailersend", "api_token", webhook_secret="signing_secret"),  # noqa: S106  a name
    "mailgun": Esp("mailgun", "api_key", host="sender_domain", webhook_secret="webhook_signing_key"),  # noqa: S106  a name
    "mailjet": Esp("mailjet", "api_key", second_key="secret_key"),
    "mailtrap": Esp("mailtrap", "api_token"),
    "postmark": Esp("postmark", "server_token"),
    "sparkpost": Esp("sparkpost", "api_key"),
}


@dataclass(frozen=True, slots=True)
class EspSettings:
    """One provider as an operator set it."""

    kind: str
    options: Mapping[str, str] = field(repr=False)  # keyword arguments of Anymail's backend
    webhook: Mapping[str, str] = field(repr=False)  # keyword arguments of its webhook; empty: it takes none
    connections: int = 8
    rate: float | None = None

    @property
    def name(self) -> str:
        """What the provider is called in rate limits, logs and the webhook's address."""
        return self.kind


def read_esp_url(url: str) -> EspSettings:
    """Return a provider's settings. Raises: ProviderUrlInvalid."""
    parts = urlsplit(url)
    esp = ESPS.get(parts.scheme)
    options = dict(parse_qsl(parts.query))
    if esp is None or not parts.username or (unknown := sorted(options.keys() - _KNOWN)):
        what = f"has an option that nobody knows: {unknown[0]}" if esp and parts.username else "has no key"
        raise ProviderUrlInvalid(f"The provider's address {parts.scheme}://… {what}.")
    values = {esp.key: unquote(parts.username)}
    if esp.second_key:
        values[esp.second_key] = unquote(parts.password or "")
    if esp.host and parts.hostname:
        values[esp.host] = parts.hostname
    if "api" in options:
        values["api_url"] = options["api"]
    webhook = {esp.webhook_secret: options["webhook"]} if options.get("webhook") else {}
    try:
        connections, rate = int(options.get("connections", 8)), float(options.get("rate", 0)) or None
    except ValueError as error:
        raise ProviderUrlInvalid("A provider's connections and rate are numbers.") from error
    if not 0 < connections <= 100 or (rate is not None and not 0 < rate < float("inf")):
        raise ProviderUrlInvalid("A provider has 1 to 100 connections, and a rate above zero.")
    return EspSettings(parts.scheme, values, webhook, connections, rate)


def make_backend(settings: EspSettings) -> Any:  # Anymail has no types
    """Return a backend of Anymail's."""
    module = import_module(f"anymail.backends.{ESPS[settings.kind].module}")
    return module.EmailBackend(ignore_unsupported_features=True, **settings.options)


def make_webhook(settings: EspSettings) -> Any:  # Anymail has no types
    """Return the view of Anymail's that reads a provider's webhooks."""
    module = import_module(f"anymail.webhooks.{ESPS[settings.kind].module}")
    (view,) = [
        value
        for name, value in vars(module).items()
        if name.endswith("TrackingWebhookView") and value.__module__ == module.__name__
    ]
    return view(**settings.webhook)
