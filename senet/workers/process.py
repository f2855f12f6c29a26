"""What every process does first and last: settings, log, signals, the watch on its parent, the heartbeat."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from types import FrameType

import django
import structlog

from senet.config.environment import read_environment
from senet.config.logs import configure_logging

PARENT_FD = "SENET_PARENT_FD"
_GRACE_SECONDS = 20.0
_POOL_SIZES = {"app": 24, "web": 24}  # connections; the app's loops and jobs hold up to ten of them

log = structlog.get_logger(__name__)


def set_up(name: str) -> None:
    """Read the settings and configure the log; before anything that has models is imported."""
    if name in _POOL_SIZES:
        os.environ.setdefault("SENET_DATABASE_POOL", str(_POOL_SIZES[name]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "senet.config.settings")
    django.setup()
    configure_logging(read_environment(), process=name)


def run_process(name: str) -> None:
    """Set up and run `senet.workers.<name>` until it is told to stop."""
    set_up(name)
    import_module(f"senet.workers.{name}").run()


def begin() -> threading.Event:
    """Return the event that ends this process: set by SIGTERM, SIGINT and the end of the supervisor that started it."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _setter(stop))
    watch_parent(stop)
    return stop


def watch_parent(stop: threading.Event) -> None:
    """End this process when the supervisor is gone, whatever ended it.

    The supervisor holds the other end of a pipe and never writes to it: reading returns when it dies.
    """
    number = os.environ.pop(PARENT_FD, "")
    if number:
        threading.Thread(target=_wait_for_parent, args=[int(number), stop], name="parent", daemon=True).start()


def _wait_for_parent(descriptor: int, stop: threading.Event) -> None:
    os.read(descriptor, 1)
    log.warning("supervisor_gone")
    stop.set()
    threading.Event().wait(_GRACE_SECONDS)
    os._exit(1)


def _setter(stop: threading.Event) -> Callable[[int, FrameType | None], None]:
    def set_stop(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    return set_stop


def wait_for(threads: Sequence[threading.Thread], *, seconds: float) -> None:
    """Wait for threads to end, no longer than that in all."""
    deadline = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
