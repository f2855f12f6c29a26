"""The port to the DNS, the real one, and its twin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import dns.exception
import dns.resolver

_SECONDS = 5.0


class ResolverFailed(Exception):  # noqa: N818
    """The DNS did not answer."""


class Resolver(Protocol):
    """Looks records up."""

    def find(self, name: str, kind: str) -> Sequence[str]:
        """Return the records of a kind (TXT, MX), an empty sequence when there are none. Raises: ResolverFailed."""
        ...


class DnsResolver:
    """Asks the name servers that SENET_DNS names: the machine's own (system), one by host:port, or nobody (off).

    It keeps nothing: who has just published a record wants to see it.
    """

    def __init__(self, servers: str = "system") -> None:
        self._servers = servers

    def find(self, name: str, kind: str) -> Sequence[str]:
        """Return the records of a kind."""
        try:
            answer = self._open().resolve(name, kind, lifetime=_SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise ResolverFailed(str(error)) from error
        if kind == "TXT":
            return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
        return [record.to_text() for record in answer]

    def _open(self) -> dns.resolver.Resolver:
        if self._servers == "off":
            raise ResolverFailed("SENET_DNS is off.")
        resolver = dns.resolver.Resolver(configure=self._servers == "system")
        if self._servers != "system":
            host, _, port = self._servers.rpartition(":")
            resolver.nameservers = [host or self._servers]
            resolver.port = int(port) if host else 53
        return resolver


class MemoryResolver:
    """Knows what it was told: (name, kind) → records."""

    def __init__(self, records: Mapping[tuple[str, str], Sequence[str]], *, failing: bool = False) -> None:
        self._records = records
        self._failing = failing

    def find(self, name: str, kind: str) -> Sequence[str]:
        """Return the records of a kind."""
        if self._failing:
            raise ResolverFailed("Nobody answers.")
        return self._records.get((name, kind), [])
