"""A bounded load client on loopback: raw sockets, keep-alive, a fixed number of requests, then it stops by itself.

It shares the cores with what it measures, so it does little: one thread that waits for all connections at once, one
`recv` and one `send` a request in the usual case, and nothing read of an answer but its status and its length.
"""

from __future__ import annotations

import selectors
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

_HEAD_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_PATIENCE_SECONDS = 30
_READ_BYTES = 16_384


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of requests came to."""

    requests: int
    wrong: int
    seconds: float
    slowest_milliseconds: float

    @property
    def per_second(self) -> float:
        """Answered as expected, per second."""
        return (self.requests - self.wrong) / self.seconds


class _Caller:
    """One keep-alive connection that asks, and asks again when it has been answered."""

    def __init__(self, port: int, requests: Sequence[bytes], expected: bytes) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.wrong = 0
        self.slowest = 0.0
        self._requests = iter(requests)
        self._expected = expected
        self._asked_at = 0.0
        self._read = b""

    def ask(self) -> bool:
        """Send the next request; False when there is none."""
        for request in self._requests:
            self._asked_at = time.perf_counter()
            if self.socket.send(request) != len(request):
                raise BufferError("A request does not fit into the socket's buffer.")
            return True
        return False

    def hear(self) -> bool:
        """Read what has come; True when that completes the answer."""
        part = self.socket.recv(_READ_BYTES)
        if not part:
            raise ConnectionError("The server closed a connection before its answer.")
        read = self._read + part if self._read else part
        end = read.find(_HEAD_END)
        if end < 0 or len(read) < end + len(_HEAD_END) + _find_length(read, end):
            self._read = read
            return False
        self._read = b""
        self.wrong += not read.startswith(self._expected)
        self.slowest = max(self.slowest, time.perf_counter() - self._asked_at)
        return True


def _find_length(read: bytes, end: int) -> int:
    start = read.find(_LENGTH, 0, end)
    if start < 0:
        read = read.lower()
        start = read.find(_LENGTH, 0, end)
    return int(read[start + len(_LENGTH) : read.index(b"\r\n", start)]) if start >= 0 else 0


def drive(port: int, requests: Sequence[bytes], *, expected: bytes, connections: int = 64) -> Load:
    """Send requests over a number of connections and wait for every answer."""
    with ExitStack() as closing:
        selector = closing.enter_context(selectors.DefaultSelector())
        callers = []
        for start in range(connections):
            callers.append(_Caller(port, requests[start::connections], expected))
            closing.enter_context(callers[-1].socket)
            selector.register(callers[-1].socket, selectors.EVENT_READ, callers[-1])
        started = time.perf_counter()
        asking = sum(caller.ask() for caller in callers)
        while asking:
            ready = selector.select(_PATIENCE_SECONDS)
            if not ready:
                raise TimeoutError("The server did not answer.")
            for key, _ in ready:
                if key.data.hear() and not key.data.ask():
                    asking -= 1
        seconds = time.perf_counter() - started
    wrong, slowest = sum(caller.wrong for caller in callers), max(caller.slowest for caller in callers)
    return Load(len(requests), wrong, seconds, slowest * 1000)


def make_get(path: str, port: int) -> bytes:
    """Return a GET as a browser would send it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; "
        "rv:140.0) Gecko/20100101 Firefox/140.0\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n\r\n"
    ).encode()
