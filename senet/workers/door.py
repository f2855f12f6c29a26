"""`senet door`: the public side, on a port of its own."""

from __future__ import annotations

import structlog
from django.conf import settings

from senet.door.server import serve
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Pulse
from senet.workers.process import begin, wait_for

log = structlog.get_logger(__name__)


def run() -> None:
    """Answer the public until told to stop."""
    stop = begin()
    heartbeat = start_heartbeat([Pulse("door")], stop)
    log.info("listening", url=settings.DOOR_URL)
    try:
        serve(stop)
    finally:
        stop.set()
        wait_for([heartbeat], seconds=5)
