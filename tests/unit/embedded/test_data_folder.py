"""One Senet a data folder."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from senet.embedded.data_folder import DataFolderLock, find_running
from senet.embedded.errors import DataFolderBusy
from senet.embedded.secret import read_or_make_secret

_HOLD = """
import sys, time
from pathlib import Path
from senet.embedded.data_folder import DataFolderLock
lock = DataFolderLock(Path(sys.argv[1]), "up")
lock.take(app_url="http://127.0.0.1:8000")
print("held", flush=True)
time.sleep(60)
"""


def test_a_free_folder_is_taken_and_given_back(tmp_path: Path) -> None:
    lock = DataFolderLock(tmp_path, "up")
    lock.take(app_url="http://127.0.0.1:8000")
    lock.release()
    assert find_running(tmp_path, "up") is None


def test_a_second_one_is_refused_with_a_sentence_and_a_kill_frees_the_folder(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        running = find_running(tmp_path, "up")
        assert running is not None
        assert (running.pid, running.app_url) == (holder.pid, "http://127.0.0.1:8000")
        with pytest.raises(DataFolderBusy, match="SENET_DATA"):
            DataFolderLock(tmp_path, "up").take()
        other = DataFolderLock(tmp_path, "app")
        other.take()  # is another matter
        other.release()
        holder.send_signal(signal.SIGKILL)
    assert find_running(tmp_path, "up") is None
    freed = DataFolderLock(tmp_path, "up")
    freed.take()
    freed.release()


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    secret = read_or_make_secret(tmp_path / "data")
    assert len(secret) >= 48
    assert read_or_make_secret(tmp_path / "data") == secret
    assert os.stat(tmp_path / "data" / "secret").st_mode & 0o777 == 0o600  # noqa: PTH116
