"""`senet sender`: takes queued messages, renders them and hands them to the SMTP server or provider."""

from __future__ import annotations

from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Pulse
from senet.workers.process import begin, wait_for


def run() -> None:
    """Send until told to stop."""
    process = begin("sender")
    from senet.delivery.sender import run_sender

    heartbeat = start_heartbeat([Pulse("sender")], process.stop)
    try:
        run_sender(process.stop)
    finally:
        process.stop.set()
        wait_for([heartbeat], seconds=5)
