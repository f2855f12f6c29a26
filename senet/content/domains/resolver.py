"""What the go-live check asks of name servers: texts of names, quickly, with answers kept for some minutes."""

from __future__ import annotations

import threading
import time
from functools import cache
from typing import Protocol

from senet.shared.name_servers import DnsResolver, LookupFailed

_SECONDS = 2.0
_KEPT_SECONDS = 300.0
_KEPT_FAILURE_SECONDS = 30.0
_MOST_KEPT = 10_000


class TextResolver(Protocol):
    """Asks for the texts of a name."""

    def find_texts(self, name: str) -> list[str] | None:
        """Return the TXT records of a name, [] when it has none, None when there is no such name.

        Raises: LookupFailed.
        """
        ...


class KeepingResolver:
    """Asks name servers and keeps what they say. For any number of threads."""

    def __init__(self, servers: str = "system") -> None:
        self._resolver = DnsResolver(servers, patience_seconds=_SECONDS)
        self._kept: dict[str, tuple[float, list[str] | LookupFailed | None]] = {}
        self._lock = threading.Lock()

    def find_texts(self, name: str) -> list[str] | None:
        """Return the TXT records of a name; see `TextResolver`."""
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
        try:
            found = self._resolver.find(name, "TXT")
        except LookupFailed as error:
            return error
        return None if found is None else list(found)


@cache
def find_resolver(servers: str) -> TextResolver | None:
    """Return the resolver that the setting SENET_DNS names: system, off, or host:port."""
    return None if servers == "off" else KeepingResolver(servers)
