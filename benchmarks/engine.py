"""A whole journey on a virtual clock: audience → email → if/then → split → wait → activity, for everybody.

Beside it, in the same run: a bare INSERT … SELECT of the same ledger rows into tables of the same shape with the same
keys, and an engine that takes one person, one step and one transaction at a time, timed on a few hundred people. The
email goes to a sink: its messages are written, nobody sends them.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SIZE = 100_000
SAMPLE = 500  # people whom the row loop moves
OPENED_SHARE = 3  # one in three opens
TARGETS = {"engine_over_bare_insert": 4.0, "row_loop_over_engine": 30.0}
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
_PROCESSES = """
SELECT 'postgres: ' || CASE pid WHEN pg_backend_pid() THEN 'our backend' ELSE backend_type END, pid
FROM pg_stat_activity
WHERE pid = pg_backend_pid()
    OR backend_type IN ('checkpointer', 'background writer', 'walwriter', 'autovacuum launcher')
"""
_LEDGER = ("visit", "message", "activity", "interaction")


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:  # JSON
    """Return figures and ratios for `size` contacts (0: 100,000), and how the time grew from a tenth of them."""
    from benchmarks.engines import run_inside

    people = size or SIZE
    small = run_inside("benchmarks.engine", max(people // 10, SAMPLE), str(Path(options["data_dir"]) / "small"))
    figures = run_inside("benchmarks.engine", people, str(Path(options["data_dir"]) / "whole"))
    grown = (figures["engine_seconds"] / figures["contacts"]) / (small["engine_seconds"] / small["contacts"])
    figures["tenth"] = {name: small[name] for name in ("contacts", "engine_seconds", "visits_per_second")}
    figures["ratios"]["time_a_person_against_a_tenth"] = round(grown, 2)
    return figures


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    segment_id, unit_id = _fill(size)
    journey_id = _draw(segment_id, unit_id)
    phases = _run_journey(journey_id)
    engine_seconds = sum(phases.values())
    rows = {table: _scalar(f"SELECT count(*) FROM {table} WHERE journey_id = %s", journey_id) for table in _LEDGER}
    rows["interaction"] -= _scalar("SELECT count(*) FROM interaction WHERE type = 'EmailOpened'")
    bare_runs = [_time(_insert_bare) for _ in range(3)]
    bare_seconds = sorted(bare_runs)[1]
    sample = min(SAMPLE, size)
    loop_seconds = _time(lambda: _walk_by_rows(journey_id + 1, sample))
    idle_seconds = _measure_idle()
    finished = _scalar("SELECT count(*) FROM visit WHERE tile = 6 AND outcome = 'processed'")
    ratios = {
        "engine_over_bare_insert": engine_seconds / bare_seconds,
        "row_loop_over_engine": (loop_seconds / sample) / (engine_seconds / size),
    }
    return {
        "contacts": size,
        "finished": finished,
        "ledger_rows": rows,
        "engine_seconds": round(engine_seconds, 3),
        "phases": {name: round(seconds, 3) for name, seconds in phases.items()},
        "visits_per_second": round(rows["visit"] / engine_seconds),
        "bare_insert_seconds": round(bare_seconds, 3),
        "bare_insert_runs": [round(seconds, 3) for seconds in bare_runs],
        "row_loop_contacts": sample,
        "row_loop_seconds": round(loop_seconds, 3),
        "idle_tick_milliseconds": round(idle_seconds * 1000, 2),
        "peak_memory_mb": _measure_memory(),
        "ratios": {name: round(ratio, 2) for name, ratio in ratios.items()},
        "targets": TARGETS,
        "within_target": finished == size
        and ratios["engine_over_bare_insert"] <= TARGETS["engine_over_bare_insert"]
        and ratios["row_loop_over_engine"] >= TARGETS["row_loop_over_engine"],
    }


def _run_journey(journey_id: int) -> dict[str, float]:
    """Run the journey to its end and return the seconds of each phase."""
    from senet.journeys import actions

    actions.go_live(journey_id, now=START)
    phases = {"enrol_email_condition": _time(lambda: _tick_to_the_end(START))}
    _open_mails(journey_id)
    phases["opened_split_wait"] = _time(lambda: _tick_to_the_end(START + timedelta(days=1)))
    phases["timeout_split_wait"] = _time(lambda: _tick_to_the_end(START + timedelta(days=3)))
    phases["wait_activity"] = _time(lambda: _tick_to_the_end(START + timedelta(days=5)))
    return phases


def _tick_to_the_end(now: datetime) -> None:
    """Do what a worker's loops do until nobody can move: tick for two seconds, keep the summaries, tick again."""
    from senet.interactions.summaries import Summaries
    from senet.journeys.engine import tick

    summaries = Summaries()
    busy = True
    while busy:
        summaries.refresh()
        report = tick(now, seconds=2.0)
        busy = bool(report.moved) or report.seconds >= 2.0


