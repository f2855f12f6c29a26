"""What waits in the outbox of an older Senet waits in the queue of this one, and the way back is open."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from tests.support.processes import Installation

pytestmark = pytest.mark.processes

_OLD = """
    INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, queued_at, address,
                         address_key, domain, state, due_at, claim, reason)
    SELECT 1, 1, 1, n, 1, 1, timestamptz '2026-03-01', 'P' || n || '@example.com', 'p' || n % 5 || '@example.com', 'example.com',
           (ARRAY['queued', 'sending', 'delivered', 'soft_bounced', 'failed'])[n], CASE WHEN n = 1 THEN
           timestamptz '2026-03-02 09:00+00' END, CASE WHEN n = 2 THEN 7 END, NULL
    FROM generate_series(1, 5) AS n
    UNION ALL
    SELECT 1, 1, 1, 6, 1, 1, timestamptz '2026-03-01', 'P6@example.com', 'p1@example.com', 'example.com', 'blocked', NULL, NULL,
           'EmailBlockedDuplicateAddress'
"""
_OLD_STATES = "SELECT contact_id, state, claim, due_at IS NULL FROM message ORDER BY contact_id"


def _migrate(installation: Installation, to: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "messages", to],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "senet.config.settings"},
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_what_waits_moves_into_the_queue_and_back(fresh_database: Callable[[], str], tmp_path: Path) -> None:
    installation = Installation(tmp_path, fresh_database())
    _migrate(installation, "0001")
    with psycopg.connect(installation.database_url, autocommit=True) as database:
        database.execute(_OLD)
        before = database.execute(_OLD_STATES).fetchall()
        _migrate(installation, "0002")
        queue = database.execute(
            "SELECT contact_id, claim, due_at = '2026-03-02 09:00+00' FROM message_queue JOIN message"
            " ON id = message_id ORDER BY 1"
        ).fetchall()
        assert queue == [(1, None, True), (2, 7, False)]
        states = [state for (state,) in database.execute("SELECT state FROM message ORDER BY contact_id").fetchall()]
        assert states == ["queued", "queued", "delivered", "soft_bounced", "failed", "blocked"]
        _migrate(installation, "0001")
        again = database.execute(_OLD_STATES).fetchall()
    assert [row[:3] for row in again] == [row[:3] for row in before]
    _migrate(installation, "0002")
