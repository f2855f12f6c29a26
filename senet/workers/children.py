"""A child process of the supervisor: started, watched, started again after a pause when it dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

import structlog

from senet.workers.process import PARENT_FD

log = structlog.get_logger(__name__)

_FIRST_PAUSE_SECONDS = 0.3
_LONGEST_PAUSE_SECONDS = 20.0
_SETTLED_SECONDS = 30.0


@dataclass(slots=True)
class Child:
    """One process that `senet up` keeps alive.

    `number` tells twins apart (senders). The child holds the reading end of `parent_pipe` and ends when it closes.
    """

    command: str
    number: int
    environment: Mapping[str, str]
    parent_pipe: int
    process: subprocess.Popen[bytes] | None = None
    failures: int = 0
    started_at: float = 0.0
    start_at: float = field(default=0.0)

    @property
    def name(self) -> str:
        """What people call it."""
        return f"{self.command}-{self.number}" if self.number else self.command

    def start(self) -> None:
        """Start the process, in a session of its own: Ctrl-C at the terminal is the supervisor's to pass on."""
        self.process = subprocess.Popen(  # noqa: S603  ourselves
            [sys.executable, "-m", "senet", self.command],
            env={**self.environment, PARENT_FD: str(self.parent_pipe)},
            stdin=subprocess.DEVNULL,
            pass_fds=[self.parent_pipe],
            start_new_session=True,
        )
        self.started_at = time.monotonic()

    def keep_alive(self) -> None:
        """Notice a death and start the process again, later each time it dies early."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.start_at:
                self.start()
            return
        code = self.process.poll()
        if code is None:
            return
        self.failures = 1 if now - self.started_at > _SETTLED_SECONDS else self.failures + 1
        pause = min(_FIRST_PAUSE_SECONDS * 2 ** (self.failures - 1), _LONGEST_PAUSE_SECONDS)
        log.warning("child_died", child=self.name, code=code, again_in_seconds=round(pause, 1))
        self.process = None
        self.start_at = now + pause

    def ask_to_stop(self) -> None:
        """Send SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Wait for the end; after that time, kill the process and what it started."""
        if self.process is None:
            return
        try:
            self.process.wait(max(seconds, 0.01))
        except subprocess.TimeoutExpired:
            log.warning("child_killed", child=self.name)
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
