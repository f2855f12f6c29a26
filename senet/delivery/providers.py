"""The providers to send through, by the scheme of SENET_SMTP_URL. A new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from senet.delivery.errors import ProviderUrlInvalid
from senet.delivery.ports import MailClient
from senet.delivery.smtp.address import read_url
from senet.delivery.smtp.client import SmtpClient


@dataclass(frozen=True, slots=True)
class Provider:
    """What a sender needs of a provider: its name, its rate limit in messages a second, and clients."""

    name: str
    rate: float | None
    make_client: Callable[[], MailClient]


def _smtp(url: str) -> Provider:
    settings = read_url(url)
    return Provider(settings.name, settings.rate, lambda: SmtpClient(settings))


PROVIDERS: Mapping[str, Callable[[str], Provider]] = {"smtp": _smtp, "smtps": _smtp}


def find_provider(url: str) -> Provider:
    """Return the provider behind an address. Raises: ProviderUrlInvalid."""
    make = PROVIDERS.get(urlsplit(url).scheme)
    if make is None:
        raise ProviderUrlInvalid
    return make(url)
