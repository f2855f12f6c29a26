"""`senet web`: the API and the user interface, served by uvicorn inside this process."""

from __future__ import annotations

import socket
import threading

import structlog
import uvicorn
from django.conf import settings

from senet.config.asgi import application
from senet.workers.front import make_front
from senet.workers.heartbeats import start_heartbeat
from senet.workers.loops import Pulse
from senet.workers.process import begin, wait_for
from senet.workers.remote import clickhouse_held

log = structlog.get_logger(__name__)

_LAST_ANSWERS_SECONDS = 5


class WebServer:
    """The app's HTTP server in a thread of its own."""

    def __init__(self, host: str, port: int) -> None:
        self._socket = listen(host, port)
        self._server = uvicorn.Server(_make_config())
        self._thread = threading.Thread(target=self._server.run, args=[[self._socket]], name="web", daemon=True)

    def start(self) -> threading.Thread:
        """Begin to answer."""
        self._thread.start()
        return self._thread

    def stop(self) -> None:
        """Finish the requests at hand and take no more."""
        self._server.should_exit = True


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; done first, so that a port in use ends the process at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named: asyncio sets TCP_NODELAY by it
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.set_inheritable(False)
    return listener


def _make_config() -> uvicorn.Config:
    return uvicorn.Config(
        make_front(application, settings.UI_DIR),
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        http="h11",  # it refuses a head of more than 64 kB; others would take one of any size
        server_header=False,
        timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        backlog=2048,
    )


def run() -> None:
    """Serve the app until told to stop."""
    stop = begin()
    with clickhouse_held(settings.ENVIRONMENT.local_url):
        server = WebServer(settings.HOST, settings.PORT)
        thread = server.start()
        heartbeat = start_heartbeat([Pulse("web")], stop)
        log.info("listening", url=settings.APP_URL)
        while not stop.wait(0.5) and thread.is_alive():
            pass
        stop.set()
        server.stop()
        wait_for([thread, heartbeat], seconds=10)
