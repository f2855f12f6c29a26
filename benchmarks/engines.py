"""What benchmarks that need engines share: PostgreSQL of their own, and a process of their own to measure in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

_ROOT = Path(__file__).resolve().parent.parent


def run_inside(module: str, size: int, data_dir: str) -> dict[str, Any]:  # JSON
    """Start a durable PostgreSQL in a folder, run `python -m <module> <size>` on it, and return the JSON it prints."""
    from senet.embedded.postgres import start_postgres, stop_postgres

    Path(data_dir).mkdir(exist_ok=True)
    folder = Path(data_dir) / "postgres"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SENET_")}
    environment |= {
        "DATABASE_URL": start_postgres(folder, durable=True, tied=True),
        "CLICKHOUSE_URL": f"chdb://{Path(data_dir) / 'clickhouse'}",
        "SENET_DATA": data_dir,
        "SENET_LOG_LEVEL": "warning",
        "DJANGO_SETTINGS_MODULE": "senet.config.settings",
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, str(size)],
            cwd=_ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    finally:
        stop_postgres(folder, patience_seconds=180)
    figures: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return figures


def set_up() -> None:
    """Set Django up and make the tables; for the measuring process."""
    import logging

    import django
    import structlog
    from django.core.management import call_command

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    django.setup()
    call_command("migrate", verbosity=0)
