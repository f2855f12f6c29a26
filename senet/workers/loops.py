"""Work that is done again and again in a thread: a step that raises is logged and tried again, never dropped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.db import close_old_connections, connections

from senet.shared.clock import utc_now

log = structlog.get_logger(__name__)

_LONGEST_PAUSE_SECONDS = 10.0


@dataclass(slots=True)
class Pulse:
    """What a component last said about itself; its heartbeat carries it to `/healthz`."""

    name: str
    detail: dict[str, object] = field(default_factory=dict)
    worked_at: datetime | None = None
    error: str = ""
    tell: Callable[[], Mapping[str, object]] | None = None

    def as_detail(self) -> Mapping[str, object]:
        """Return the pulse as the heartbeat row shows it."""
        if self.tell is not None:
            self.detail.update(self.tell())
        worked_at = self.worked_at.isoformat() if self.worked_at else None
        return {"worked_at": worked_at, "error": self.error, **self.detail}


@dataclass(slots=True)
class Loop:
    """A step and the pause after it.

    The step takes the time and returns how many things it did; while it does something the pause is left out.
    """

    name: str
    step: Callable[[datetime], int]
    pause_seconds: float
    at_end: Callable[[], None] | None = None
    pulse: Pulse = field(init=False)

    def __post_init__(self) -> None:
        self.pulse = Pulse(self.name)

    def run(self, stop: threading.Event) -> None:
        """Take steps until told to stop."""
        failures = 0
        try:
            while not stop.is_set():
                done = self._take_step()
                failures = failures + 1 if done is None else 0
                if not done:
                    pause = self.pause_seconds * 2 ** min(failures, 10)
                    stop.wait(min(pause, _LONGEST_PAUSE_SECONDS) if failures else self.pause_seconds)
        finally:
            if self.at_end is not None:
                self.at_end()
            connections.close_all()

    def _take_step(self) -> int | None:
        """Return how much was done, or None when it failed."""
        started = time.perf_counter()
        try:
            close_old_connections()  # one that a restarted server left behind
            done = self.step(utc_now())
        except Exception as failure:  # noqa: BLE001  whatever a room raises, the loop goes on
            self._note_failure(failure)
            return None
        self.pulse.error = ""
        self.pulse.worked_at = utc_now()
        if done:
            self.pulse.detail["last_count"] = done
            self.pulse.detail["last_seconds"] = round(time.perf_counter() - started, 3)
        return done

    def _note_failure(self, failure: Exception) -> None:
        """Log a failure: the first of its kind with its traceback, the same one again in a line."""
        error = f"{type(failure).__name__}: {failure}"[:500]
        if error == self.pulse.error:
            log.warning("loop_failed_again", loop=self.name, error=error)
        else:
            log.error("loop_failed", loop=self.name, exc_info=failure)
        self.pulse.error = error


def run_in_threads(loops: list[Loop], stop: threading.Event) -> list[threading.Thread]:
    """Start a thread a loop and return them."""
    threads = [threading.Thread(target=loop.run, args=[stop], name=loop.name, daemon=True) for loop in loops]
    for thread in threads:
        thread.start()
    return threads
