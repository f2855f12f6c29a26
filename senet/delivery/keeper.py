"""Renews a sender's lease, and frees what dead senders held."""

from __future__ import annotations

import threading
import time

from django.db import DatabaseError, InterfaceError, connection

from senet.delivery.background import Background
from senet.messages.leases import LEASE, end_sender, register_sender, release_expired_claims, renew_lease
from senet.shared.clock import utc_now

_PAUSE_SECONDS = 2.0
_MARGIN_SECONDS = 3.0


class Keeper:
    """Holds the lease. While `is_valid`, what was claimed under `sender` is ours to send."""

    def __init__(self) -> None:
        release_expired_claims(utc_now())
        self._renewed_at = time.monotonic()
        self.sender = register_sender(utc_now())
        self.is_lost = False
        self._stop = threading.Event()
        self._background = Background("keeper", self._step)

    @property
    def is_valid(self) -> bool:
        """Say whether nobody else can have taken our messages."""
        age = time.monotonic() - self._renewed_at
        return not self.is_lost and age < LEASE.total_seconds() - _MARGIN_SECONDS

    def start(self) -> None:
        """Start renewing."""
        self._background.start()

    def stop(self, *, seconds: float) -> None:
        """Renew no more, and give back what is still held."""
        self._stop.set()
        if self._background.end(seconds=seconds):
            self._give_back()

    def _give_back(self) -> None:
        try:
            end_sender(self.sender, utc_now())
        except (DatabaseError, InterfaceError):
            connection.close()  # it broke while nobody used it; else others would wait until the lease is over
            end_sender(self.sender, utc_now())

    def _step(self) -> bool:
        before = time.monotonic()
        if renew_lease(self.sender, utc_now()):
            self._renewed_at = before
        else:
            self.is_lost = True
            return False
        release_expired_claims(utc_now())
        return not self._stop.wait(_PAUSE_SECONDS)
