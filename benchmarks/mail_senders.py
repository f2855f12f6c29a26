"""Runs `senet sender` processes on a full outbox: in peace, killed again and again, and with a long queue behind."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from benchmarks.mail_clients import Target

Figures = dict[str, Any]


def _start_sender(target: Target) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "SENET_SMTP_URL": target.url}
    return subprocess.Popen([sys.executable, "-m", "senet", "sender"], env=environment, start_new_session=True)


def _stop(senders: list[subprocess.Popen[bytes]]) -> None:
    for sender in senders:
        sender.send_signal(signal.SIGTERM)
    for sender in senders:
        sender.wait(30)


def _ask(sql: str) -> Any:  # one value of any kind
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


def count_left() -> int:
    """Return how many messages wait."""
    return int(_ask("SELECT count(*) FROM message_queue"))


def _memory(senders: list[subprocess.Popen[bytes]]) -> float:
    return sum(psutil.Process(sender.pid).memory_info().rss for sender in senders) / 2**20


def run_senders(target: Target, size: int, count: int) -> Figures:
    """Send everything with so many processes, and return the rate, the processors' time and memory."""
    senders = [_start_sender(target) for _ in range(count)]
    memory: list[float] = []
    while (left := count_left()) > 0:
        if left < size * 0.9:
            memory.append(_memory(senders))
        time.sleep(0.5)
    processor = sum(sum(psutil.Process(sender.pid).cpu_times()[:2]) for sender in senders)
    _stop(senders)
    seconds = float(_ask("SELECT extract(epoch FROM max(sent_at) - min(sent_at)) FROM message"))
    delivered = int(_ask("SELECT count(*) FROM message WHERE state = 'delivered'"))
    assert delivered == size, f"{delivered} of {size} were delivered"
    early = sum(memory[:3]) / max(len(memory[:3]), 1)
    late = sum(memory[-3:]) / max(len(memory[-3:]), 1)
    return {
        "per_second": round(size / max(seconds, 0.001)),
        "sender_microseconds": round(processor / size * 1e6),
        "memory_mb": round(max(memory, default=0.0), 1),
        "memory_growth": round(late / early - 1, 3) if early else 0.0,
    }


def run_killed(target: Target, record: Path, size: int, count: int) -> Figures:
    """Kill a sender about every second, which is as long as one needs to start, until everything is sent."""
    from senet.delivery.sender import WINDOW

    kills, dice = 0, random.Random(20260301)
    senders = [_start_sender(target) for _ in range(count)]
    while count_left() == size:
        time.sleep(0.05)
    while count_left() > 0:
        time.sleep(dice.uniform(0.3, 1.5))
        victim = dice.randrange(count)
        if count_left() > 0:
            senders[victim].kill()
            senders[victim].wait()
            senders[victim] = _start_sender(target)
            kills += 1
    _stop(senders)
    received = Counter(record.read_text().splitlines())
    return {
        "kills": kills,
        "lost": size - len(received),
        "sent_twice": sum(received.values()) - len(received),
        "may_be_sent_twice": kills * WINDOW,
        "not_delivered": size - int(_ask("SELECT count(*) FROM message WHERE state = 'delivered'")),
    }


def run_part(target: Target, queued: int, wanted: int, count: int) -> Figures:
    """Send a part of a long queue, and return the most memory that each process had."""
    senders = [_start_sender(target) for _ in range(count)]
    backends = 0.0
    while count_left() > queued - wanted:
        backends = max(backends, _measure_backends())
        time.sleep(0.2)
    backends = max(backends, _measure_backends())
    peaks = [_read_peak(sender.pid) for sender in senders]
    _stop(senders)
    left = count_left()
    done = int(_ask("SELECT count(*) FROM message WHERE state = 'delivered'"))
    assert done + left == queued, f"{done} delivered and {left} waiting of {queued}"
    return {
        "queued": queued,
        "sent": done,
        **{f"sender_{number}_peak_mb": peak for number, peak in enumerate(sorted(peaks), 1)},
        "database_backends_peak_mb": round(backends, 1),
    }


def _read_peak(pid: int) -> float:
    """Return the most memory that a process ever had, in MiB (VmHWM)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return round(int(status.partition("VmHWM:")[2].split()[0]) / 1024, 1)


def _measure_backends() -> float:
    """Return what PostgreSQL's processes for the senders hold for themselves, in MiB; 0 where they run elsewhere."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        pids = [pid for (pid,) in cursor.fetchall()]
    found = 0
    for pid in pids:
        with suppress(psutil.Error):
            found += psutil.Process(pid).memory_full_info().uss
    return found / 2**20
