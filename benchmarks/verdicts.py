"""Judging opens and clicks again over the whole log, while shipping goes on beside it.

Every mail is opened; a quarter is clicked once, and of every fortieth a scanner that calls itself a browser follows all
links within seconds: those are judged otherwise. Beside the run a shipper ships a row every 0.2 seconds, as the
shipper's process does; the longest it had to wait is printed. Ratio: beside a bare copy of the same opens and clicks
within ClickHouse.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
import time
from typing import Any, Self

SIZE = 1_000_000
TARGETS = {"of_bare_copy": 0.025, "longest_shipping_pause_seconds_at_most": 2.0}
_EVENTS_A_MESSAGE = 1.55  # an open, a quarter of a click, and twelve of every fortieth
_CHUNK = 20_000
_EMAILS = 20
_FILL = """
INSERT INTO interaction (
    type, at, contact_id, journey_id, iteration, tile, message_id, email_id, link, domain, address, country, verdict,
    rule, detail
)
SELECT kind, now() - interval '2 days' + seconds * interval '1 second', n, 1, 1, 2, n, 1 + n * {emails} / {messages},
    nullif(link, 0), 'example' || n %% 50 || '.com', 'person' || n || '@example' || n %% 50 || '.com', 'DE',
    CASE WHEN kind <> 'EmailDelivered' THEN 'human' END, CASE WHEN kind <> 'EmailDelivered' THEN 'browser' END,
    CASE WHEN kind <> 'EmailDelivered' THEN jsonb_build_object('user_agent', %(agent)s::text, 'version', {version}) END
FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    CROSS JOIN LATERAL (
        SELECT 'EmailDelivered' AS kind, 0 AS link, 0::float AS seconds
        UNION ALL SELECT 'EmailOpened', 0, 3600 + n %% 80000
        UNION ALL SELECT 'EmailClicked', link, 3700 + n %% 80000 + link * 0.3
        FROM generate_series(1, CASE WHEN n %% 40 = 0 THEN 12 WHEN n %% 4 = 1 THEN 1 ELSE 0 END) AS link
    ) AS event
"""
_AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
_CHECKS = {"log agrees", "email roll-ups agree", "verdicts agree"}
_COPY = "INSERT INTO bare_copy SELECT * FROM interaction WHERE type IN ('EmailOpened', 'EmailClicked')"


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:
    """Return figures and ratios for `size` opens and clicks (0: 1,000,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.verdicts", size or SIZE, options["data_dir"])


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from senet.insights import audit, verdicts
    from senet.insights.checks.clickhouse_checks import CHECKS
    from senet.interactions import clickhouse
    from senet.shared.clock import utc_now

    _fill(size)
    clickhouse.run("CREATE TABLE bare_copy AS interaction")
    started = time.perf_counter()
    clickhouse.run(_COPY)
    copy_seconds = time.perf_counter() - started
    clickhouse.run("DROP TABLE bare_copy")
    with _Shipping() as shipping:
        started = time.perf_counter()
        first = verdicts.run(utc_now(), everything=True)
        first_seconds = time.perf_counter() - started
        started = time.perf_counter()
        again = verdicts.run(utc_now(), everything=True)
        again_seconds = time.perf_counter() - started
    report = audit.run([check for check in CHECKS if check.name in _CHECKS])
    of_copy = copy_seconds / first_seconds
    return {
        "events": first.looked_at,
        "changed": first.changed,
        "seconds": round(first_seconds, 1),
        "bare_copy_events_per_second": round(first.looked_at / copy_seconds),
        "events_per_second": round(first.looked_at / first_seconds),
        "events_per_second_unchanged": round(again.looked_at / again_seconds),
        "changed_by_the_second_run": again.changed,
        "audit_is_clean": report.clean,
        "shipped_meanwhile": shipping.count,
        "longest_shipping_pause_seconds": round(shipping.longest, 2),
        "peak_memory_mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "ratios": {"of_bare_copy": round(of_copy, 3), "longest_shipping_pause_seconds": round(shipping.longest, 2)},
        "targets": TARGETS,
        "within_target": of_copy >= TARGETS["of_bare_copy"]
        and shipping.longest <= TARGETS["longest_shipping_pause_seconds_at_most"]
        and again.changed == 0
        and report.clean,
    }


class _Shipping:
    """A shipper that ships a new row every 0.2 seconds, in a thread; `longest` is the longest between two of them."""

    def __init__(self) -> None:
        self.count = 0
        self.longest = 0.0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="shipping")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        from senet.insights.streams import STREAMS
        from senet.interactions.actions import record
        from senet.interactions.shipper import Shipper
        from senet.interactions.values import Interaction
        from senet.shared.clock import utc_now

        shipper, since = Shipper(STREAMS), time.perf_counter()
        while not self._stop.wait(0.2):
            record([Interaction("EmailSent", utc_now(), contact_id=1, message_id=1, email_id=9_999)])
            while not (shipped := shipper.run_once()) and not self._stop.is_set():
                time.sleep(0.05)
            self.count += shipped
            now = time.perf_counter()
            self.longest, since = max(self.longest, now - since), now
        self.longest = max(self.longest, time.perf_counter() - since)
        shipper.close()


def _fill(size: int) -> None:
    from django.db import connection

    from benchmarks.mail_outbox import make_email
    from senet.insights.streams import STREAMS
    from senet.interactions.shipper import Shipper

    messages = max(40, round(size / _EVENTS_A_MESSAGE))
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO business_unit (name) SELECT 'Main' WHERE NOT EXISTS (SELECT FROM business_unit)")
    _, version = make_email()
    statement = _FILL.format(emails=_EMAILS, messages=messages + 1, version=int(version))
    with connection.cursor() as cursor:
        for first in range(1, messages + 1, _CHUNK):
            last = min(messages, first + _CHUNK - 1)
            cursor.execute(statement, {"first": first, "last": last, "agent": _AGENT})
    shipper = Shipper(STREAMS)
    while shipper.run_once():
        pass
    shipper.close()


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
