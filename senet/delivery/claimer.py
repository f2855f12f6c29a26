"""Keeps claimed messages ready, with their people, while the sender works on the ones before; urgent ones first."""

from __future__ import annotations

import threading
import time
from collections import deque
from datetime import datetime, timedelta

from senet.delivery.background import Background
from senet.delivery.ports import MailClient
from senet.delivery.rendering import Prepared, Preparer
from senet.messages.actions import claim
from senet.messages.limits import AllLimits, find_limits
from senet.messages.values import Pace
from senet.shared.clock import utc_now

SMALLEST, LARGEST = 25, 500  # messages a claim
_IDLE_SECONDS = 0.2
_URGENT_IN_A_ROW = 4  # then one of bulk, if any waits
_LIMITS_AGE = timedelta(seconds=2)
_ENOUGH_SECONDS = 0.5  # how much work to hold: what waits here is not checked for blocks again


class Claimer:
    """Claims ahead: about half a second's work, so that a block set now is seen in time."""

    def __init__(self, sender: int, pace: Pace, client: MailClient) -> None:
        self._urgent: deque[Prepared] = deque()
        self._bulk: deque[Prepared] = deque()
        self._in_a_row = 0
        self._limits = AllLimits()
        self._limits_read_at: datetime | None = None
        self.is_torn = False  # a claim failed in the middle: we may hold messages that we do not know of
        self._sender = sender
        self._pace = pace
        self._client = client
        self._preparer = Preparer()
        self._size = SMALLEST
        self._filled_at = 0.0
        self._wanted = threading.Event()
        self._enabled = threading.Event()
        self._stopping = False
        self._is_claiming = False
        self._background = Background("claimer", self._step)

    def start(self) -> None:
        """Start claiming."""
        self._enabled.set()
        self._background.start()

    def pause(self) -> None:
        """Claim nothing until `resume`."""
        self._enabled.clear()

    def resume(self) -> None:
        """Claim again."""
        if not self._enabled.is_set():  # it is asked far more often than it is paused
            self._enabled.set()

    def take(self) -> Prepared | None:
        """Return the next message, or None when there is none just now."""
        found = self._pop()
        if len(self) <= self._size // 2 and not self._wanted.is_set():
            self._wanted.set()
        return found

    def __len__(self) -> int:
        """Return how many messages are ready."""
        return len(self._urgent) + len(self._bulk)

    def _pop(self) -> Prepared | None:
        if self._urgent and (self._in_a_row < _URGENT_IN_A_ROW or not self._bulk):
            self._in_a_row += 1
            return self._urgent.popleft()
        self._in_a_row = 0
        try:
            return self._bulk.popleft()
        except IndexError:
            return None

    def stop(self, *, seconds: float) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._wanted.set()
        self._enabled.set()
        self._background.end(seconds=seconds)

    @property
    def trouble(self) -> str:
        """What keeps it from claiming, in words."""
        return self._background.trouble

    def _step(self) -> bool:
        self._enabled.wait()
        if self._is_claiming:  # the last claim failed
            self.is_torn = True
            self._is_claiming = False
        if len(self) > self._size // 2:
            self._wanted.clear()
            if len(self) > self._size // 2 and not self._wanted.wait(_IDLE_SECONDS) and not self._stopping:
                self._look_for_urgent()
        elif not self._stopping and not self._claim(self._size):
            self._wanted.clear()
            self._wait_for_work()
        return not self._stopping

    def _look_for_urgent(self) -> None:
        """Take urgent messages past the bulk that is ready: a slow provider may need minutes for it."""
        if self._enabled.is_set() and not self._urgent:
            self._claim(SMALLEST, urgent_only=True)

    def _wait_for_work(self) -> None:
        deadline = time.monotonic() + _IDLE_SECONDS
        while not self._stopping and (rest := deadline - time.monotonic()) > 0:
            time.sleep(min(rest, 0.05))

    def _claim(self, limit: int, *, urgent_only: bool = False) -> bool:
        """Claim once; False when nothing more is due."""
        if self._pace.rate is not None:
            limit = max(1, min(limit, int(self._pace.rate / 4)))
        self._is_claiming = True
        now = utc_now()
        claimed = claim(
            sender=self._sender,
            limit=limit,
            now=now,
            pace=self._pace,
            limits=self._find_limits(now),
            urgent_only=urgent_only,
        )
        if claimed.messages:
            if not urgent_only:
                self._adapt(full=claimed.looked_at >= self._size)
            for prepared in self._preparer.prepare(claimed.messages, utc_now()):
                (self._urgent if prepared.message.urgent else self._bulk).append(prepared)
            self._client.wake()
        self._is_claiming = False
        return claimed.looked_at >= limit

    def _find_limits(self, now: datetime) -> AllLimits:
        """Return the sending limits, at most two seconds old."""
        if self._limits_read_at is None or not timedelta(0) <= now - self._limits_read_at < _LIMITS_AGE:
            self._limits = find_limits()
            self._limits_read_at = now
        return self._limits

    def _adapt(self, *, full: bool) -> None:
        """Grow while a batch lasts shorter than it should, shrink while it lasts longer."""
        now = time.monotonic()
        lasted, self._filled_at = now - self._filled_at, now
        if lasted > 2 * _ENOUGH_SECONDS:
            self._size = max(SMALLEST, self._size // 2)
        elif lasted < _ENOUGH_SECONDS and full:
            self._size = min(LARGEST, self._size * 2)
