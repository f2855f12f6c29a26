"""`senet sender`: takes queued messages, renders them and hands them to the SMTP server or provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from senet.delivery.sender import SenderStatus, run_sender
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Pulse
from senet.workers.process import begin, wait_for


def run() -> None:
    """Send until told to stop."""
    stop = begin()
    status = SenderStatus()
    heartbeat = start_heartbeat([Pulse("sender", tell=lambda: _tell(status))], stop)
    try:
        run_sender(stop, status)
    finally:
        stop.set()
        wait_for([heartbeat], seconds=5)


def _tell(status: SenderStatus) -> Mapping[str, object]:
    told = asdict(status)
    return {**told, "error": told.pop("trouble")}