def _draw(segment_id: int, unit_id: int) -> int:
    from senet.accounts.values import Author
    from senet.journeys import actions

    tiles = [
        {"id": 1, "kind": "audience", "sources": [{"kind": "segment", "id": segment_id}], "next": 2},
        {"id": 2, "kind": "email", "email_id": _make_email(unit_id), "next": 3},
        {
            "id": 3,
            "kind": "if_then",
            "rules": [{"source": 2, "condition": "opened"}],
            "timeout": {"amount": 3, "unit": "days"},
            "yes": 4,
            "no": 4,
        },
        {
            "id": 4,
            "kind": "split",
            "branches": [{"amount": 10, "next": 5}, {"amount": 20, "next": 5}, {"amount": None, "next": 5}],
        },
        {"id": 5, "kind": "wait_for", "duration": {"amount": 2, "unit": "days"}, "next": 6},
        {"id": 6, "kind": "task", "subject": "Call"},
    ]
    author = Author(_make_user(unit_id), unit_id)
    return actions.create_journey(
        author=author,
        now=START,
        name="Benchmark",
        definition={"tiles": tiles},
        start_at=START,
        content_settings_id=_make_settings(unit_id),
    )


def _measure_memory() -> dict[str, int]:
    """Return the most memory that each process has had: ours, our backend's and those of PostgreSQL's own processes.

    Theirs hold the shared buffers, each those that it has touched. Linux says it; elsewhere only ours is known.
    """
    peaks = {"engine": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)}
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(_PROCESSES)
        for name, pid in cursor.fetchall():
            status = Path(f"/proc/{pid}/status")
            if status.exists():
                peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
                peaks[name] = round(int(peak.split()[1]) / 1024)
    return peaks


def _make_user(unit_id: int) -> int:
    from senet.accounts.models import User

    return User.objects.create(email="bench@example.com", business_unit_id=unit_id).pk


def _make_settings(unit_id: int) -> int:
    from senet.content.models import ContentSettings

    return ContentSettings.objects.create(name="Benchmark", status="live", business_unit_id=unit_id).pk


def _make_email(unit_id: int) -> int:
    from senet.content.models import Email, EmailVersion

    email = Email.objects.create(name="Benchmark", status="live", business_unit_id=unit_id)
    compiled = {"legal_designation": "commercial"}
    version = EmailVersion.objects.create(email=email, number=1, compiled=compiled, source={}, published_at=START)
    Email.objects.filter(pk=email.pk).update(live_version_id=version.pk)
    return email.pk


