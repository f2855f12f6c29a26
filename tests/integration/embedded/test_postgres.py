"""The embedded PostgreSQL starts, stops, and comes back after a kill, with its data."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from senet.embedded.postgres import postgres_runs, start_postgres, stop_postgres
from tests.support.processes import wait_for

pytestmark = pytest.mark.processes


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="senet-pg-") as made:
        path = Path(made)
        yield path / "postgres"
        stop_postgres(path / "postgres")


def find_server(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postmaster.pid").read_text().split()[0]))


def test_started_twice_it_runs_once_and_keeps_its_data(folder: Path) -> None:
    url = start_postgres(folder)
    server = find_server(folder)
    assert start_postgres(folder) == url
    assert find_server(folder) == server
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    stop_postgres(folder)
    assert not postgres_runs(folder)
    with psycopg.connect(start_postgres(folder)) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_it_comes_back_after_a_kill_with_what_was_committed(folder: Path) -> None:
    url = start_postgres(folder)
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    os.kill(find_server(folder).pid, signal.SIGKILL)
    wait_for(lambda: not postgres_runs(folder), seconds=10, what="the server is gone")
    with psycopg.connect(start_postgres(folder)) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)


def test_it_listens_on_no_network(folder: Path) -> None:
    with psycopg.connect(start_postgres(folder)) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_names_are_sorted_and_lowered_alike_on_every_machine(folder: Path) -> None:
    with psycopg.connect(start_postgres(folder)) as connection:
        row = connection.execute("SELECT datlocprovider, datlocale, lower('ÉÄ') FROM pg_database WHERE datname='senet'")
        assert row.fetchone() == ("b", "C.UTF-8", "éä")


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of a dead parent on Linux alone")
def test_a_tied_server_ends_with_its_killed_starter(folder: Path) -> None:
    code = (
        "import sys, time, pathlib; from senet.embedded.postgres import start_postgres;"
        "start_postgres(pathlib.Path(sys.argv[1]), tied=True); print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(folder)], stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "up\n"
        assert postgres_runs(folder)
        starter.kill()
    wait_for(lambda: not postgres_runs(folder), seconds=15, what="the server has ended")


def test_a_long_path_is_no_obstacle(folder: Path) -> None:
    deep = folder.parent / ("d" * 80) / ("e" * 30) / "postgres"
    deep.parent.mkdir(parents=True)
    try:
        with psycopg.connect(start_postgres(deep)) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        stop_postgres(deep)
