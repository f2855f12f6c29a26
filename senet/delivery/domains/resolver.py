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
    """Asks the machine's own name servers."""

    def find(self, name: str, kind: str) -> Sequence[str]:
        """Return the records of a kind."""
        try:
            answer = dns.resolver.resolve(name, kind, lifetime=_SECONDS, search=False)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError) as error:
            raise ResolverFailed(str(error)) from error
        if kind == "TXT":
            return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]
        return [record.to_text() for record in answer]


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
