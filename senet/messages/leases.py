"""Who holds claimed messages: a row a sender process, whose lease covers everything it has claimed.

A sender that dies is found by its lease, or at once by another sender in the same process space, and its messages are
queued again.
"""

from __future__ import annotations

import os
import socket
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import psutil
import structlog
from django.db import transaction

import senet.messages
from senet.messages.prepared import end_if_asleep
from senet.shared.sql import execute, fetch_all

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=12)


@cache
def name_host() -> str:
    """Return a name of the space in which this process's number means something: host, boot and process namespace."""
    parts = [socket.gethostname(), str(int(psutil.boot_time()) // 60)]
    namespace = Path("/proc/self/ns/pid")
    if namespace.is_symlink():
        parts.append(str(namespace.readlink()))
    return " ".join(parts)


def register_sender(now: datetime) -> int:
    """Note that this process sends, and return the number that its claims carry."""
    parameters = {
        "host": name_host(),
        "pid": os.getpid(),
        "process_started": psutil.Process().create_time(),
        "now": now,
        "alive_until": now + LEASE,
    }
    return int(fetch_all(senet.messages, "register_sender", parameters)[0][0])


def renew_lease(sender: int, now: datetime) -> bool:
    """Keep a sender's claims for longer; False when it was taken for dead, and must send nothing it had claimed."""
    parameters = {"sender": sender, "now": now, "alive_until": now + LEASE}
    return execute(senet.messages, "renew_lease", parameters) == 1


def release_expired_claims(now: datetime) -> int:
    """Queue again what dead senders held; returns how many messages. Safe at any time, from any process."""
    return _release([sender for sender, pid, started in _list_here() if not _runs(pid, started)], now)


def end_sender(sender: int, now: datetime) -> int:
    """Give back whatever a sender still holds, at its clean end."""
    return _release([sender], now)


def _release(dead: list[int], now: datetime) -> int:
    with transaction.atomic():
        end_if_asleep()
        if not execute(senet.messages, "forget_senders", {"dead": dead, "now": now}):
            return 0
        count = execute(senet.messages, "release_claims", {"now": now})
    log.info("claims_released", count=count)
    return count


def _list_here() -> list[tuple[int, int, float]]:
    return [(row[0], row[1], row[2]) for row in fetch_all(senet.messages, "list_senders_here", {"host": name_host()})]


def _runs(pid: int, started: float) -> bool:
    try:
        process = psutil.Process(pid)
        return abs(process.create_time() - started) < 1 and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
