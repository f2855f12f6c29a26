"""Whose a domain is that mails come from. The room that keeps sending domains lies above: it registers itself here."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings

from senet.shared.errors import Problem

_LIQUID = re.compile(r"\{\{|\{%")
_WHERE = "from address"


@dataclass(frozen=True, slots=True)
class DomainOwner:
    """A sending domain, and the business unit whose it is; None: everybody's."""

    domain: str
    business_unit_id: int | None


FindOwner = Callable[[str], DomainOwner | None]


def _know_none(_domain: str) -> DomainOwner | None:
    return None


_finders: list[FindOwner] = [_know_none]


def register_owner_finder(find: FindOwner) -> None:
    """Let the room that keeps sending domains say whose they are; the last one counts."""
    _finders.append(find)


def check_owner(from_address: str, unit_id: int) -> list[Problem]:
    """Return what keeps a business unit from sending from a fixed address; each message is asked the same again."""
    host = from_address.strip().rpartition("@")[2].rstrip(".").lower()
    if not host or _LIQUID.search(host):
        return []
    owner = _finders[-1](host)
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
