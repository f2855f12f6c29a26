"""`senet app`: web, worker and shipper in one process, the only one that opens the embedded ClickHouse."""

from __future__ import annotations

import threading

import structlog
from django.conf import settings

from senet.workers import shipper
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Pulse, run_in_threads
from senet.workers.pacemaker import make_loops
from senet.workers.process import begin, wait_for
from senet.workers.remote import clickhouse_held
from senet.workers.web import WebServer
from senet.workers.worker import JobWorker

log = structlog.get_logger(__name__)


def run() -> None:
    """Run the app until told to stop."""
    stop = begin()
    with clickhouse_held(settings.ENVIRONMENT.local_url):
        server = WebServer(settings.HOST, settings.PORT)
        loops, worker = [*make_loops(), shipper.make_verdict_loop(), shipper.make_loop()], JobWorker()
        heartbeat = start_heartbeat([Pulse("app"), worker.pulse, *(loop.pulse for loop in loops)], stop)
        threads = run_in_threads(loops, stop)
        jobs = threading.Thread(target=worker.run, args=[stop], name="worker", daemon=True)
        jobs.start()
        web = server.start()
        log.info("listening", url=settings.APP_URL)
        while not stop.wait(0.5) and web.is_alive():
            pass
        stop.set()
        server.stop()
        wait_for([web, jobs, *threads, heartbeat], seconds=15)
    log.info("stopped")
