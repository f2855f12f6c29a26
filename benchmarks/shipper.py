"""The shipper beside a bare COPY of the same rows into PostgreSQL, and the time from a row to its number.

The log is filled in transactions of 20,000 rows, as a journey fills it, and shipped whole. The bare COPY reads the same
rows, ready-made, into a plain table without indexes. All figures are of one run.
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from typing import Any

SIZE = 500_000
TRANSACTION_ROWS = 20_000
TARGETS = {"over_bare_copy": 0.5, "row_to_number_seconds_at_most": 2.0}
_FILL = """
INSERT INTO interaction (
    type, at, contact_id, journey_id, iteration, tile, message_id, email_id, link, domain, address, browser, os, device,
    verdict, rule, detail
)
SELECT
    (ARRAY['EmailSent', 'EmailDelivered', 'EmailOpened', 'EmailClicked'])[1 + n %% 4], now() - n * interval '1 second',
    n, 1 + n %% 5, 1, 2, n, 1 + n %% 7, CASE WHEN n %% 4 = 3 THEN 1 + n %% 9 END, 'example' || n %% 50 || '.com',
    'person' || n || '@example' || n %% 50 || '.com', CASE WHEN n %% 4 > 1 THEN 'Firefox' END,
    CASE WHEN n %% 4 > 1 THEN 'Windows' END, CASE WHEN n %% 4 > 1 THEN 'desktop' END,
    CASE WHEN n %% 4 > 1 THEN 'human' END, CASE WHEN n %% 4 > 1 THEN 'browser' END,
    CASE WHEN n %% 4 > 1 THEN '{"user_agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0"}'::jsonb END
FROM generate_series(%s::bigint, %s::bigint) AS n
"""


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:
    """Return figures and ratios for `size` interactions (0: 500,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.shipper", size or SIZE, options["data_dir"])


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from senet.insights.streams import INTERACTION, STREAMS
    from senet.interactions import clickhouse
    from senet.interactions.copying import connect
    from senet.interactions.shipper import Shipper

    clickhouse.get_client()
    with connect() as connection:
        for start in range(0, size, TRANSACTION_ROWS):
            connection.execute(_FILL, [start + 1, min(start + TRANSACTION_ROWS, size)])
        connection.execute("CHECKPOINT")
        copied = _bare_copy(connection)
    shipper = Shipper([INTERACTION])
    started = time.perf_counter()
    rows = shipper.run_once()
    shipped = rows / (time.perf_counter() - started)
    arrived = int(clickhouse.fetch_rows("SELECT uniqExact(id) FROM interaction")[0][0])
    shipper.close()
    waits = _measure_wait(Shipper(STREAMS))
    return {
        "rows": rows,
        "rows_missing": size - arrived,
        "bare_copy_rows_per_second": round(copied),
        "shipped_rows_per_second": round(shipped),
        "row_to_number_milliseconds_median": round(statistics.median(waits) * 1000, 1),
        "row_to_number_milliseconds_worst": round(max(waits) * 1000, 1),
        "peak_memory_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "ratios": {"over_bare_copy": round(shipped / copied, 2), "row_to_number_seconds": round(max(waits), 3)},
        "targets": TARGETS,
        "within_target": shipped / copied >= TARGETS["over_bare_copy"]
        and max(waits) <= TARGETS["row_to_number_seconds_at_most"]
        and arrived == size,
    }


def _bare_copy(connection: Any) -> float:
    """Return rows a second of COPY FROM into a plain table, of bytes that are there already."""
    with connection.cursor().copy("COPY (SELECT * FROM interaction) TO STDOUT") as copy:
        lines = [bytes(line) for line in copy]
    rows = len(lines)
    chunks = [b"".join(lines[start : start + 4_000]) for start in range(0, rows, 4_000)]
    del lines
    connection.execute("CREATE TABLE bare_copy (LIKE interaction)")
    started = time.perf_counter()
    with connection.cursor().copy("COPY bare_copy FROM STDIN") as copy:
        for chunk in chunks:
            copy.write(chunk)
    seconds = time.perf_counter() - started
    connection.execute("DROP TABLE bare_copy")
    return rows / seconds


def _measure_wait(shipper: Any) -> list[float]:
    """Return the seconds from a committed click to its number, at the shipper's own cadence of 0.2 s."""
    from senet.insights.queries import email_overview
    from senet.interactions.actions import record
    from senet.interactions.values import Interaction
    from senet.shared.clock import utc_now

    waits = []
    for number in range(1, 6):
        record([Interaction("EmailClicked", utc_now(), contact_id=1, message_id=number, email_id=999, link=1)])
        started = time.perf_counter()
        while _unique_clicks(email_overview(999)) < number:
            shipper.run_once()
            time.sleep(0.2)
        waits.append(time.perf_counter() - started)
    shipper.close()
    return waits


def _unique_clicks(page: Any) -> int:
    return int(next(kpi.value for kpi in page.kpis if kpi.key == "unique_clicks"))


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
