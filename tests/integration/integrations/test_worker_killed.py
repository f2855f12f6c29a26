"""Worker processes that are killed for real: no call is lost, and only those under way are made twice."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from senet.integrations.caller import Places
from tests.support.processes import Installation, wait_for
from tests.support.webhooks import Reply, WebhookServer, webhook_server

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]
COUNT = 400
KILLS = 4


def _queue(installation: Installation, url: str) -> None:
    code = (
        "import django; django.setup();"
        "from tests.support.people import make_contacts; from tests.support.webhooks import launch, make_workflow;"
        "from senet.shared.clock import utc_now;"
        f"launch(make_contacts({COUNT}), workflow=make_workflow({url!r})[0], now=utc_now())"
    )
    environment = {**installation.environment, "DJANGO_SETTINGS_MODULE": "senet.config.settings"}
    subprocess.run([sys.executable, "-c", code], env=environment, check=True, timeout=60)


def _count(url: str, where: str) -> int:
    with psycopg.connect(url) as db:
        row = db.execute(f"SELECT count(*) FROM workflow_call WHERE {where}").fetchone()
        assert row is not None
        return int(row[0])


def _more_than(server: WebhookServer, before: int) -> Callable[[], bool]:
    return lambda: len(server.received) > before


def _end_leases(url: str) -> None:
    """Let the time pass after which a dead worker's calls are due again."""
    with psycopg.connect(url) as db:
        db.execute("UPDATE workflow_call SET due_at = now() WHERE claim IS NOT NULL AND state = 'queued'")


def test_killed_workers_lose_no_call_and_repeat_only_what_was_under_way(
    fresh_database: Callable[[], str], tmp_path: Path
) -> None:
    url = fresh_database()
    installation = Installation(tmp_path, url, {"SENET_WEBHOOK_NETWORKS": "127.0.0.0/8"})
    dice = random.Random(7)
    with webhook_server(Reply(seconds=0.1)) as server:
        _queue(installation, server.url)
        try:
            for kill in range(1, KILLS + 1):
                before = len(server.received)
                installation.start("worker", "worker")
                wait_for(_more_than(server, before), seconds=40, what="calls are made")
                time.sleep(dice.uniform(0, 0.5))
                installation.kill("worker")
                assert _count(url, "state = 'queued'"), f"the kill number {kill} came in the middle"
                _end_leases(url)
            installation.start("worker", "worker")
            wait_for(
                lambda: _count(url, "state = 'queued'") == 0,
                seconds=60,
                what="all calls are made: " + installation.log_of("worker"),
            )
        finally:
            installation.stop()
    assert _count(url, "state = 'done'") == COUNT
    made = Counter(server.keys)
    assert len(made) == COUNT, "nobody is missing"
    assert 0 < sum(made.values()) - COUNT <= KILLS * Places().one_workflow
