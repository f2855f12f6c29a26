"""Where the suite's embedded ClickHouse lives: a folder for each pytest process."""

from __future__ import annotations

import os
from pathlib import Path

from django.conf import settings


def use_own_folder() -> None:
    """Point the settings at a folder that no other pytest process uses: chDB allows one a process."""
    if not settings.CLICKHOUSE_URL.startswith("chdb:") or str(os.getpid()) in settings.CLICKHOUSE_URL:
        return
    settings.CLICKHOUSE_URL = f"chdb://{Path(os.environ['SENET_TEST_ROOT']) / f'clickhouse-{os.getpid()}'}"
