"""A proxy before PostgreSQL that hangs up at the worst moment."""

from __future__ import annotations

import select
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection

_SYNC = b"S\x00\x00\x00\x04"  # by which a client ends its transaction, when it sends statements behind one another


class Proxy:
    """Passes on what client and server say to one another; with `hangs_up` it keeps back what follows a transaction's
    end, and closes both sides.
    """

    def __init__(self, port: int, parameters: dict[str, Any]) -> None:  # what psycopg.connect takes
        self.hangs_up = False
        self._parameters = {**parameters, "host": "127.0.0.1", "port": port, "sslmode": "disable"}

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """Return a connection to this test's database by way of the proxy."""
        return psycopg.connect(**self._parameters, autocommit=True)

    def pass_on(self, client: socket.socket, server: socket.socket) -> None:
        """Do it until one side hangs up, or the proxy does."""
        ended = False
        while True:
            for end in select.select([client, server], [], [])[0]:
                said = end.recv(65_536)
                if not said or (ended and end is server):
                    return
                (server if end is client else client).sendall(said)
                ended = ended or (self.hangs_up and end is client and _SYNC in said)


@contextmanager
def proxy_to_postgres() -> Iterator[Proxy]:
    """A proxy for one connection."""
    parameters = connection.get_connection_params()
    for name in ("cursor_factory", "context", "pool", "prepare_threshold"):
        parameters.pop(name, None)
    with psycopg.connect(**parameters) as direct:
        host, port = direct.info.host, direct.info.port
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(int(listener.getsockname()[1]), parameters)

        def serve() -> None:
            with listener.accept()[0] as client, _reach(host, port) as server:
                proxy.pass_on(client, server)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield proxy
        thread.join(10)


def _reach(host: str, port: int) -> socket.socket:
    if not host.startswith("/"):
        return socket.create_connection((host, port))
    reached = socket.socket(socket.AF_UNIX)
    reached.connect(str(Path(host) / f".s.PGSQL.{port}"))
    return reached
