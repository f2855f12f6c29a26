"""`senet mailbox`: the demo's SMTP server with its page, and the audience that reads what arrives there."""

from __future__ import annotations

from senet.demo.mailbox import run_mailbox
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Pulse
from senet.workers.process import begin, wait_for


def run() -> None:
    """Take mail and play the audience until told to stop."""
    stop = begin()
    heartbeat = start_heartbeat([Pulse("mailbox")], stop)
    try:
        run_mailbox(stop)
    finally:
        stop.set()
        wait_for([heartbeat], seconds=5)
