"""Where the engines are: the operator's URL, or the embedded engine's own address in the data folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


def find_embedded_postgres_url(data_dir: Path) -> str | None:
    """Return the URL of the PostgreSQL that runs in the data folder, or None when none runs."""
    pid_file = data_dir / "postgres" / "postmaster.pid"
    try:
        lines = pid_file.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, PermissionError):
        return None
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return f"postgresql://postgres@/senet?host={lines[4].strip()}&port={lines[3].strip()}"


def resolve_clickhouse_url(url: str, data_dir: Path) -> str:
    """Return the operator's ClickHouse URL or the embedded one."""
    return url or f"chdb://{data_dir / 'clickhouse'}"


def database_options(url: str, data_dir: Path) -> dict[str, Any]:  # Django's own setting is that shape
    """Return Django's DATABASES entry for a PostgreSQL URL, or for the embedded server."""
    parts = urlsplit(url or find_embedded_postgres_url(data_dir) or "postgresql://postgres@/senet")
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/") or "senet",
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or query.pop("host", ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "CONN_MAX_AGE": 0,
        "OPTIONS": {**query, "application_name": "senet"},
    }
