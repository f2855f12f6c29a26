"""A real shipper, killed again and again while rows come in: nothing is lost, nothing is there twice."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.support.processes import Installation, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]

_LOG = """
INSERT INTO interaction (type, at, contact_id, journey_id, tile, message_id, email_id, link, domain, verdict)
SELECT 'EmailClicked', now(), n, 1, 2, n, 1 + n %% 3, n %% 5, 'example.com', 'human' FROM generate_series(1, %s) AS n
"""
_ARRIVALS = """
INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, arrived_xid)
SELECT 1, 1, %s, n, now(), senet_xid() FROM generate_series(1, 500) AS n
"""
_DEPARTURES = """
UPDATE visit SET left_at = now(), outcome = 'processed', branch = 0, left_xid = senet_xid() WHERE tile = %s
"""


def _write(url: str, stop: threading.Event, written: list[int]) -> None:
    """Write to the log and the ledger in transactions of many sizes until told to stop."""
    chance = random.Random(7)
    with psycopg.connect(url, autocommit=True) as connection:
        tile = 0
        while not stop.is_set():
            size = chance.choice([1, 3, 50, 4_000])
            connection.execute(_LOG, [size])
            written[0] += size
            tile += 1
            connection.execute(_ARRIVALS, [tile])
            if tile > 3:
                connection.execute(_DEPARTURES, [tile - 3])
            time.sleep(0.02)


def test_a_shipper_that_is_killed_at_random_loses_and_doubles_nothing(
    tmp_path: Path, fresh_database: Callable[[], str]
) -> None:
    installation = Installation(tmp_path, url := fresh_database())
    chance, stop, written = random.Random(11), threading.Event(), [0]
    writer = threading.Thread(target=_write, args=[url, stop, written])

    def shipped() -> int:
        with psycopg.connect(url) as connection:
            row = connection.execute("SELECT rows_shipped FROM ship_offset WHERE stream = 'interaction'").fetchone()
        return int(row[0]) if row else 0

    writer.start()
    try:
        for _ in range(5):
            before = shipped()
            installation.start("shipper")
            wait_for(lambda before=before: shipped() > before, seconds=60, what=installation.log_of("shipper"))  # type: ignore[misc]
            time.sleep(chance.uniform(0, 0.4))
            installation.kill("shipper")
        stop.set()
        writer.join()
        installation.start("shipper")
        wait_for(lambda: shipped() == written[0], seconds=60, what=f"all {written[0]} rows are shipped")
    finally:
        stop.set()
        installation.stop()
    report = json.loads(installation.run("audit", "--json").stdout)
    checks = {check["name"]: check for check in report["checks"]}
    assert report["clean"], report
    assert checks["log has no doubles"]["checked"] == written[0]
