"""A mail server that says what a test tells it to, and certificates for one that speaks TLS."""

from __future__ import annotations

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

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


def make_certificate(folder: Path, name: str = "localhost") -> tuple[Path, ssl.SSLContext]:
    """Make a certificate for a name and 127.0.0.1; returns its file and a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context
