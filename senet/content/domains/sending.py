"""What is known of a domain that mails come from: whose it is, and whose keys will sign.

The room that keeps sending domains and signs lies above: it registers itself here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings

from senet.shared.errors import Problem

_WHERE = "from address"


@dataclass(frozen=True, slots=True)
class DomainOwner:
    """A sending domain, and the business unit whose it is; None: everybody's."""

    domain: str
    business_unit_id: int | None


@dataclass(frozen=True, slots=True)
class SigningName:
    """Where a key that signs is looked up, and the text that has to be there."""

    name: str  # senet1._domainkey.shop.example
    record: str


class SendingDomains(Protocol):
    """The port: what the sender knows of domains."""

    def find_owner(self, host: str) -> DomainOwner | None:
        """Return the sending domain that a domain is or lies under; None when there is none."""
        ...

    def find_signing_names(self, host: str) -> Sequence[SigningName]:
        """Return the keys that mails from a domain are signed with; none where a relay may sign."""
        ...


_known: list[SendingDomains] = []


def register_sending_domains(domains: SendingDomains) -> None:
    """Let the room that sends say what it knows; the last one counts."""
    _known.append(domains)


def find_signing_names(host: str) -> Sequence[SigningName]:
    """Return the keys that mails from a domain will be signed with here; none where a relay may sign."""
    return _known[-1].find_signing_names(host) if _known and host else ()


def find_fixed_domain(from_address: str) -> str:
    """Return the domain of a from address; nothing where each message has its own."""
    host = from_address.strip().rpartition("@")[2].rstrip(".").lower()
    return "" if "{" in host or "}" in host else host


def check_owner(from_address: str, unit_id: int) -> list[Problem]:
    """Return what keeps a business unit from sending from a fixed address; each message is asked the same again."""
    host = find_fixed_domain(from_address)
    if not host:
        return []
    owner = _known[-1].find_owner(host) if _known else None
    if owner is None:
        if not settings.REQUIRE_SENDING_DOMAIN:
            return []
        message = f"{host} is no sending domain, and this installation sends from no other."
        advice = "Choose an address of a sending domain, or add this one on the page Sending domains."
        return [Problem("domain_not_owned", message, _WHERE, advice=advice)]
    if owner.business_unit_id not in {None, unit_id}:
        message = f"{owner.domain} belongs to another business unit."
        return [Problem("domain_of_others", message, _WHERE, advice="Choose an address of a domain of your own unit.")]
    return []
