"""The data folder's locks: who runs in it, and where commands find them.

Two of them: "up" is held by whoever started the embedded PostgreSQL, "app" by the one process that has the embedded
ClickHouse open. The kernel lets go of a lock with the process, whatever its end. Beside the lock lies a file that says
which process that is and where it answers.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

from senet.embedded.errors import DataFolderBusy

LockName = Literal["up", "app"]


@dataclass(frozen=True, slots=True)
class Running:
    """The process that holds a lock, and the app's address when it has one."""

    pid: int
    app_url: str


class DataFolderLock:
    """Holds one of a data folder's locks."""

    def __init__(self, data_dir: Path, name: LockName) -> None:
        self._data_dir = data_dir
        self._name = name
        self._file: IO[str] | None = None

    def take(self, *, app_url: str = "") -> None:
        """Take the lock, or raise DataFolderBusy with a sentence that names who has it."""
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (self._data_dir / f"{self._name}.lock").open("a")
        if not _lock(file):
            file.close()
            raise DataFolderBusy(_busy_sentence(self._data_dir, self._name))
        self._file = file
        draft = self._data_dir / f"{self._name}.json.{os.getpid()}"
        draft.write_text(json.dumps(asdict(Running(os.getpid(), app_url))), encoding="utf-8")
        draft.replace(self._data_dir / f"{self._name}.json")

    def release(self) -> None:
        """Let go of the lock."""
        if self._file is not None:
            (self._data_dir / f"{self._name}.json").unlink(missing_ok=True)
            self._file.close()
            self._file = None


def find_running(data_dir: Path, name: LockName) -> Running | None:
    """Return the process that holds a lock of this folder, or None when none does."""
    try:
        with (data_dir / f"{name}.lock").open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return Running(**json.loads((data_dir / f"{name}.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None
    return None


def _lock(file: IO[str]) -> bool:
    for _ in range(10):  # a command that looks who runs holds the lock for a moment
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.03)
        else:
            return True
    return False


def _busy_sentence(data_dir: Path, name: LockName) -> str:
    running = find_running(data_dir, name)
    who = f" (process {running.pid}{', ' + running.app_url if running.app_url else ''})" if running else ""
    return (
        f"Another Senet{who} works on the data folder {data_dir}. "
        "Stop it first, or set SENET_DATA to another folder to run a second one beside it."
    )