def _fill(size: int) -> tuple[int, int]:
    """Contacts, and a segment that all of them are in."""
    from senet.accounts.actions import ensure_main_unit
    from senet.audiences.models import Segment

    unit_id = ensure_main_unit()
    segment_id = Segment.objects.create(name="Everybody", kind="static", status="live", business_unit_id=unit_id).pk
    _execute(
        "INSERT INTO contact (first_name, last_name, email, country, custom, business_unit_id)"
        " SELECT 'First' || n, 'Last' || n, 'p' || n || '@example.com', 'DE', '{}', %s"
        " FROM generate_series(1, %s) AS n",
        unit_id,
        size,
    )
    _execute("INSERT INTO segment_member SELECT %s, id, now() FROM contact", segment_id)
    _execute(
        "INSERT INTO membership_change (kind, audience_id, contact_id, change, at)"
        " SELECT 'segment', %s, id, 1, now() FROM contact",
        segment_id,
    )
    _execute("VACUUM ANALYZE contact, segment_member")
    _execute("UPDATE engine_position SET xid = senet_horizon()")
    return segment_id, unit_id


def _open_mails(journey_id: int) -> None:
    _execute(
        "INSERT INTO interaction (type, at, recorded_at, contact_id, journey_id, iteration, tile, message_id)"
        " SELECT 'EmailOpened', %s, now(), contact_id, journey_id, iteration, tile, id FROM message"
        " WHERE journey_id = %s AND contact_id %% %s = 0",
        START + timedelta(hours=5),
        journey_id,
        OPENED_SHARE,
    )


def _insert_bare() -> None:
    """Write the same rows once more, into tables of the same shape with the same keys and indexes."""
    for table in ("visit", "message", "activity"):
        _execute(f"DROP TABLE IF EXISTS bare_{table}")
        _execute(f"CREATE TABLE bare_{table} (LIKE {table} INCLUDING ALL)")
        _execute(f"INSERT INTO bare_{table} OVERRIDING SYSTEM VALUE SELECT * FROM {table}")


def _walk_by_rows(journey_id: int, people: int) -> None:
    """Move people one at a time: for each step one transaction that ends a visit and begins the next."""
    from django.db import connection, transaction

    with connection.cursor() as cursor:
        cursor.execute("SELECT id, email FROM contact ORDER BY id LIMIT %s", [people])
        for contact_id, address in cursor.fetchall():
            for tile in range(1, 7):
                with transaction.atomic():
                    _take_step(cursor, (journey_id, contact_id, tile), address)


def _take_step(cursor: Any, where: tuple[int, int, int], address: str) -> None:  # Django's cursor
    journey_id, contact_id, tile = where
    before = [journey_id, tile - 1, contact_id]
    standing = "journey_id = %s AND iteration = 1 AND tile = %s AND contact_id = %s AND left_at IS NULL"
    cursor.execute("SELECT active, consent_level FROM contact WHERE id = %s", [contact_id])
    cursor.fetchone()
    cursor.execute(f"SELECT tile FROM visit WHERE {standing} FOR UPDATE", before)
    cursor.fetchone()
    cursor.execute(
        f"UPDATE visit SET left_at = now(), outcome = 'processed', branch = 0, left_xid = senet_xid() WHERE {standing}",
        before,
    )
    cursor.execute(
        "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, arrived_xid)"
        " VALUES (%s, 1, %s, %s, now(), senet_xid())",
        [journey_id, tile, contact_id],
    )
    if tile == 2:
        cursor.execute(
            "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, address,"
            " address_key, domain, state, queued_at)"
            " VALUES (%s, 1, 2, %s, 1, 1, %s, %s, 'example.com', 'queued', now()) RETURNING id",
            [journey_id, contact_id, address, address],
        )
        cursor.execute("INSERT INTO message_queue (message_id, due_at) VALUES (%s, now())", [cursor.fetchone()[0]])
    if tile == 6:
        cursor.execute(
            "INSERT INTO activity (iteration, tile, contact_id, subject, description, created_at)"
            " VALUES (1, 6, %s, 'Call', '', now())",
            [contact_id],
        )


def _measure_idle() -> float:
    from senet.journeys.engine import tick

    now = START + timedelta(days=6)
    tick(now)
    return min(_time(lambda: tick(now)) for _ in range(20))


def _execute(statement: str, *parameters: int | str | datetime) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters) or None)


def _scalar(statement: str, *parameters: int | str | datetime) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, list(parameters) or None)
        return int(cursor.fetchone()[0])


def _time(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
