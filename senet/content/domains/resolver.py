"""The port to the name servers, and the real one: dnspython, within a time limit, answers kept for some minutes."""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import Protocol

import dns.exception
import dns.resolver

_SECONDS = 2.0
_KEPT_SECONDS = 300.0
_KEPT_FAILURE_SECONDS = 30.0
_MOST_KEPT = 10_000


class LookupFailed(Exception):  # noqa: N818
    """No name server gave an answer."""


class Resolver(Protocol):
    """Asks for the texts of a name."""

    def find_texts(self, name: str) -> list[str] | None:
        """Return the TXT records of a name, [] when it has none, None when there is no such name.

        Raises: LookupFailed.
        """
        ...


class DnsResolver:
    """Asks the system's name servers, or those that are named. For any number of threads."""

    def __init__(self, servers: str = "system") -> None:
        if servers == "system":
            try:
                self._resolver: dns.resolver.Resolver | None = dns.resolver.Resolver()
            except dns.resolver.NoResolverConfiguration:
                self._resolver = None
        else:
            host, _, port = servers.rpartition(":")
            self._resolver = dns.resolver.Resolver(configure=False)
            self._resolver.nameservers = [host or servers]
            self._resolver.port = int(port) if host else 53
        if self._resolver is not None:
            self._resolver.lifetime = _SECONDS
        self._kept: dict[str, tuple[float, list[str] | LookupFailed | None]] = {}
        self._lock = threading.Lock()

    def find_texts(self, name: str) -> list[str] | None:
        """Return the TXT records of a name; see `Resolver`."""
        now = time.monotonic()
        with self._lock:
            known = self._kept.get(name)
        if known is None or known[0] < now:
            found = self._ask(name)
            kept = _KEPT_FAILURE_SECONDS if isinstance(found, LookupFailed) else _KEPT_SECONDS
            with self._lock:
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                self._kept[name] = known = (now + kept, found)
        if isinstance(known[1], LookupFailed):
            raise known[1]
        return known[1]

    def _ask(self, name: str) -> list[str] | LookupFailed | None:
        if self._resolver is None:
            return LookupFailed("this machine has no name server")
        try:
            answer = self._resolver.resolve(name, "TXT", raise_on_no_answer=False)
        except dns.resolver.NXDOMAIN:
            return None
        except (dns.exception.DNSException, OSError, ValueError) as error:
            return LookupFailed(type(error).__name__)
        rows = answer.rrset or ()
        return [b"".join(row.strings).decode("utf-8", "replace") for row in rows]


@cache
def find_resolver(servers: str) -> Resolver | None:
    """Return the resolver that the setting SENET_DNS names: system, off, or host:port."""
    return None if servers == "off" else DnsResolver(servers)
