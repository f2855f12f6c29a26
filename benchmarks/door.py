"""Clicks and opens at the door, over HTTP on loopback, beside a Django view with one INSERT a click.

Every click is committed to PostgreSQL (fsync on) before its redirect is answered; opens are answered at once. The
client sends a fixed number of requests over 64 connections and stops. Afterwards the log is counted: nothing may be
missing.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SIZE = 30_000
BASELINE_SHARE = 10
TARGETS = {"over_django_view": 6.0, "clicks_over_best_peer": 1.5, "opens_over_best_peer": 1.5}
PEER_CLICKS, PEER_OPENS = 3_400, 3_500  # the best peer, measured on a machine of the same kind
VERSION, LINKS = 1, 8


def run(size: int, options: dict[str, Any]) -> dict[str, Any]:
    """Return figures and ratios for `size` clicks and as many opens (0: 30,000)."""
    from benchmarks.engines import run_inside

    return run_inside("benchmarks.door", size or SIZE, options["data_dir"])


def measure(size: int) -> dict[str, Any]:
    """Measure, in a process whose settings are the benchmark's."""
    from benchmarks.load import drive, make_get
    from senet.shared.tokens import LinkToken, sign_link

    _fill(size)
    with _process("-m", "senet", "door", port_setting="SENET_DOOR_PORT") as port:
        clicks = [
            make_get("/r/" + sign_link(LinkToken(1 + n, VERSION, 1 + n % LINKS), purpose="redirect"), port)
            for n in range(size)
        ]
        opens = [make_get("/o/" + sign_link(LinkToken(1 + n, VERSION, 0), purpose="open"), port) for n in range(size)]
        drive(port, clicks[:500], expected=b"HTTP/1.1 302")
        drive(port, opens[:500], expected=b"HTTP/1.1 200")
        time.sleep(0.5)
        _empty_log()
        clicked = drive(port, clicks, expected=b"HTTP/1.1 302")
        kept_clicks = _count("EmailClicked")
        opened = drive(port, opens, expected=b"HTTP/1.1 200")
        time.sleep(0.5)
        kept_opens = _count("EmailOpened")
    plain = size // BASELINE_SHARE
    with _process("-m", "benchmarks.baseline_view") as port:
        views = [
            make_get("/r/" + sign_link(LinkToken(1 + n, VERSION, 1), purpose="redirect"), port) for n in range(plain)
        ]
        drive(port, views[:200], expected=b"HTTP/1.1 302")
        viewed = drive(port, views, expected=b"HTTP/1.1 302")
    ratios = {
        "over_django_view": clicked.per_second / viewed.per_second,
        "clicks_over_best_peer": clicked.per_second / PEER_CLICKS,
        "opens_over_best_peer": opened.per_second / PEER_OPENS,
    }
    return {
        "requests": size,
        "clicks_per_second": round(clicked.per_second),
        "opens_per_second": round(opened.per_second),
        "django_view_per_second": round(viewed.per_second),
        "clicks_slowest_milliseconds": round(clicked.slowest_milliseconds, 1),
        "opens_slowest_milliseconds": round(opened.slowest_milliseconds, 1),
        "clicks_missing": size - kept_clicks,
        "opens_missing": size - kept_opens,
        "wrong_answers": clicked.wrong + opened.wrong + viewed.wrong,
        "ratios": {name: round(ratio, 2) for name, ratio in ratios.items()},
        "targets": TARGETS,
        "within_target": all(ratios[name] >= target for name, target in TARGETS.items())
        and kept_clicks == kept_opens == size,
    }


def _fill(size: int) -> None:
    """A published email with links, and a message to a contact for each click."""
    from django.db import connection

    with connection.cursor() as cursor:
        unit = _make_unit()
        cursor.execute(
            "INSERT INTO contact (email, custom, business_unit_id)"
            " SELECT 'p' || n || '@example' || n %% 9 || '.com', '{}', %s FROM generate_series(1, %s) AS n",
            [unit, size],
        )
        cursor.execute(
            "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, address,"
            " address_key, domain, state, queued_at)"
            " SELECT 1, 1, 2, id, 1, 1, email, email, split_part(email, '@', 2), 'delivered', now()"
            " FROM contact ORDER BY id"
        )
        cursor.execute("ANALYZE message, contact")
    from senet.content.models import Email, EmailLink, EmailVersion
    from senet.shared.clock import utc_now

    email = Email.objects.create(name="Benchmark", business_unit_id=unit)
    version = EmailVersion.objects.create(
        id=VERSION, email=email, number=1, compiled={}, source={}, published_at=utc_now()
    )
    for number in range(1, LINKS + 1):
        EmailLink.objects.create(version=version, number=number, url=f"https://example.com/page/{number}")


def _make_unit() -> int:
    from senet.accounts.models import BusinessUnit

    return int((BusinessUnit.objects.first() or BusinessUnit.objects.create(name="Main")).pk)


def _empty_log() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction")


def _count(type_name: str) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM interaction WHERE type = %s", [type_name])
        return int(cursor.fetchone()[0])


@contextmanager
def _process(*arguments: str, port_setting: str = "") -> Iterator[int]:
    """A server on a free port, for as long as it is needed."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, *arguments, *([] if port_setting else [str(port)])]
    settings = {port_setting: str(port)} if port_setting else {}
    with (Path(os.environ["SENET_DATA"]) / "server.log").open("ab") as log:
        process = subprocess.Popen(command, env={**os.environ, **settings}, stdout=log, stderr=log)
    try:
        _wait(port)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("The server did not come up; see server.log.")


if __name__ == "__main__":
    from benchmarks.engines import set_up

    set_up()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")
