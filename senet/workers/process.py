"""What every process does first and last: settings, log, signals, the watch on its parent, the heartbeat."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType

import structlog

PARENT_FD = "SENET_PARENT_FD"
_GRACE_SECONDS = 20.0

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Process:
    """A started process: its name and the event that ends it."""

    name: str
    stop: threading.Event


def set_up(name: str) -> None:
    """Read the settings and configure the log."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "senet.config.settings")
    import django

    django.setup()
    from senet.config.environment import read_environment
    from senet.config.logs import configure_logging

    configure_logging(read_environment(), process=name)


def begin(name: str, *, pool_size: int = 0) -> Process:
    """Set up this process; its `stop` is set by SIGTERM, by SIGINT and by the end of the supervisor that started it."""
    if pool_size:
        os.environ.setdefault("SENET_DATABASE_POOL", str(pool_size))
    set_up(name)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _setter(stop))
    watch_parent(stop)
    return Process(name, stop)


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
