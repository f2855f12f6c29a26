"""How much may go through one of several providers: its rate, and while it is warming up a cap a day that grows.

Both are counted in the database, for all senders together; a sender takes a quarter of a second's worth at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from senet.delivery.errors import ProviderUrlInvalid
from senet.messages.pacing import spend_tokens, take_of_day, take_tokens
from senet.shared.clock import utc_now

_AT_ONCE = 100
_ASK_SECONDS = 0.1
_DAY_PAUSE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class WarmUp:
    """So many mails on the first day (UTC), each day more by a factor."""

    starts: date
    first: int
    factor: float

    def cap(self, today: date) -> int:
        """Return how many mails a day takes."""
        days = (today - self.starts).days
        return 0 if days < 0 else int(min(self.first * self.factor ** min(days, 3650), 2**53))


def read_warm_up(text: str) -> WarmUp | None:
    """Return a plan from "2026-11-01,500,1.5"; None from "". Raises: ProviderUrlInvalid."""
    if not text:
        return None
    try:
        starts, first, factor = text.split(",")
        found = WarmUp(date.fromisoformat(starts), int(first), float(factor))
    except ValueError as error:
        raise ProviderUrlInvalid("Write warmup=first day,mails on it,factor: warmup=2026-11-01,500,1.5.") from error
    if found.first < 1 or not 1 <= found.factor <= 10:
        raise ProviderUrlInvalid("A warm-up begins with at least one mail and grows by a factor from 1 to 10.")
    return found


class Meter:
    """One provider's allowance as a sender holds it. For one thread."""

    def __init__(
        self, provider: str, rate: float | None, warm_up: WarmUp | None, *, now: Callable[[], datetime] = utc_now
    ) -> None:
        self._provider = provider
        self._rate = rate
        self._warm_up = warm_up
        self._now = now
        self._allowance = 0
        self._day: date | None = None
        self._asked_at = -_ASK_SECONDS
        self._paused_until = 0.0

    @property
    def pause_seconds(self) -> float:
        """How long the day's cap is used up, as far as one looks ahead."""
        return max(0.0, self._paused_until - time.monotonic())

    def left(self) -> int:
        """Return how many messages may go now. Raises: DatabaseError."""
        if self._rate is None and self._warm_up is None:
            return _AT_ONCE
        now = self._now()
        if self._warm_up is not None and self._day != now.date():
            self._allowance, self._day = 0, now.date()
        due = time.monotonic() - self._asked_at >= _ASK_SECONDS and self.pause_seconds <= 0
        if self._allowance < 1 and due:
            self._asked_at = time.monotonic()
            self._allowance = self._take(now)
        return self._allowance

    def spend(self) -> None:
        """Count one message."""
        self._allowance -= 1

    def _take(self, now: datetime) -> int:
        limit = _AT_ONCE if self._rate is None else max(1, int(self._rate / 4))
        with transaction.atomic():
            if self._rate is not None:
                limit = take_tokens(self._provider, self._rate, limit=limit, now=now)
            if self._warm_up is not None and limit > 0:
                limit = take_of_day(self._provider, self._warm_up.cap(now.date()), limit=limit, now=now)
                if limit == 0:
                    self._paused_until = time.monotonic() + _DAY_PAUSE_SECONDS
            if self._rate is not None:
                spend_tokens(self._provider, limit)
        return limit
