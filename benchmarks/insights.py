"""The insights pages over millions of interactions: the slowest of five reads of each, and how it grows.

ClickHouse is filled in place with emails of different sizes; every message is sent and delivered, every third is opened
several times and every tenth clicked. The largest email has the size that is asked for, the smallest a tenth of it.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

SIZE = 2_000_000
LIMIT_MILLISECONDS = 300
LARGE, SMALL = 1, 2
_FILL = """
INSERT INTO interaction (id, xid, type, at, recorded_at, contact_id, journey_id, iteration, tile, message_id, email_id,
    link, domain, country, verdict, detail)
SELECT {first} + number, 1,
    ['EmailSent', 'EmailDelivered', 'EmailOpened', 'EmailOpened', 'EmailOpened', 'EmailClicked'][1 + number % 6],
    toDateTime64('2026-03-01 08:00:00', 6, 'UTC') + toIntervalSecond(number % 864000), now64(6),
    1 + message % 1000000,
    1, 1, 2, message, {email}, if(number % 6 = 5, 1 + number % 12, 0),
    concat('example', toString(message % 500), '.com'),
    ['DE', 'FR', 'US', 'JP', ''][1 + message % 5],
    if(number % 6 > 1, 'human', ''), if(number % 6 = 5, '{{"version":1}}', '')
FROM (
    SELECT number, {first} + if(number % 6 < 2, intDiv(number, 6), intDiv(intDiv(number, 6), 3)) AS message
    FROM numbers({rows})
)
"""
_VISITS = """
INSERT INTO visit_arrival (journey_id, iteration, tile, contact_id, arrived_at, xid)
SELECT 1, 1, 1 + number % 6, 1 + intDiv(number, 6),
    toDateTime64('2026-03-01 08:00:00', 6, 'UTC') + toIntervalSecond(number % 864000), 1 FROM numbers({rows})
"""
_DEPARTURES = """
INSERT INTO visit_departure (
    journey_id, iteration, tile, contact_id, arrived_at, left_at, outcome, reason, branch, xid
) SELECT journey_id, iteration, tile, contact_id, arrived_at, arrived_at + 60,
    'processed', '', contact_id % 2, 1 FROM visit_arrival WHERE contact_id % 5 != 0
"""
_CONTACTS = """
INSERT INTO contact (id, xid, country) SELECT 1 + number, 1, ['DE', 'FR', 'US', 'JP', ''][1 + number % 5]
FROM numbers({rows})
"""


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:
    """Return figures for `size` interactions of one email (0: 2,000,000; the full size is 20,000,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.insights", size or SIZE, options["data_dir"])


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from senet.insights.kpis import EMAIL_KPIS
    from senet.insights.pages.email_overview import count_email
    from senet.insights.queries import email_overview, tile_numbers, timeline
    from senet.insights.values import Filters

    journey_id = _fill(size)
    since = datetime(2026, 3, 2, 23, tzinfo=UTC)
    pages: dict[str, Callable[[], object]] = {
        "email_overview": lambda: email_overview(LARGE),
        "email_overview_small": lambda: email_overview(SMALL),
        "email_overview_of_three_days": lambda: email_overview(LARGE, since, since + timedelta(days=3)),
        "email_kpis": lambda: count_email(Filters(email_id=LARGE), EMAIL_KPIS),
        "email_kpis_small": lambda: count_email(Filters(email_id=SMALL), EMAIL_KPIS),
        "journey_tiles": lambda: tile_numbers(journey_id),
        "contact_timeline": lambda: timeline(77),
    }
    slowest = {name: _slowest(page) for name, page in pages.items()}
    growth = slowest["email_kpis"] / max(slowest["email_kpis_small"], 0.1)
    return {
        "interactions": size + size // 10,
        "slowest_milliseconds": {name: round(value, 1) for name, value in slowest.items()},
        "ratios": {"kpis_slower_for_ten_times_the_interactions": round(growth, 2)},
        "targets": {"slowest_milliseconds_at_most": LIMIT_MILLISECONDS, "growth_below": 10},
        "within_target": max(slowest.values()) <= LIMIT_MILLISECONDS and growth < 10,
    }


def _slowest(page: Callable[[], object]) -> float:
    page()
    times = []
    for _ in range(5):
        started = time.perf_counter()
        page()
        times.append((time.perf_counter() - started) * 1000)
    return max(times)


def _fill(size: int) -> int:
    """Fill ClickHouse; returns the journey."""
    from senet.accounts.models import BusinessUnit
    from senet.interactions import clickhouse
    from senet.journeys.models import Journey

    unit = BusinessUnit.objects.first() or BusinessUnit.objects.create(name="Main")
    tiles = [
        {"id": number, "kind": "wait_for", "name": f"Tile {number}", "duration": {"amount": 1, "unit": "days"},
         "next": number + 1 if number < 6 else None}
        for number in range(1, 7)
    ]  # fmt: skip
    tiles[1] = {"id": 2, "kind": "email", "name": "Mail", "email_id": LARGE, "next": 3}
    journey = Journey.objects.create(name="Benchmark", business_unit=unit, definition={"tiles": tiles})
    for email, rows, first in ((LARGE, size, 1), (SMALL, size // 10, 2 * size)):
        clickhouse.run(_FILL.format(email=email, rows=rows, first=first))
    clickhouse.run(_VISITS.format(rows=size // 4))
    clickhouse.run(_DEPARTURES)
    clickhouse.run(_CONTACTS.format(rows=min(size // 2, 1_000_000)))
    return int(journey.pk)


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
