"""The way to ClickHouse: one client a thread at a time, in process (chDB) or on a server, with its tables made first.

`settings.CLICKHOUSE_URL` is `chdb:///folder`, which one process owns at a time, or
`clickhouse://user:password@host:port/database` (`clickhouses://` with TLS; the port is HTTP's). Each installed room
may have a folder `clickhouse_sql` of numbered statements; they are applied once, in order, when the first client of a
process is made.
"""

from __future__ import annotations

import fcntl
import os
import re
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import clickhouse_connect
import psycopg
import structlog
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import DatabaseError, OperationalError
from clickhouse_connect.driver.httpclient import HttpClient
from django.apps import apps
from django.conf import settings
from urllib3 import Timeout

from senet.interactions.copying import connect
from senet.interactions.errors import ClickHouseFolderBusy, ClickHouseTooOld, ClickHouseUnavailable
from senet.interactions.offsets import SHIPPING_LOCK

log = structlog.get_logger(__name__)

DATABASE = "senet"
OLDEST_SERVER = (24, 8)  # the first whose deduplication tokens reach the tables behind views
_CONNECT_SECONDS = 5
_ASK_SECONDS = 30  # a page waits no longer
_WORK_SECONDS = 3600  # for inserts, mutations and rebuilds, which grow with the audience
_CHANGE_SECONDS = 60  # until a shipper is done with its batch
# The server's own trouble, by its error codes; every other DatabaseError is a mistake in our SQL.
_TROUBLE = frozenset({
    159,  # timeout exceeded
    202,  # too many queries at once
    209, 210,  # socket timeout, network error
    236, 394,  # aborted, cancelled: it shuts down
    241, 243,  # no memory, no space
    242,  # the table is read-only just now
    252,  # too many parts
    439,  # no thread to be had
    497, 516,  # not allowed, not let in
    999,  # Keeper
})  # fmt: skip
_local = threading.local()
_opening = threading.RLock()
_folders: dict[str, int] = {}  # the chDB folders this process owns, and their locks
_prepared: set[str] = set()
_idle: deque[tuple[str, Client]] = deque(maxlen=32)  # clients of threads that ended, with their URLs


class _Lent:
    """A thread's client. A web request is a thread of its own: when that ends, its client waits for the next one."""

    def __init__(self, url: str, client: Client) -> None:
        self.url, self.client = url, client

    def __del__(self) -> None:
        _idle.append((self.url, self.client))


def get_client() -> Client:
    """Return this thread's client; the first one of a process makes the tables.

    Raises: ClickHouseUnavailable, ClickHouseFolderBusy.
    """
    url = str(settings.CLICKHOUSE_URL)
    lent = getattr(_local, "lent", None)
    if isinstance(lent, _Lent) and lent.url == url:
        return lent.client
    client = _find_idle(url)
    if client is None:
        with _opening:
            try:
                if url not in _prepared:
                    _prepare(url)
                client = _connect(url, _database_of(url))
            except (OSError, OperationalError, DatabaseError) as error:
                raise ClickHouseUnavailable(_sentence(error)) from error
    _local.lent = _Lent(url, client)
    return client


def _find_idle(url: str) -> Client | None:
    while _idle:
        try:
            made_for, client = _idle.pop()
        except IndexError:  # another thread took the last one
            return None
        if made_for == url:
            return client
        client.close()
    return None


def fetch_rows(query: str, parameters: Mapping[str, object] | None = None) -> Sequence[Sequence[Any]]:
    """Run a query with bound parameters and return its rows; the caller gives them types.

    Raises: ClickHouseUnavailable when there is no answer; a DatabaseError is a bug in the query.
    """
    client = get_client()
    with _answering():
        return client.query(query, parameters=dict(parameters or {})).result_rows


def run(statement: str) -> None:
    """Run a statement that returns nothing. Raises: ClickHouseUnavailable."""
    client = get_client()
    with _answering(), _patience(client):
        client.command(statement)


def insert_text(table: str, columns: Sequence[str], chunks: Iterable[bytes], *, token: str) -> None:
    """Insert rows in COPY text format, as `copying.copy_out` reads them. The same token a second time inserts nothing,
    here and in views.

    Raises: ClickHouseUnavailable.
    """
    client = get_client()
    faster = {name: value for name, value in _FASTER.items() if _may_set(client, name)}
    with _answering(), _patience(client):
        client.raw_insert(
            table,
            list(columns),
            _as_stream(chunks),
            fmt="TabSeparated",
            settings={**_INSERT, **faster, **_token(token)},
        )


@contextmanager
def _answering() -> Iterator[None]:
    """Say in our words that there is no answer."""
    try:
        yield
    except (OSError, OperationalError) as error:
        raise ClickHouseUnavailable(_sentence(error)) from error
    except DatabaseError as error:
        if error.code not in _TROUBLE:
            raise
        raise ClickHouseUnavailable(_sentence(error)) from error


@contextmanager
def _patience(client: Client) -> Iterator[None]:
    """Let a client wait for work on a server; a dead connection is found out by the system's own probes."""
    if not isinstance(client, HttpClient):
        yield
        return
    usual, client.timeout = client.timeout, Timeout(connect=_CONNECT_SECONDS, read=_WORK_SECONDS)
    try:
        yield
    finally:
        client.timeout = usual


