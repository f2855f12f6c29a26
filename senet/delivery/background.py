"""A thread of the sender that does one step again and again, on its own database connection, whatever happens to it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import DatabaseError, InterfaceError, connection

log = structlog.get_logger(__name__)

_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


class Background:
    """Runs `step` until it returns False. A step that the database fails is taken again, after a growing pause."""

    def __init__(self, name: str, step: Callable[[], bool]) -> None:
        self.trouble = ""
        self._step = step
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def end(self, *, seconds: float, patient: bool = False) -> bool:
        """Stop retrying, `patient`: only when time is up. Returns False when the thread is still at work then."""
        if patient:
            self._thread.join(seconds)
        self._ended.set()
        self._thread.join(_FIRST_PAUSE_SECONDS if patient else seconds)
        return not self._thread.is_alive()

    def _run(self) -> None:
        failures = 0
        try:
            while True:
                try:
                    if not self._step():
                        return
                except Exception as error:  # whatever it is, the mail goes on
                    connection.close()
                    failures += 1
                    self.trouble = next(iter(str(error).splitlines()), type(error).__name__)
                    known = isinstance(error, DatabaseError | InterfaceError)
                    log.warning("step_failed", thread=self._thread.name, error=self.trouble, exc_info=not known)
                    if self._ended.wait(min(_FIRST_PAUSE_SECONDS * 2**failures, _LONGEST_PAUSE_SECONDS)):
                        return
                else:
                    failures, self.trouble = 0, ""
        finally:
            connection.close()
