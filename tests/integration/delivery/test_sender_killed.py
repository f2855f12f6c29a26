"""Senders that are killed for real: nothing is lost, and no more is sent twice than was under way."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from senet.delivery.sender import WINDOW
from tests.support.processes import Installation, wait_for

COUNT = 6000
KILLS = 6


def _queue(installation: Installation, people: int = COUNT, mails: int = 1) -> None:
    """Give people so many mails each."""
    code = (
        "import django; django.setup();"
        "from tests.support.messages import enqueue, make_version; from tests.support.people import make_contacts;"
        "from senet.shared.clock import utc_now;"
        f"people, version = make_contacts({people}), make_version();"
        f"[enqueue(people, version_id=version, tile=2 + n, now=utc_now()) for n in range({mails})]"
    )
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "senet.config.settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


def _hold_back(url: str) -> None:
    """Make nothing due, so that there is something to send before each kill, however fast senders are."""
    with psycopg.connect(url) as db:
        db.execute("UPDATE message_queue SET due_at = 'infinity'")


def _let_go(url: str, count: int) -> None:
    with psycopg.connect(url) as db:
        db.execute(
            "UPDATE message_queue SET due_at = now() WHERE message_id IN"
            " (SELECT message_id FROM message_queue WHERE due_at = 'infinity' ORDER BY message_id LIMIT %s)",
            [count],
        )


def _count(url: str, where: str) -> int:
    with psycopg.connect(url) as db:
        row = db.execute(f"SELECT count(*) FROM message WHERE {where}").fetchone()
        assert row is not None
        return int(row[0])


def _more_than(url: str, delivered: int) -> Callable[[], bool]:
    return lambda: _count(url, "state = 'delivered'") > delivered


@pytest.mark.processes
def test_killed_senders_lose_nothing_and_repeat_only_what_was_under_way(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    url = fresh_database()
    installation = Installation(tmp_path, url)
    dice = random.Random(7)
    try:
        installation.start_sink()
        _queue(installation)
        _hold_back(url)
        names = ["sender-1", "sender-2"]
        for name in names:
            installation.start(name, "sender")
        for _ in range(KILLS):
            sent = _count(url, "state = 'delivered'")
            _let_go(url, COUNT // KILLS)
            wait_for(_more_than(url, sent), seconds=30, what="mails go out")
            time.sleep(dice.uniform(0, 0.15))
            name = dice.choice(names)
            installation.kill(name)
            installation.start(name, "sender")
        wait_for(lambda: _count(url, "state = 'queued'") == 0, seconds=90, what=installation.log_of("sender-1"))
    finally:
        installation.stop()
    received = Counter(line.split("\t")[0] for line in installation.record.read_text().splitlines())
    assert len(received) == COUNT, "nobody is missing"
    assert sum(received.values()) - COUNT <= KILLS * WINDOW
    assert _count(url, "state = 'delivered'") == COUNT
    with psycopg.connect(url) as db:
        rows = db.execute("SELECT type, count(*), count(DISTINCT message_id) FROM interaction GROUP BY type").fetchall()
    assert sorted(rows) == [("EmailDelivered", COUNT, COUNT), ("EmailSent", COUNT, COUNT)]


@pytest.mark.processes
def test_the_work_of_a_dead_sender_goes_on_within_seconds_and_one_that_slept_sends_nothing_more(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    url = fresh_database()
    installation = Installation(tmp_path, url)
    try:
        installation.start_sink()
        _queue(installation)
        sleeper = installation.start("sender-1", "sender")
        wait_for(lambda: _count(url, "state = 'delivered'") > 100, seconds=30, what="mails go out")
        sleeper.send_signal(signal.SIGSTOP)
        installation.start("sender-2", "sender")
        wait_for(lambda: _count(url, "state = 'queued'") == 0, seconds=60, what="the other one takes over")
        sleeper.send_signal(signal.SIGCONT)
        time.sleep(3)
        assert sleeper.poll() is None, "it goes on under a new lease"
    finally:
        installation.stop()
    received = Counter(line.split("\t")[0] for line in installation.record.read_text().splitlines())
    assert len(received) == COUNT
    assert sum(received.values()) - COUNT <= WINDOW


@pytest.mark.processes
def test_killed_senders_never_exceed_the_frequency_cap(fresh_database: Callable[[], str], tmp_path: Path) -> None:
    url = fresh_database()
    installation = Installation(tmp_path, url)
    dice = random.Random(11)
    people, cap = 800, 2
    try:
        installation.start_sink()
        _queue(installation, people, mails=5)
        _hold_back(url)
        with psycopg.connect(url) as db:
            db.execute(
                "INSERT INTO sending_limit (per_day, delays, longest_delay_hours, time_zone, updated_at)"
                " VALUES (%s, true, 72, 'UTC', now())",
                [cap],
            )
        names = ["sender-1", "sender-2"]
        for name in names:
            installation.start(name, "sender")
        for _ in range(KILLS):
            sent = _count(url, "state = 'delivered'")
            _let_go(url, people)
            if sent < people * cap:
                wait_for(_more_than(url, sent), seconds=30, what="mails go out")
            time.sleep(dice.uniform(0, 0.15))
            name = dice.choice(names)
            installation.kill(name)
            installation.start(name, "sender")
        wait_for(lambda: _count_due(url) == 0, seconds=90, what=installation.log_of("sender-1"))
    finally:
        installation.stop()
    with psycopg.connect(url) as db:
        rows = db.execute("SELECT count(*) FROM message WHERE state = 'delivered' GROUP BY contact_id").fetchall()
    assert Counter(count for (count,) in rows) == {cap: people}
    received = Counter(tuple(line.split("\t")) for line in installation.record.read_text().splitlines())
    assert Counter(Counter(address for address, _ in received).values()) == {cap: people}, "different mails a person"
    assert sum(received.values()) - people * cap <= KILLS * WINDOW, "the same mail again, if it was under way"


def _count_due(url: str) -> int:
    with psycopg.connect(url) as db:
        row = db.execute("SELECT count(*) FROM message_queue WHERE due_at <= now()").fetchone()
        assert row is not None
        return int(row[0])
