"""`senet worker`: background jobs, and the pacemaker that moves journeys and evaluates segments.

Jobs are Procrastinate's: asynchronous, with plain functions in threads. Jobs of a worker that died are taken up again.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable

import structlog
from django.db import close_old_connections, connections
from procrastinate import App, JobContext
from procrastinate.contrib.django import app as procrastinate_app
from procrastinate.contrib.django.django_connector import DjangoConnector

from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Loop, Pulse, run_in_threads
from senet.workers.pacemaker import make_loops
from senet.workers.process import begin, wait_for

log = structlog.get_logger(__name__)

_CONCURRENCY = 4
_LAST_JOBS_SECONDS = 8.0
_STALLED_SECONDS = 30.0
_RESCUE_SECONDS = 10.0


class JobWorker:
    """Runs jobs in a thread with an event loop of its own; starts again after a failure."""

    def __init__(self) -> None:
        self.pulse = Pulse("worker")

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop."""
        loop = Loop("worker", lambda _now: self._run_until(stop), pause_seconds=1.0)
        loop.pulse = self.pulse
        loop.run(stop)

    def _run_until(self, stop: threading.Event) -> int:
        asyncio.run(self._work(stop))
        return 0

    async def _work(self, stop: threading.Event) -> None:
        connector = procrastinate_app.connector
        assert isinstance(connector, DjangoConnector)  # noqa: S101  Django's integration always has one
        jobs = App(connector=connector.get_worker_connector())
        jobs.tasks = procrastinate_app.tasks  # the same tasks on a connection made for waiting
        jobs.periodic_registry = procrastinate_app.periodic_registry
        async with jobs.open_async():
            working = asyncio.create_task(
                jobs.run_worker_async(
                    concurrency=_CONCURRENCY,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=2.0,
                    shutdown_graceful_timeout=_LAST_JOBS_SECONDS,
                    stalled_worker_timeout=_STALLED_SECONDS,
                    delete_jobs="successful",
                    task_middleware=[_with_connection],
                )
            )
            rescuing = asyncio.create_task(self._rescue(jobs))
            while not stop.is_set() and not working.done():
                self.pulse.error = ""
                await asyncio.sleep(0.2)
            rescuing.cancel()
            working.cancel()
            results = await asyncio.gather(working, rescuing, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result

    async def _rescue(self, jobs: App) -> None:
        """Give the jobs of dead workers back to the queue."""
        while True:
            for job in await jobs.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS):
                log.warning("job_rescued", job=job.id, task=job.task_name)
                await jobs.job_manager.retry_job(job)
            await asyncio.sleep(_RESCUE_SECONDS)


def _with_connection(call_next: Callable[[], object], context: JobContext, _worker: object) -> object:
    """Run a task in its thread on a sound database connection, and give that back afterwards."""
    started = time.perf_counter()
    close_old_connections()
    try:
        return call_next()
    finally:
        connections.close_all()
        seconds = round(time.perf_counter() - started, 3)
        log.info("job_ran", task=context.job.task_name, job=context.job.id, seconds=seconds)


def run() -> None:
    """Work until told to stop."""
    stop = begin()
    loops, worker = make_loops(), JobWorker()
    heartbeat = start_heartbeat([worker.pulse, *(loop.pulse for loop in loops)], stop)
    threads = run_in_threads(loops, stop)
    worker.run(stop)
    close_old_connections()
    wait_for([*threads, heartbeat], seconds=10)