# One insert is one block, whatever its size, so that a repeated batch is cut in the same places. An empty field is an
# absent value: 0 or the empty string.
_INSERT = {
    "async_insert": 0,
    "deduplicate_blocks_in_dependent_materialized_views": 1,
    "input_format_parallel_parsing": 0,
    "input_format_tsv_empty_as_default": 1,
    "max_insert_block_size": 10_000_000,
    "min_insert_block_size_rows": 10_000_000,
    "min_insert_block_size_bytes": 4_000_000_000,
    "throw_on_max_partitions_per_insert_block": 0,
}
# For speed alone, where the server knows it and lets us: nothing is written as NULL; views work side by side; they
# group as their tables do, so that there is nothing to merge before the insert.
_FASTER = {
    "input_format_defaults_for_omitted_fields": 0,
    "input_format_null_as_default": 0,
    "optimize_on_insert": 0,
    "parallel_view_processing": 1,
}


def _may_set(client: Client, name: str) -> bool:
    known = client.server_settings.get(name)
    return known is not None and not known.readonly


def _token(token: str) -> dict[str, object]:
    return {"insert_deduplication_token": token} if token else {"insert_deduplicate": 0}


def _as_stream(chunks: Iterable[bytes]) -> Any:  # raw_insert takes what yields bytes, though it declares less
    return iter(chunks)


def close() -> None:
    """Close this thread's client and the idle ones and let go of the folder; for a process's end and for tests."""
    _local.lent = None  # which lays it with the idle ones
    while _idle:
        _idle.pop()[1].close()
    with _opening:
        for lock in _folders.values():
            os.close(lock)
        _folders.clear()
        _prepared.clear()


def _database_of(url: str) -> str:
    parts = urlsplit(url)
    return DATABASE if parts.scheme == "chdb" else unquote(parts.path.strip("/")) or DATABASE


def _connect(url: str, database: str | None) -> Client:
    parts = urlsplit(url)
    if parts.scheme == "chdb":
        return clickhouse_connect.get_client(interface="chdb", path=_own_folder(parts.path), database=database)
    secure = parts.scheme == "clickhouses"
    return clickhouse_connect.get_client(
        host=parts.hostname or "localhost",
        port=parts.port or (8443 if secure else 8123),
        username=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=database,
        secure=secure,
        connect_timeout=_CONNECT_SECONDS,
        send_receive_timeout=_ASK_SECONDS,
        autogenerate_session_id=False,
    )


def _own_folder(path: str) -> str:
    """Return a chDB folder that this process holds the lock of. Raises: ClickHouseFolderBusy."""
    folder = os.path.realpath(path)
    if folder not in _folders:
        Path(folder).mkdir(parents=True, exist_ok=True)
        lock = os.open(f"{folder}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.read(lock, 20).decode(errors="replace").strip() or "unknown"
            os.close(lock)
            raise ClickHouseFolderBusy(
                f"Process {owner} has the ClickHouse folder {folder} open, and only one can. "
                "Ask the running app, or stop it first."
            ) from error
        os.truncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())
        _folders[folder] = lock
    return folder


def _prepare(url: str) -> None:
    """Make the database and apply the rooms' statements that it has not had yet. Raises: ClickHouseTooOld."""
    database = _database_of(url)
    client = _connect(url, None)
    try:
        _check_version(client.server_version or "")
        found = client.query("SELECT 1 FROM system.databases WHERE name = {name:String}", {"name": database})
        if not found.result_rows:
            client.command(f"CREATE DATABASE IF NOT EXISTS {_quote(database)}")
    finally:
        client.close()
    client = _connect(url, database)
    try:
        client.command(
            "CREATE TABLE IF NOT EXISTS schema_statement (room String, name String, applied_at DateTime DEFAULT now())"
            " ENGINE = MergeTree ORDER BY (room, name)"
        )
        if _list_missing(client):
            with _alone(url):
                for room, name, statement in _list_missing(client):  # another process may have been faster
                    client.command(statement)
                    note = "INSERT INTO schema_statement (room, name) SELECT {room:String}, {name:String}"
                    client.command(note, {"room": room, "name": name})
                    log.info("clickhouse_statement_applied", room=room, statement=name)
    finally:
        client.close()
    _prepared.add(url)


def _list_missing(client: Client) -> list[tuple[str, str, str]]:
    applied = {(room, name) for room, name in client.query("SELECT room, name FROM schema_statement").result_rows}
    return [one for one in list_schema_statements() if one[:2] not in applied]


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Let no other process change a server's tables, and no shipper write to them. A folder has one process anyway."""
    if urlsplit(url).scheme == "chdb":
        yield
        return
    with connect() as connection:
        try:
            connection.execute(f"SET lock_timeout = '{_CHANGE_SECONDS}s'")
            connection.execute("SELECT pg_advisory_lock(%s)", [SHIPPING_LOCK])
        except psycopg.errors.LockNotAvailable as error:
            raise ClickHouseUnavailable(
                "ClickHouse's tables have to be changed, and another process keeps writing to them. Try again soon."
            ) from error
        yield


def _check_version(version: str) -> None:
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < OLDEST_SERVER:
        oldest = ".".join(str(part) for part in OLDEST_SERVER)
        raise ClickHouseTooOld(f"The ClickHouse server is of version {version}. Senet needs {oldest} or newer.")


def list_schema_statements() -> list[tuple[str, str, str]]:
    """Return every room's statements as (room, name, text), in the order in which they apply."""
    return [
        (config.label, path.stem, path.read_text(encoding="utf-8"))
        for config in apps.get_app_configs()
        for path in sorted((Path(config.path) / "clickhouse_sql").glob("*.sql"))
    ]


def _quote(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _sentence(error: Exception) -> str:
    first_line = next(iter(str(error).splitlines()), type(error).__name__)
    return f"ClickHouse does not answer, so there are no numbers just now ({first_line[:200]}). Try again soon."
