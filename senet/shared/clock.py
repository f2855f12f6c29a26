"""The only place that asks what time it is. Everything else takes `now` as a parameter. Also, whose clock is meant."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

_MAX_NAME = 64  # of a zone: longer ones are no such names, and are not kept


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class VirtualClock:
    """A clock that stands still until it is moved; for tests and rehearsals."""

    def __init__(self, start: datetime) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move the clock on and return the new time."""
        self._now += step
        return self._now


def utc_now() -> datetime:
    """Return the present moment, aware, in UTC. For the edges only: views, workers, commands."""
    return datetime.now(UTC)


def find_zone(name: str | None) -> ZoneInfo | None:
    """Return a time zone by its IANA name, or None when there is none. The name may be whatever somebody wrote."""
    return _find_zone(name) if name and len(name) <= _MAX_NAME else None


@lru_cache(maxsize=1000)
def _find_zone(name: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None
