"""Starts the engines that the suite runs on: one embedded PostgreSQL a run, a template database, a copy a worker.

Input: DATABASE_URL, when the suite should run on a server of the operator's; else the embedded server is started.
The address reaches the xdist workers through the environment, before Django reads its settings.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_KEY = "SENET_TEST_ROOT"


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Start the server before anybody reads Django's settings (a wrapper runs before every plain hook)."""
    if _KEY not in os.environ:
        _start()
    # A data folder a process: the embedded ClickHouse opens one folder a process, and one process a folder.
    os.environ["SENET_DATA"] = f"{os.environ[_KEY]}/data-{os.getpid()}"
    yield


def _start() -> None:
    root = Path(tempfile.mkdtemp(prefix="senet-test-"))
    root.chmod(0o755)  # PostgreSQL runs as its own user when the suite runs as root
    os.environ[_KEY] = str(root)
    os.environ["SENET_DNS"] = "off"  # a test that asks names asks a server of its own
    os.environ["SENET_TEST_OWNER"] = str(os.getpid())
    if not os.environ.get("DATABASE_URL"):
        from senet.embedded.postgres import start_postgres

        os.environ["DATABASE_URL"] = start_postgres(root / "postgres", durable=False, tied=True)
        os.environ["SENET_TEST_POSTGRES"] = str(root / "postgres")


def pytest_unconfigure() -> None:
    """Stop the server and remove its folder, in the process that started it."""
    if os.environ.get("SENET_TEST_OWNER") != str(os.getpid()):
        return
    if folder := os.environ.get("SENET_TEST_POSTGRES"):
        from senet.embedded.postgres import stop_postgres

        stop_postgres(Path(folder))
    shutil.rmtree(os.environ[_KEY], ignore_errors=True)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Keep Playwright and others from guessing: the suite's browser is the system's Chromium."""
    config.addinivalue_line("markers", "slow: takes more than ten seconds")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs a real mail server where it cannot run: such a server changes to users of its own."""
    if os.geteuid() == 0:
        return
    left_out = [item for item in items if item.get_closest_marker("mail_servers")]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]
