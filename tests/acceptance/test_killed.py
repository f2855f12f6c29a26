"""Worker and senders are killed at random while 20,000 people pass the demo's journey; the ledger stays exact."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from senet.delivery.sender import WINDOW
from tests.support.processes import Installation, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

PEOPLE = 20_000
OPENERS = 400


@pytest.fixture
def house(tmp_path: Path, fresh_database: Callable[[], str]) -> Iterator[Installation]:
    tmp_path.chmod(0o755)
    installation = Installation(tmp_path, fresh_database())
    yield installation
    installation.stop()


def crowd(house: Installation, *arguments: str) -> Any:
    """Run tests.support.crowd in the installation and return what it says."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.crowd", *arguments],
        env=house.environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


def count(connection: psycopg.Connection[Any], query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None
    return int(row[0])


class Killer:
    """Kills one of its processes after random pauses and starts it again."""

    def __init__(self, house: Installation, names: dict[str, str], seed: int) -> None:
        self.house, self.names, self.random = house, names, random.Random(seed)
        self.kills: Counter[str] = Counter()
        for name, command in names.items():
            house.start(name, command)

    def kill_until(self, done: Callable[[], bool], *, seconds: float) -> None:
        """Go on killing until something holds."""
        deadline = time.monotonic() + seconds
        while not done():
            assert time.monotonic() < deadline, {name: self.house.log_of(name) for name in self.names}
            time.sleep(self.random.uniform(1.0, 3.0))  # long enough to start up and get something done
            name = self.random.choice(list(self.names))
            self.house.kill(name)
            self.kills[name] += 1
            self.house.start(name, self.names[name])


def test_kills_lose_nobody_and_repeat_only_what_was_in_flight(house: Installation) -> None:
    journey = crowd(house, str(PEOPLE))
    house.start_sink()
    house.start("door")
    killer = Killer(house, {"worker": "worker", "sender 1": "sender", "sender 2": "sender"}, seed=7)
    with psycopg.connect(house.database_url, autocommit=True) as database:

        def sent(tile: int) -> int:
            return count(database, f"SELECT count(*) FROM message WHERE tile = {tile} AND state = 'delivered'")

        killer.kill_until(lambda: sent(2) == PEOPLE, seconds=150)
        beacons = wait_for(lambda: crowd(house, "urls", str(OPENERS)), seconds=30, what="there are beacons")
        with httpx.Client(trust_env=False, headers={"User-Agent": "Mozilla/5.0 Firefox/140.0"}) as people:
            wait_for(lambda: people.get(f"{house.door_url}/healthz"), seconds=20, what="the door answers")
            assert all(people.get(beacon).status_code == 200 for beacon in beacons)

        def opened() -> bool:
            return count(database, "SELECT count(*) FROM visit WHERE tile = 4") == OPENERS

        killer.kill_until(opened, seconds=60)
        let_time_pass(database)
        killer.kill_until(lambda: sent(7) == PEOPLE - OPENERS and sent(5) == OPENERS, seconds=150)
        let_time_pass(database)
        standing = "SELECT count(*) FROM visit WHERE left_at IS NULL"
        wait_for(lambda: count(database, standing) == 0, seconds=60, what="nobody stands any more")
        assert_everybody_was_everywhere(database)
    house.stop()

    received = Counter(word for word in house.record.read_text().split() if word.endswith("@example.org"))
    print(f"kills: {dict(killer.kills)}; mails: {sum(received.values())}; journey {journey}")  # noqa: T201
    once = {f"pat{n}@example.org" for n in range(1, PEOPLE + 1)}
    assert set(received) == once
    assert min(received.values()) >= 2, "each got the welcome, and the first trip or the reminder"
    repeated = sum(received.values()) - 2 * PEOPLE
    assert 0 <= repeated <= WINDOW * (killer.kills["sender 1"] + killer.kills["sender 2"])
    assert sum(killer.kills.values()) >= 6, "the kills must have happened while there was work"
    report = json.loads(house.run("audit", "--json").stdout)
    assert report["clean"], report


def let_time_pass(database: psycopg.Connection[Any]) -> None:
    """Make everybody who waits due, as if the minutes had gone by."""
    database.execute("UPDATE visit SET due_at = now() WHERE left_at IS NULL AND due_at IS NOT NULL")


def assert_everybody_was_everywhere(database: psycopg.Connection[Any]) -> None:
    """Check the ledger: one visit a tile for everybody, and nobody went a way that is not theirs."""
    rows = database.execute("SELECT tile, count(*), count(DISTINCT contact_id) FROM visit GROUP BY tile").fetchall()
    visits = {tile: people for tile, people, _ in rows}
    assert all(people == distinct for _, people, distinct in rows)
    assert (visits[1], visits[2], visits[3]) == (PEOPLE, PEOPLE, PEOPLE)
    assert (visits[4], visits[5], visits[6]) == (OPENERS, OPENERS, OPENERS)
    assert (visits[7], visits[8]) == (PEOPLE - OPENERS, PEOPLE - OPENERS)
    assert visits[9] == (PEOPLE - OPENERS) // 5
    assert count(database, "SELECT count(*) FROM activity") == visits[9]
