"""`senet bounces`: takes the mails that come back, from a listener of its own, a mailbox, or both."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from senet.delivery.returns.imap import poll_mailbox, read_mailbox_url
from senet.delivery.returns.listener import Listener, read_listen_url
from senet.delivery.returns.receiving import forget_returned
from senet.shared.errors import InvalidInput
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Loop, run_in_threads
from senet.workers.process import begin, wait_for

_POLL_SECONDS = 15.0
_FORGET_SECONDS = 3600.0


def run() -> None:
    """Take returned mails until told to stop."""
    if not settings.BOUNCE_LISTEN and not settings.BOUNCE_IMAP:
        raise InvalidInput("Set SENET_BOUNCE_LISTEN, SENET_BOUNCE_IMAP or both: there is nowhere to take mails from.")
    stop = begin()
    loops = make_loops(stop)
    heartbeat = start_heartbeat([loop.pulse for loop in loops], stop)
    threads = run_in_threads(loops, stop)
    stop.wait()
    wait_for([*threads, heartbeat], seconds=10)


def make_loops(stop: threading.Event) -> list[Loop]:
    """Return what it does again and again, by the settings."""
    loops = [Loop("returned mails", _forget, pause_seconds=_FORGET_SECONDS)]
    if settings.BOUNCE_LISTEN:
        listener = Listener(read_listen_url(settings.BOUNCE_LISTEN))

        def serve(_now: datetime) -> int:
            listener.run(stop.is_set)
            return 0

        loop = Loop("bounces", serve, pause_seconds=1.0)
        loop.pulse.tell = lambda: _tell(listener)
        loops.append(loop)
    if settings.BOUNCE_IMAP:
        mailbox = read_mailbox_url(settings.BOUNCE_IMAP)
        loops.append(Loop("bounce mailbox", lambda now: poll_mailbox(mailbox, now), pause_seconds=_POLL_SECONDS))
    return loops


def _forget(now: datetime) -> int:
    forget_returned(now)
    return 0


def _tell(listener: Listener) -> Mapping[str, object]:
    return {"port": listener.port, "protocol": listener.listening.protocol}
