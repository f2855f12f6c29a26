"""`senet worker` alone: it runs jobs, and takes up those of a worker that died without a word."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from tests.support.processes import wait_for

pytestmark = [pytest.mark.processes, pytest.mark.timeout(120)]

_TASK = "senet.audiences.tasks.bring_live"


class Worker:
    """A worker process on a database of its own."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.url = database_url
        self.log = folder / "worker.txt"
        environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "SENET_DATA": str(folder),
            "SENET_LOG_FORMAT": "json",
        }
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "senet", "worker"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )

    def ask(self, statement: str) -> object:
        with psycopg.connect(self.url) as connection:
            row = connection.execute(statement.encode()).fetchone()
        return row[0] if row else None

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


@pytest.fixture
def start_worker(tmp_path: Path, fresh_database: Callable[[], str]) -> Iterator[Callable[[str], Worker]]:
    started: list[Worker] = []

    def start(prepare: str) -> Worker:
        url = fresh_database()
        with psycopg.connect(url) as connection:
            connection.execute(prepare.encode())
        started.append(Worker(tmp_path, url))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.process.kill()
            worker.process.wait()


_HEARD = (
    "worker", "journeys", "segments", "workflows", "summaries", "housekeeping", "forwards", "confirmations", "ab tests",
    "open hours",
)  # fmt: skip


def test_a_job_runs_the_worker_is_heard_and_ends_cleanly(start_worker: Callable[[str], Worker]) -> None:
    worker = start_worker(
        f"SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('audiences', '{_TASK}', 0, NULL, NULL,"
        " '{\"segment_id\": 0}', NULL)::procrastinate_job_to_defer_v1])"
    )
    wait_for(lambda: f'"task": "{_TASK}"' in worker.log.read_text(), seconds=40, what="the job ran")
    heard = "SELECT count(*) FROM process_heartbeat WHERE name = ANY (ARRAY['{}'])".format("','".join(_HEARD))
    wait_for(lambda: worker.ask(heard) == len(_HEARD), seconds=10, what="everybody is heard")
    assert worker.stop() == 0
    assert worker.ask("SELECT count(*) FROM process_heartbeat") == 0


def test_a_job_of_a_dead_worker_is_taken_up_again(start_worker: Callable[[str], Worker]) -> None:
    worker = start_worker(
        "WITH dead AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '5 minutes')"
        " RETURNING id) INSERT INTO procrastinate_jobs (queue_name, task_name, args, status, worker_id)"
        f" SELECT 'audiences', '{_TASK}', '{{\"segment_id\": 0}}', 'doing', id FROM dead"
    )
    wait_for(lambda: "job_rescued" in worker.log.read_text(), seconds=60, what="the job was rescued")
    wait_for(lambda: worker.ask("SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == 0, seconds=30,
             what="and done")  # fmt: skip
    assert worker.stop() == 0
