"""The operator's block list of links: a host and everything below it. A mail that leads there is not sent."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction

from senet.delivery.domains.actions import read_domain
from senet.delivery.models import BlockedHost
from senet.shared.errors import Conflict, NotFound

_AGE = timedelta(seconds=5)
_URL = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


@transaction.atomic
def block_host(text: str, *, note: str, user_id: int, now: datetime) -> int:
    """Put a host on the list; returns its number. Raises: InvalidInput, Conflict."""
    host = read_domain(text)
    try:
        with transaction.atomic():
            return int(BlockedHost.objects.create(host=host, note=note, created_by_id=user_id, created_at=now).pk)
    except IntegrityError as error:
        raise Conflict(f"{host} is on the list already.") from error


def unblock_host(host_id: int) -> None:
    """Take a host off the list. Raises: NotFound."""
    if not BlockedHost.objects.filter(pk=host_id).delete()[0]:
        raise NotFound("There is no such host on the list.")


class BlockList:
    """The list as a sender knows it: read again every few seconds. For one thread."""

    def __init__(self) -> None:
        self.hosts: frozenset[str] = frozenset()
        self._texts: dict[int, str] = {}
        self._read_at: datetime | None = None

    def refresh(self, now: datetime) -> None:
        """Read the list again when what is known is old. Raises: DatabaseError."""
        if self._read_at is not None and timedelta(0) <= now - self._read_at < _AGE:
            return
        hosts = frozenset(BlockedHost.objects.values_list("host", flat=True))
        if hosts != self.hosts:
            self.hosts, self._texts = hosts, {}
        self._read_at = now

    def find_in_version(self, version_id: int, texts: Iterable[str]) -> str:
        """Return a blocked address that every message of a version has, or ""; each version is searched once."""
        if not self.hosts:
            return ""
        if version_id not in self._texts:
            if len(self._texts) > 100:
                self._texts.clear()
            self._texts[version_id] = self.find(url for text in texts for url in _URL.findall(text))
        return self._texts[version_id]

    def find(self, urls: Iterable[str]) -> str:
        """Return the first blocked address, or ""."""
        if not self.hosts:
            return ""
        return next((url for url in urls if self._is_blocked(url)), "")

    def _is_blocked(self, url: str) -> bool:
        try:
            host = (urlsplit(url).hostname or "").rstrip(".")
        except ValueError:
            return False  # nobody can follow it either
        while host:
            if host in self.hosts:
                return True
            host = host.partition(".")[2]
        return False
