"""The tasks of an older Senet are activities of this one, with all they had, and the way back is open."""

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
    INSERT INTO business_unit (id, name) VALUES (5, 'North');
    INSERT INTO journey (id, name, description, status, definition, time_zone, target, scope, minimum_consent,
                         is_recurring, refuse_large_emails, reconsider, business_unit_id, created_at, updated_at)
    VALUES (3, 'A', '', 'draft', '{}', 'UTC', 'contact', 'organization', 0, false, false, false, 5, now(), now());
    INSERT INTO task (journey_id, iteration, tile, contact_id, subject, description, due_at, created_at)
    SELECT CASE WHEN n < 3 THEN 3 END, 1, 2, n, 'Call', 'Ask', '2026-03-02 09:00+00', '2026-03-01 09:00+00'
    FROM generate_series(1, 3) AS n
"""
_KEPT = (
    "SELECT id, journey_id, iteration, tile, contact_id, subject, description, due_at, created_at FROM {} ORDER BY id"
)


def _migrate(installation: Installation, to: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "journeys", to],
        env={**installation.environment, "DJANGO_SETTINGS_MODULE": "senet.config.settings"},
        check=True,
        capture_output=True,
        timeout=120,
    )


def test_tasks_become_activities_and_go_back(fresh_database: Callable[[], str], tmp_path: Path) -> None:
    installation = Installation(tmp_path, fresh_database())
    _migrate(installation, "0007")
    with psycopg.connect(installation.database_url, autocommit=True) as database:
        database.execute(_OLD)
        before = database.execute(_KEPT.format("task")).fetchall()
        _migrate(installation, "0009")
        assert database.execute(_KEPT.format("activity")).fetchall() == before
        facts = database.execute(
            "SELECT contact_id, kind, priority, business_unit_id FROM activity ORDER BY 1"
        ).fetchall()
        assert facts == [(1, "task", "normal", 5), (2, "task", "normal", 5), (3, "task", "normal", None)]
        insert = "INSERT INTO activity ({}, journey_id, iteration, tile, subject, description, created_at)"
        for column in ("contact_id", "company_id"):
            once = f"{insert.format(column)} VALUES (9, 3, 1, 2, 'A', '', now())"
            database.execute(once)
            with pytest.raises(psycopg.errors.UniqueViolation):
                database.execute(once)
        _migrate(installation, "0007")
        assert len(database.execute(_KEPT.format("task")).fetchall()) == len(before) + 1
    _migrate(installation, "0009")
