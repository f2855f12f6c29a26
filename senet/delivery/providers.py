"""The providers to send through, by the scheme of their addresses. A new one is a module and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from senet.delivery.errors import ProviderUrlInvalid
from senet.delivery.esp.client import EspClient
from senet.delivery.esp.registry import ESPS, read_esp_url
from senet.delivery.metering import Meter, WarmUp, read_warm_up
from senet.delivery.ports import MailClient
from senet.delivery.routing import Route, RoutingClient, serves
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


def _esp(url: str) -> Provider:
    settings = read_esp_url(url)
    return Provider(settings.name, settings.rate, lambda: EspClient(settings))


PROVIDERS: Mapping[str, Callable[[str], Provider]] = {
    "smtp": _smtp,
    "smtps": _smtp,
    **dict.fromkeys(ESPS, _esp),
}


def find_provider(url: str) -> Provider:
    """Return the provider behind an address. Raises: ProviderUrlInvalid."""
    make = PROVIDERS.get(urlsplit(url).scheme)
    if make is None:
        raise ProviderUrlInvalid
    return make(url)


def find_providers(urls: Sequence[str], last: str) -> Provider:
    """Return the provider behind several addresses, the preferred one first; `last` serves whatever the others do not.

    In an address: `domains=shop.example,news.example`, the from domains that it serves; `warmup=2026-11-01,500,1.5`,
    its first day, the mails of that day, and by what they grow each day. Raises: ProviderUrlInvalid.
    """
    if not urls and "warmup=" not in last:
        return find_provider(last)
    plans = list_plans(urls, last)

    def make_client() -> MailClient:
        return RoutingClient([plan.make_route() for plan in plans])

    return Provider("several", None, make_client)


@dataclass(frozen=True, slots=True)
class Plan:
    """A provider, whom it serves, and how its warm-up goes."""

    provider: Provider
    domains: tuple[str, ...]
    warm_up: WarmUp | None

    def serves(self, domain: str) -> bool:
        """Say whether mails from a domain may go this way."""
        return serves(self.domains, domain)

    def make_route(self) -> Route:
        name, rate = self.provider.name, self.provider.rate
        return Route(name, self.provider.make_client(), self.domains, Meter(name, rate, self.warm_up))


def list_plans(urls: Sequence[str], last: str) -> list[Plan]:
    """Return the providers behind several addresses, the preferred one first. Raises: ProviderUrlInvalid."""
    return [_read_plan(url) for url in (*urls, last)]


def _read_plan(url: str) -> Plan:
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    domains = tuple(filter(None, (one.strip().lower() for one in options.pop("domains", "").split(","))))
    warm_up = read_warm_up(options.pop("warmup", ""))
    return Plan(find_provider(parts._replace(query=urlencode(options)).geturl()), domains, warm_up)
