"""A mail server that says what a test tells it to."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from senet.delivery.ports import MailClient
from senet.delivery.smtp.address import read_url
from senet.delivery.smtp.client import SmtpClient
from senet.delivery.values import Outcome, Outgoing

EHLO = b"250-odd.example\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES\r\n"
Serve = Callable[["Peer"], None]


class Peer:
    """One connection as the server sees it."""

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self.file = connection.makefile("rb")

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)

    def line(self) -> bytes:
        """The next line, without its end; nothing when the client is gone."""
        return self.file.readline().rstrip(b"\r\n")

    def text(self) -> bytes:
        """Everything up to the final dot."""
        lines = []
        while (line := self.file.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines)

    def greet(self, offers: bytes = EHLO) -> None:
        self.say(b"220 odd.example\r\n")
        assert self.line().startswith(b"EHLO")
        self.say(offers)


@contextmanager
def odd_server(serve: Serve) -> Iterator[int]:
    """Run a server whose every connection is one call of `serve`; gives its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    peers: list[socket.socket] = []

    def handle(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, AssertionError):
            serve(Peer(connection))
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                peers.append(connection)
                threading.Thread(target=handle, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for peer in peers:
            with contextlib.suppress(OSError):
                peer.close()


@contextmanager
def client_of(port: int, options: str = "tls=none&connections=1", *, login: str = "") -> Iterator[SmtpClient]:
    """A client of a server on loopback."""
    at = f"{login}@" if login else ""
    client = SmtpClient(read_url(f"smtp://{at}127.0.0.1:{port}?{options}"))
    try:
        yield client
    finally:
        client.close()


def outgoing(number: int, recipient: str = "", content: bytes = b"Subject: x\r\n\r\nHello\r\n") -> Outgoing:
    """A message."""
    return Outgoing(number, "news@shop.example", recipient or f"p{number}@example.org", content)


def send_all(client: MailClient, messages: Sequence[Outgoing], *, seconds: float = 20) -> dict[int, Outcome]:
    """Send messages and return what became of each."""
    waiting, found = list(messages), dict[int, Outcome]()
    deadline = time.monotonic() + seconds
    while len(found) < len(messages):
        assert time.monotonic() < deadline, f"{len(found)} of {len(messages)} outcomes: {client.trouble}"
        while waiting and client.free:
            client.submit(waiting.pop(0))
        for outcome in client.poll(0.05):
            assert outcome.id not in found, "two outcomes for one message"
            found[outcome.id] = outcome
    return found
