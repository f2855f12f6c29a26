"""What senders know of sending domains: read from the database every few seconds, looked up for each message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from senet.delivery.domains.keys import open_key
from senet.delivery.domains.signing import SigningKey
from senet.delivery.models import SendingDomain
from senet.shared.sealing import SealBroken

log = structlog.get_logger(__name__)

_AGE = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class KnownDomain:
    """A sending domain with its keys; `trouble` says why it has none although it should."""

    domain: str
    business_unit_id: int | None = None
    bounce_domain: str = ""
    keys: tuple[SigningKey, ...] = ()
    trouble: str = ""


class Keyring:
    """Finds the sending domain of an address. For one thread."""

    def __init__(self) -> None:
        self._domains: dict[str, KnownDomain] = {}
        self._found: dict[str, KnownDomain | None] = {}
        self._read_at: datetime | None = None

    def refresh(self, now: datetime) -> None:
        """Read the domains again when what is known is old. Raises: DatabaseError."""
        if self._read_at is not None and timedelta(0) <= now - self._read_at < _AGE:
            return
        self._domains = {row.domain: _open(row) for row in SendingDomain.objects.all()}
        self._found = {}
        self._read_at = now

    def find(self, address: str) -> KnownDomain | None:
        """Return the sending domain of an address: its own, or the nearest one above it."""
        host = address.rpartition("@")[2].lower()
        if host not in self._found:
            if len(self._found) > 1000:
                self._found.clear()
            self._found[host] = self._search(host)
        return self._found[host]

    def _search(self, host: str) -> KnownDomain | None:
        return next((self._domains[name] for name in list_domains_above(host) if name in self._domains), None)


def list_domains_above(host: str) -> list[str]:
    """Return a domain and those above it, the nearest first."""
    labels = host.split(".")
    return [".".join(labels[start:]) for start in range(len(labels))]


def _open(row: SendingDomain) -> KnownDomain:
    keys: list[SigningKey] = []
    trouble = ""
    if row.signs:
        try:
            keys.append(SigningKey(row.domain, row.selector, open_key(row.rsa_key)))
            if row.ed25519_key is not None:
                keys.append(SigningKey(row.domain, row.ed25519_selector, open_key(row.ed25519_key)))
        except SealBroken as error:
            trouble = f"The keys of {row.domain} cannot be opened. {error.message}"
            log.error("dkim_keys_unreadable", domain_id=row.pk)  # noqa: TRY400  the sentence is enough
            keys = []
    return KnownDomain(row.domain, row.business_unit_id, row.bounce_domain, tuple(keys), trouble)
