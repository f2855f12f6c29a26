"""`senet up` with real processes: starts, survives kills, stops, keeps its data."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from senet.embedded.postgres import postgres_runs
from tests.support.processes import free_port, wait_for

pytestmark = [pytest.mark.processes, pytest.mark.timeout(240)]


class Upright:
    """One `senet up` in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = {
            "SENET_DATA": str(folder / "data"),
            "SENET_PORT": str(self.port),
            "SENET_DOOR_PORT": str(free_port()),
            "SENET_SENDERS": "1",
        }
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            key: value for key, value in os.environ.items() if not key.startswith(("SENET_", "DATABASE_", "DJANGO"))
        }
        return kept | self.settings

    @property
    def output(self) -> str:
        return (self.folder / "up.txt").read_text(errors="replace")

    def start(self) -> None:
        with (self.folder / "up.txt").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "senet", "up"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        wait_for(self.health, seconds=120, what=f"healthz answers 200\n{self.output}")

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def health(self) -> dict[str, Any]:
        assert self.process is not None
        assert self.process.poll() is None, self.output
        response = httpx.get(f"http://127.0.0.1:{self.port}/healthz", timeout=10, trust_env=False)
        return response.json() if response.status_code == 200 else {}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "senet", *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            stdin=subprocess.DEVNULL,
        )

    def family(self) -> dict[str, psutil.Process]:
        """The supervisor's children, by the command they run; PostgreSQL as "postgres"."""
        assert self.process is not None
        found = {}
        for child in psutil.Process(self.process.pid).children():
            try:
                words = child.cmdline()
                is_server = "postgres" in child.name()
            except psutil.Error:  # gone, or not yet itself
                continue
            if words:
                found["postgres" if is_server else words[-1]] = child
        return found

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)


@pytest.fixture(scope="module")
def shared() -> Iterator[Upright]:
    with tempfile.TemporaryDirectory(prefix="senet-up-", ignore_cleanup_errors=True) as made:
        one = Upright(Path(made))
        yield one
        if one.is_running():
            one.stop()


@pytest.fixture
def upright(shared: Upright) -> Upright:
    """One that runs and is well; the tests of this module share it and may leave it stopped."""
    if not shared.is_running():
        shared.start()
    return shared


@pytest.fixture
def nothing_runs(tmp_path: Path) -> Upright:
    """One in a folder of its own that was never started."""
    return Upright(tmp_path)


def test_everything_starts_stops_and_leaves_nobody_behind(upright: Upright) -> None:
    family = upright.family()
    assert set(family) == {"app", "door", "sender", "postgres"}
    everyone = [process for child in family.values() for process in (child, *child.children(recursive=True))]
    assert "Sign in as" in upright.output
    assert upright.stop() == 0
    _, alive = psutil.wait_procs(everyone, timeout=5)
    assert alive == []
    assert "Stopped." in upright.output


def test_a_second_start_keeps_the_login(upright: Upright) -> None:
    login = json.loads((upright.folder / "data/login.json").read_text())
    assert (upright.folder / "data/login.json").stat().st_mode & 0o777 == 0o600
    with httpx.Client(base_url=f"http://127.0.0.1:{upright.port}", trust_env=False) as browser:
        token = browser.get("/api/v1/auth/csrf").json()["csrf"]
        answer = browser.post("/api/v1/auth/login", json=login, headers={"X-CSRFToken": token})
        assert answer.status_code == 200, answer.text
    upright.stop()
    upright.start()
    assert json.loads((upright.folder / "data/login.json").read_text()) == login


@pytest.mark.parametrize("victim", ["app", "door", "sender", "postgres"])
def test_what_is_killed_comes_back(upright: Upright, victim: str) -> None:
    dead = upright.family()[victim]
    dead.kill()

    def is_replaced() -> bool:
        successor = upright.family().get(victim)
        return successor is not None and successor.pid != dead.pid

    wait_for(is_replaced, seconds=30, what=victim)
    wait_for(upright.health, seconds=60, what=f"all is well again\n{upright.output[-3000:]}")


def test_a_killed_supervisor_takes_its_children_along_and_the_next_start_is_clean(upright: Upright) -> None:
    family = upright.family()
    assert upright.process is not None
    upright.process.kill()
    upright.process.wait()
    _, alive = psutil.wait_procs(list(family.values()), timeout=30)
    assert alive == []
    assert not postgres_runs(upright.folder / "data/postgres")
    upright.start()


def test_a_second_one_on_the_same_folder_is_refused_with_a_sentence(upright: Upright) -> None:
    second = Upright(upright.folder).command("up")  # on other ports
    assert second.returncode == 1
    assert "Another Senet" in second.stderr
    assert "SENET_DATA" in second.stderr
    assert "Traceback" not in second.stderr


def test_commands_work_beside_it(upright: Upright) -> None:
    check = upright.command("check")
    assert "PostgreSQL 18" in check.stdout, check.stdout + check.stderr
    assert "Answers at" in check.stdout
    made = upright.command("create-user", "ann@example.com", "--password", "a long password indeed", "--role", "viewer")
    assert made.returncode in {0, 1}  # made by an earlier run of this module
    assert "Traceback" not in made.stderr


def test_a_port_in_use_is_told_before_anything_starts(nothing_runs: Upright) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", nothing_runs.port))
        taken.listen()
        refused = nothing_runs.command("up")
    assert refused.returncode == 1
    assert f"Port {nothing_runs.port}, for the app, is in use. Set SENET_PORT to" in refused.stderr
    assert not (nothing_runs.folder / "data/postgres").exists()


def test_commands_work_when_nothing_runs(nothing_runs: Upright) -> None:
    migrated = nothing_runs.command("migrate")
    assert migrated.returncode == 0, migrated.stderr
    assert not postgres_runs(nothing_runs.folder / "data/postgres")
    check = nothing_runs.command("check")
    assert check.returncode == 1
    assert "Start `senet up`" in check.stdout
