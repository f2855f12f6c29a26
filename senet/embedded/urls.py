"""Where the engines are: the operator's URL, or the embedded engine's own address in the data folder."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

_LONGEST_SOCKET_FOLDER = 80  # the kernel allows about 104 characters for the whole path of a socket


def socket_folder(postgres_folder: Path) -> Path:
    """Return where the server of a folder puts its socket: with its data, or in a short path instead of a long one."""
    folder = postgres_folder.resolve()
    if len(str(folder)) <= _LONGEST_SOCKET_FOLDER:
        return folder
    digest = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"senet-{digest}"


def embedded_postgres_url(postgres_folder: Path, database: str = "senet") -> str:
    """Return the URL of the server of a folder, whether it runs or not."""
    return f"postgresql://postgres@/{database}?host={socket_folder(postgres_folder)}"


def find_embedded_postgres_url(data_dir: Path) -> str | None:
    """Return the URL of the PostgreSQL that runs in the data folder, or None when none runs."""
    lines = read_pid_file(data_dir / "postgres")
    if len(lines) < 8 or lines[7].strip() != "ready":
        return None
    return f"postgresql://postgres@/senet?host={lines[4].strip()}&port={lines[3].strip()}"


def read_pid_file(postgres_folder: Path) -> list[str]:
    """Return the lines of the server's postmaster.pid; none when there is no such file."""
    try:
        return (postgres_folder / "postmaster.pid").read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, PermissionError):
        return []


def resolve_clickhouse_url(url: str, data_dir: Path) -> str:
    """Return the operator's ClickHouse URL or the embedded one."""
    return url or f"chdb://{data_dir / 'clickhouse'}"


def database_options(url: str, data_dir: Path, *, pool_size: int = 0) -> dict[str, Any]:  # Django's own shape
    """Return Django's DATABASES entry for a PostgreSQL URL, or for the embedded server."""
    embedded = find_embedded_postgres_url(data_dir) or embedded_postgres_url(data_dir / "postgres")
    parts = urlsplit(url or embedded)
    query = dict(parse_qsl(parts.query))
    user, host, port = query.pop("user", ""), query.pop("host", ""), query.pop("port", "")
    options: dict[str, Any] = {"application_name": "senet", **query}  # libpq's own names and values
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 15}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "senet",
        "USER": unquote(parts.username or user),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or host,
        "PORT": str(parts.port or port),
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
