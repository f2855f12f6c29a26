"""The data folder's lock: one running Senet a folder, and where commands find it.

`up.lock` is held by `senet up` for as long as it lives (the kernel lets go of it, whatever the end). `up.json` says
which process that is and where its app answers.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from senet.embedded.errors import DataFolderBusy


@dataclass(frozen=True, slots=True)
class Running:
    """The Senet that works on a data folder."""

    pid: int
    app_url: str
    door_url: str


class DataFolderLock:
    """Holds a data folder for one process."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._file: IO[str] | None = None

    def take(self, running: Running) -> None:
        """Take the folder, or raise DataFolderBusy with a sentence that names who has it."""
        self._data_dir.mkdir(parents=True, exist_ok=True)
        file = (self._data_dir / "up.lock").open("a")
        if not _lock(file):
            file.close()
            raise DataFolderBusy(_busy_sentence(self._data_dir))
        self._file = file
        draft = self._data_dir / f"up.json.{os.getpid()}"
        draft.write_text(json.dumps(asdict(running)), encoding="utf-8")
        draft.replace(self._data_dir / "up.json")

    def release(self) -> None:
        """Let go of the folder."""
        if self._file is not None:
            (self._data_dir / "up.json").unlink(missing_ok=True)
            self._file.close()
            self._file = None


def _lock(file: IO[str]) -> bool:
    for _ in range(10):  # a command that looks who runs holds the lock for a moment
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            time.sleep(0.03)
        else:
            return True
    return False


def find_running(data_dir: Path) -> Running | None:
    """Return the Senet that holds this folder, or None when none does."""
    try:
        with (data_dir / "up.lock").open("r") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except OSError:
                return Running(**json.loads((data_dir / "up.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, json.JSONDecodeError, TypeError):
        return None
    return None


def _busy_sentence(data_dir: Path) -> str:
    running = find_running(data_dir)
    who = f" (process {running.pid}, {running.app_url})" if running else ""
    return (
        f"Another Senet{who} works on the data folder {data_dir}. "
        "Stop it first, or set SENET_DATA to another folder to run a second one beside it."
    )
