"""Workers for tests: a process that has everything loaded and splits off a worker whenever it is told to.

A worker ticks at one moment until nothing is due there, or by the machine's clock for as long as it lives. What workers
log, warnings and worse, is kept for the test to look at.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from django.db import connection

from tests.support.databases import with_database

_ROOT = Path(__file__).parents[2]


class Tickers:
    """Starts workers on this test's database, or on another."""

    def __init__(self, database: str | None = None) -> None:
        environment = {
            **os.environ,
            "DATABASE_URL": with_database(database or str(connection.settings_dict["NAME"])),
            "DJANGO_SETTINGS_MODULE": "senet.config.settings",
        }
        self._log = tempfile.TemporaryFile("a+")  # noqa: SIM115  closed with the processes that write to it
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.support.ticker"],
            env=environment,
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def read_log(self) -> str:
        """Return what the workers have logged."""
        self._log.seek(0)
        return self._log.read()

    def start(self, now: datetime | None, *, chunk: int = 200) -> int:
        """Start a worker and return its process id; without a moment it ticks until it is killed."""
        assert self._parent.stdin is not None
        assert self._parent.stdout is not None
        self._parent.stdin.write(f"{now.isoformat() if now else '-'} {chunk}\n")
        self._parent.stdin.flush()
        return int(self._parent.stdout.readline())

    @staticmethod
    def runs(worker: int) -> bool:
        """Say whether a worker is still there."""
        try:
            os.kill(worker, 0)
        except ProcessLookupError:
            return False
        return True

    def wait(self, worker: int, *, seconds: float = 60) -> None:
        """Wait until a worker has nothing more to do."""
        deadline = time.monotonic() + seconds
        while self.runs(worker):
            assert time.monotonic() < deadline, "the worker does not come to an end"
            time.sleep(0.01)

    def kill(self, worker: int) -> bool:
        """SIGKILL a worker; say whether it was still there."""
        try:
            os.kill(worker, signal.SIGKILL)
        except ProcessLookupError:
            return False
        self.wait(worker)
        return True

    def close(self) -> None:
        """End the process that the workers come from."""
        self._parent.communicate()
        self._log.close()


def _run(moment: str, chunk: int) -> None:
    from senet.journeys.engine import due_work, tick
    from senet.shared.clock import utc_now

    while moment == "-":
        tick(utc_now(), chunk=chunk)
        time.sleep(0.25)
    now = datetime.fromisoformat(moment)
    while due_work(now):
        if not tick(now, chunk=chunk).moved:
            time.sleep(0.01)  # another worker holds what is left


def _serve() -> None:
    from senet.journeys import engine  # noqa: F401  loaded before the workers split off

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        moment, chunk = line.split()
        worker = os.fork()
        if worker == 0:
            _run(moment, int(chunk))
            os._exit(0)
        sys.stdout.write(f"{worker}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    import logging

    import django
    import structlog

    django.setup()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),  # stdout is for answers
        cache_logger_on_first_use=False,
    )
    _serve()
