"""The port to the name servers, and the real one: dnspython, within a time limit. It keeps no answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import dns.exception
import dns.resolver


class LookupFailed(Exception):  # noqa: N818
    """No name server gave an answer."""


class Resolver(Protocol):
    """Looks records up."""

    def find(self, name: str, kind: str) -> Sequence[str] | None:
        """Return a name's records of a kind (TXT, MX), none when it has none, None when there is no such name.

        Raises: LookupFailed.
        """
        ...


class DnsResolver:
    """Asks the name servers that SENET_DNS names: the machine's own (system), one by host:port, or nobody (off)."""

    def __init__(self, servers: str = "system", *, patience_seconds: float = 5.0) -> None:
        self._resolver = _open(servers)
        self._patience_seconds = patience_seconds

    def find(self, name: str, kind: str) -> Sequence[str] | None:
        """Return the records; see `Resolver`. For any number of threads."""
        if self._resolver is None:
            raise LookupFailed("There is no name server to ask.")
        try:
            answer = self._resolver.resolve(
                name, kind, lifetime=self._patience_seconds, search=False, raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return None
        except (dns.exception.DNSException, OSError, ValueError) as error:
            raise LookupFailed(type(error).__name__) from error
        rows = answer.rrset or ()
        if kind == "TXT":
            return [b"".join(row.strings).decode("utf-8", "replace") for row in rows]
        return [row.to_text() for row in rows]


def _open(servers: str) -> dns.resolver.Resolver | None:
    if servers == "off":
        return None
    if servers == "system":
        try:
            return dns.resolver.Resolver()
        except dns.resolver.NoResolverConfiguration:
            return None
    host, _, port = servers.rpartition(":")
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers = [host or servers]
    resolver.port = int(port) if host else 53
    return resolver
