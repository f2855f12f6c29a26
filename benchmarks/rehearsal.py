"""A rehearsal of a sixty-day journey: eight emails on several ways, with opens, clicks and unsubscribes, for everybody.

The target is a minute for 100,000 people on two cores. Beside it: how many ledger rows that is, and what the time is
spent on.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from typing import Any

SIZE = 100_000
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TARGETS = {"seconds_for_100000_people": 60.0}
Json = dict[str, Any]


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:  # JSON
    """Return figures for an audience of `size` (0: 100,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.rehearsal", size or SIZE, options["data_dir"])


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from benchmarks.engine import _fill
    from senet.rehearsals.actions import run_rehearsal, start_rehearsal
    from senet.rehearsals.values import RehearsalOptions, RehearsalReport

    segment_id, unit_id = _fill(size)
    journey_id = _draw(segment_id, unit_id)
    rehearsal_id = start_rehearsal(journey_id, RehearsalOptions(people=max(size, 1), start_at=START, seconds=900))
    started = time.perf_counter()
    done = run_rehearsal(rehearsal_id, history=lambda *_asked: ())
    seconds = time.perf_counter() - started
    report = RehearsalReport.model_validate(done.report)
    visits = sum(tile.arrived for tile in report.tiles)
    mails = sum(tile.mail.queued for tile in report.tiles if tile.mail is not None)
    days = (report.until - report.start_at).days
    return {
        "contacts": size,
        "virtual_days": days,
        "entered": report.entered,
        "visits": visits,
        "messages": mails,
        "opens": sum(tile.mail.opened for tile in report.tiles if tile.mail is not None),
        "ticks": report.ticks,
        "minutes_between_ticks": report.minutes_between_ticks,
        "seconds": round(seconds, 2),
        "visits_per_second": round(visits / seconds),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "targets": TARGETS,
        "within_target": report.entered == size
        and days == 60
        and not report.ended_early
        and seconds * SIZE / size <= TARGETS["seconds_for_100000_people"],
    }


def _draw(segment_id: int, unit_id: int) -> int:
    from benchmarks.engine import _make_settings, _make_user
    from senet.accounts.values import Author
    from senet.journeys import actions

    author = Author(_make_user(unit_id), unit_id)
    return actions.create_journey(
        author=author,
        now=START,
        name="Sixty days",
        definition={"tiles": _draw_tiles(segment_id, unit_id)},
        start_at=START,
        content_settings_id=_make_settings(unit_id),
    )


def _draw_tiles(segment_id: int, unit_id: int) -> list[Json]:
    """Welcome, opened or reminded, two lanes by lot, and then three newsletters with a call for those who click."""
    return [
        {"id": 1, "kind": "audience", "sources": [{"kind": "segment", "id": segment_id}], "next": 2},
        _email(2, 3, unit_id),
        _if_then(3, 2, "opened", 3, yes=5, no=4),
        _email(4, 5, unit_id),
        _wait(5, 6, 5),
        {"id": 6, "kind": "split", "branches": [{"amount": 40, "next": 7}, {"amount": None, "next": 8}]},
        _email(7, 9, unit_id),
        _email(8, 9, unit_id),
        _wait(9, 10, 10),
        _email(10, 11, unit_id),
        _if_then(11, 10, "clicked", 7, yes=12, no=13),
        {"id": 12, "kind": "task", "subject": "Call", "next": 13},
        _wait(13, 14, 10),
        _email(14, 15, unit_id),
        _if_then(15, 14, "opened", 10, yes=16, no=17),
        _email(16, 17, unit_id),
        _wait(17, 18, 14),
        _email(18, 19, unit_id),
        _if_then(19, 18, "clicked", 14, yes=20, no=None),
        {"id": 20, "kind": "task", "subject": "Call again"},
    ]


def _email(tile: int, following: int, unit_id: int) -> Json:
    from benchmarks.engine import _make_email

    return {"id": tile, "kind": "email", "email_id": _make_email(unit_id), "next": following}


def _wait(tile: int, following: int, days: int) -> Json:
    return {"id": tile, "kind": "wait_for", "duration": {"amount": days, "unit": "days"}, "next": following}


def _if_then(tile: int, source: int, condition: str, days: int, *, yes: int | None, no: int | None) -> Json:
    return {
        "id": tile,
        "kind": "if_then",
        "rules": [{"source": source, "condition": condition}],
        "timeout": {"amount": days, "unit": "days"},
        "yes": yes,
        "no": no,
    }


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
