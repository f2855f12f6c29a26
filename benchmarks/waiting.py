"""A tick while very many people wait in other journeys: it must not feel them, and a click must still be quick.

Twenty journeys hold everybody at an if/then tile whose time is far ahead. Then ticks with nothing to do are timed, and
clicks of people in one more journey: from the committed click to the visit of the next tile, ticking as a worker does.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from datetime import timedelta
from typing import Any

from benchmarks.engine import START, _draw, _execute, _fill, _scalar, _time

SIZE = 1_000_000
JOURNEYS, PEOPLE, CLICKS = 20, 1_000, 20
PAUSE_SECONDS = 0.3  # between a worker's ticks
TARGETS = {"idle_tick_milliseconds_at_most": 50.0, "click_to_next_tile_seconds_at_most": 2.0}


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:  # JSON
    """Return figures for `size` people who wait elsewhere (0: 1,000,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.waiting", size or SIZE, options["data_dir"])


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from senet.journeys import actions
    from senet.journeys.engine import tick

    segment_id, unit_id = _fill(PEOPLE)
    journey_id = _draw(segment_id, unit_id)
    actions.go_live(journey_id, now=START)
    tick(START)
    filled = _time(lambda: _let_wait(journey_id, size))
    now = START + timedelta(hours=1)
    tick(now)
    idle = sorted(_time(lambda: tick(now)) for _ in range(30))
    waits = [_click(journey_id, contact, now) for contact in range(1, CLICKS + 1)]
    figures = {"idle_tick_milliseconds": idle[len(idle) // 2] * 1000, "click_to_next_tile_seconds": max(waits)}
    return {
        "waiting": _scalar("SELECT count(*) FROM visit WHERE left_at IS NULL"),
        "fill_seconds": round(filled, 1),
        "idle_tick_milliseconds_median": round(figures["idle_tick_milliseconds"], 2),
        "idle_tick_milliseconds_worst": round(idle[-1] * 1000, 2),
        "click_to_next_tile_seconds_median": round(statistics.median(waits), 3),
        "click_to_next_tile_seconds_worst": round(max(waits), 3),
        "peak_memory_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "ratios": {},
        "targets": TARGETS,
        "within_target": figures["idle_tick_milliseconds"] <= TARGETS["idle_tick_milliseconds_at_most"]
        and figures["click_to_next_tile_seconds"] <= TARGETS["click_to_next_tile_seconds_at_most"],
    }


def _let_wait(journey_id: int, size: int) -> None:
    """Copy the journey, live, and let people wait in the copies at the if/then tile for a month."""
    for copy in range(JOURNEYS):
        _execute(
            "WITH made AS (INSERT INTO journey (name, description, status, definition, time_zone, target, scope,"
            " minimum_consent, is_recurring, reconsider, business_unit_id, owner_id, content_settings_id,"
            " refuse_large_emails, created_at, updated_at)"
            " SELECT name, '', 'draft', definition, 'UTC', 'contact', 'organization', 0, false, false,"
            " business_unit_id, owner_id, content_settings_id, false, now(), now() FROM journey WHERE id = %s"
            " RETURNING id), version AS (INSERT INTO journey_version (journey_id, number, definition, snapshot,"
            " start_at, published_at)"
            " SELECT made.id, 1, definition, snapshot, start_at, published_at FROM journey_version, made"
            " WHERE journey_id = %s RETURNING id, journey_id), iterated AS ("
            " INSERT INTO iteration (journey_id, number, started_at) SELECT id, 1, now() FROM made)"
            " SELECT 1",
            journey_id,
            journey_id,
        )
        made = _scalar("SELECT max(id) FROM journey")
        _execute(
            "UPDATE journey SET status = 'live', live_version_id = version.id, enrolled_version_id = version.id"
            " FROM journey_version AS version WHERE version.journey_id = journey.id AND journey.id = %s",
            made,
        )
        share = size // JOURNEYS
        _execute(
            "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, arrived_xid)"
            " SELECT %s, 1, 3, n, %s, %s, senet_xid() FROM generate_series(%s, %s) AS n",
            made,
            START,
            START + timedelta(days=30),
            PEOPLE + copy * share + 1,
            PEOPLE + (copy + 1) * share,
        )
    _execute("ANALYZE visit")


def _click(journey_id: int, contact_id: int, now: Any) -> float:  # a datetime
    """Return the seconds from a committed open to the visit of the tile that it leads to."""
    from senet.interactions.actions import record
    from senet.interactions.values import Interaction
    from senet.journeys.engine import tick

    record([Interaction("EmailOpened", now, contact_id=contact_id, journey_id=journey_id, iteration=1, tile=2)])
    started = time.perf_counter()
    arrived = "SELECT count(*) FROM visit WHERE journey_id = %s AND iteration = 1 AND tile = 4 AND contact_id = %s"
    while not _scalar(arrived, journey_id, contact_id):
        time.sleep(PAUSE_SECONDS)
        tick(now)
    return time.perf_counter() - started


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
