"""An import whose process dies in the middle: nothing is lost, nothing is there twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

ROWS = 20_000
_PROGRAM = """
import sys
import django
django.setup()
from pathlib import Path
from senet.people.importing.run import run_import
from senet.people.importing.start import start_import
run_id = int(sys.argv[2]) or start_import(Path(sys.argv[1]), filename="contacts.csv", principal=None)
print(run_id, flush=True)
run_import(run_id, chunk_rows=500, progress=lambda done, total: print(done, flush=True))
"""


def _start(url: str, file: Path, run_id: int, tmp_path: Path) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DATABASE_URL": url,
        "SENET_DATA": str(tmp_path / "data"),
        "DJANGO_SETTINGS_MODULE": "senet.config.settings",
    }
    return subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, str(file), str(run_id)], env=environment, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.processes
def test_a_killed_import_goes_on_and_every_row_is_there_once(fresh_database: Callable[[], str], tmp_path: Path) -> None:
    url = fresh_database()
    file = tmp_path / "contacts.csv"
    file.write_text("email\n" + "".join(f"p{n}@example.com\n" for n in range(ROWS)), encoding="utf-8")
    run_id = 0
    for _ in range(3):
        process = _start(url, file, run_id, tmp_path)
        assert process.stdout is not None
        run_id = int(process.stdout.readline())
        process.stdout.readline()
        time.sleep(0.1)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT status, processed, created FROM import_run").fetchone()
        count = connection.execute("SELECT count(*) FROM contact").fetchone()
    assert row is not None
    assert count is not None
    assert row[0] == "running"
    assert 0 < row[1] < ROWS
    assert row[1] == row[2] == count[0]  # the counters and the contacts were committed together
    process = _start(url, file, run_id, tmp_path)
    process.communicate(timeout=120)
    assert process.returncode == 0
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT status, processed, created, rejected FROM import_run").fetchone()
        emails = connection.execute("SELECT count(*), count(DISTINCT email) FROM contact").fetchone()
    assert row == ("done", ROWS, ROWS, 0)
    assert emails == (ROWS, ROWS)
