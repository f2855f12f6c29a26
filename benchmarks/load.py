"""A bounded load client on loopback: raw sockets, keep-alive, a fixed number of requests, then it stops by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass


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


async def _drive(port: int, requests: Sequence[bytes], expected: bytes, times: list[float]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    wrong = 0
    for request in requests:
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        start = lower.find(b"content-length:")
        if start >= 0:
            length = int(lower[start + 15 : lower.index(b"\r\n", start)])
            if length:
                await reader.readexactly(length)
        wrong += not head.startswith(expected)
        times.append(time.perf_counter() - started)
    writer.close()
    return wrong


async def _run(port: int, requests: Sequence[bytes], expected: bytes, connections: int) -> Load:
    times: list[float] = []
    started = time.perf_counter()
    wrong = await asyncio.gather(
        *(_drive(port, requests[start::connections], expected, times) for start in range(connections))
    )
    return Load(len(requests), sum(wrong), time.perf_counter() - started, max(times, default=0) * 1000)


def drive(port: int, requests: Sequence[bytes], *, expected: bytes, connections: int = 64) -> Load:
    """Send requests over a number of connections and wait for every answer."""
    return asyncio.run(_run(port, requests, expected, connections))


def make_get(path: str, port: int) -> bytes:
    """Return a GET as a browser would send it."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64; "
        "rv:140.0) Gecko/20100101 Firefox/140.0\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate\r\n\r\n"
    ).encode()
