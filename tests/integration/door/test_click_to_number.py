"""From a click at the door to the number on the page: at most two seconds."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from senet.insights.queries import email_overview
from senet.insights.streams import STREAMS
from senet.interactions import shipper
from senet.shared.clock import utc_now
from tests.support.databases import with_database
from tests.support.door import make_message, running_door
from tests.support.processes import Installation

pytestmark = [pytest.mark.processes, pytest.mark.usefixtures("clickhouse_tables")]
_CADENCE_SECONDS = 0.2


def test_a_click_is_on_the_page_within_two_seconds(tmp_path: Path) -> None:
    message, stop = make_message(), threading.Event()

    def ship() -> None:
        while not stop.wait(_CADENCE_SECONDS):
            shipper.run_once(STREAMS, utc_now())

    def clicks() -> int:
        page = email_overview(message.email_id)
        return int(next(kpi.value or 0 for kpi in page.kpis if kpi.key == "unique_clicks"))

    assert clicks() == 0
    url = with_database(connection.settings_dict["NAME"])
    installation = Installation(tmp_path, url, {"SENET_SECRET_KEY": settings.SECRET_KEY})
    thread = threading.Thread(target=ship)
    with running_door(installation) as door:
        thread.start()
        try:
            time.sleep(1)
            clicked = time.monotonic()
            assert door.get(f"/r/{message.token('redirect', 1)}").status_code == 302
            while not clicks() and time.monotonic() - clicked < 10:
                time.sleep(0.05)
            waited = time.monotonic() - clicked
        finally:
            stop.set()
            thread.join()
    assert clicks() == 1
    assert waited < 2
