"""A limit on attempts by address: generous to people, in the way of those who try tokens."""

from __future__ import annotations

import time

_MAX_ADDRESSES = 50_000


class AttemptLimit:
    """Counts attempts in windows of a length; not shared between processes."""

    def __init__(self, *, attempts: int, seconds: float) -> None:
        self._attempts = attempts
        self._seconds = seconds
        self._window_ends = 0.0
        self._counts: dict[str, int] = {}

    def allows(self, address: str) -> bool:
        """Count one attempt and say whether it is within the limit."""
        now = time.monotonic()
        if now > self._window_ends or len(self._counts) > _MAX_ADDRESSES:
            self._window_ends = now + self._seconds
            self._counts.clear()
        count = self._counts[address] = self._counts.get(address, 0) + 1
        return count <= self._attempts
