"""The load client counts what it was really answered, however the answer arrives."""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from benchmarks.load import drive, make_get

FOUND = b"HTTP/1.1 302 Found\r\nContent-Length: 5\r\nx: y\r\n\r\nhello"


@contextmanager
def serving(*parts: bytes) -> Iterator[int]:
    """A server that answers every request in these parts; an empty part hangs up."""

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            while self.rfile.readline().startswith(b"GET "):
                while self.rfile.readline() != b"\r\n":
                    pass
                for part in parts:
                    if not part:
                        return
                    self.wfile.write(part)
                    time.sleep(0.005)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield int(server.server_address[1])
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    "parts", [[FOUND], [FOUND[:20], FOUND[20:]], [FOUND[:-3], FOUND[-3:]], [FOUND[:-7], FOUND[-7:]]]
)
def test_every_request_is_sent_and_every_answer_waited_for(parts: list[bytes]) -> None:
    with serving(*parts) as port:
        load = drive(port, [make_get("/", port)] * 10, expected=b"HTTP/1.1 302", connections=3)
    assert (load.requests, load.wrong) == (10, 0)
    assert load.seconds * 1000 >= load.slowest_milliseconds >= 5 * (len(parts) - 1)


def test_an_answer_with_another_status_is_wrong_and_does_not_count() -> None:
    with serving(b"HTTP/1.1 500 Oh\r\n\r\n") as port:
        load = drive(port, [make_get("/", port)] * 4, expected=b"HTTP/1.1 302", connections=2)
    assert (load.wrong, load.per_second) == (4, 0)


def test_a_server_that_hangs_up_fails_the_run() -> None:
    with serving(FOUND[:-1], b"") as port, pytest.raises(ConnectionError):
        drive(port, [make_get("/", port)] * 4, expected=b"HTTP/1.1 302", connections=2)
