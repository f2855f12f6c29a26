"""What our senders are compared with, and the sink for all of them: a bare pipelined client, and smtplib.

The bare client sends ready-made bytes and knows nothing of anybody. Where ours speak TLS or sign, it does too, so that
a ratio says what compiling, rendering and the outbox cost, and not what a cipher costs.
"""

from __future__ import annotations

import os
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

_COMMANDS = b"MAIL FROM:<news@shop.example.com>\r\nRCPT TO:<p1@example.com>\r\nDATA\r\n"


@dataclass(frozen=True, slots=True)
class Target:
    """Where a sink listens, and the certificate that its clients trust; none: no TLS."""

    port: int
    authority: Path | None = None

    @property
    def url(self) -> str:
        """The address that our senders are given."""
        tls = f"tls=starttls&ca={self.authority}" if self.authority else "tls=none"
        return f"smtp://127.0.0.1:{self.port}?{tls}"

    def make_context(self) -> ssl.SSLContext | None:
        """Return how a client checks the sink's certificate."""
        return ssl.create_default_context(cafile=self.authority) if self.authority else None


@contextmanager
def running_sink_process(*, tls: bool, record: Path | None = None) -> Iterator[Target]:
    """Run a sink in a process of its own; with `record` it writes down whom each message was for."""
    folder = Path(os.environ["SENET_DATA"])
    command = [sys.executable, "-m", "senet.demo.smtp_sink", "--drop"]
    command += ["--tls", str(folder)] if tls else []
    command += ["--record", str(record)] if record is not None else []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            port = int(process.stdout.readline().split()[1])
            yield Target(port, folder / "certificate.pem" if tls else None)
        finally:
            process.terminate()
            process.stdout.read()


def run_bare(target: Target, content: bytes, *, count: int, clients: int, signs: bool) -> float:
    """Send the same bytes with so many processes at once.

    Units: messages a second.
    """
    path = Path(os.environ["SENET_DATA"]) / "ready.eml"
    path.write_bytes(content)
    share = max(1, count // clients)
    authority = str(target.authority or "")
    command = [sys.executable, "-m", "benchmarks.mail_clients", str(target.port), authority, str(share), str(path)]
    command += ["signed"] if signs else []
    processes = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(clients)]
    for process in processes:
        assert process.stdout is not None
        process.stdout.readline()  # it is connected
    started = time.perf_counter()
    for process in processes:
        process.communicate(b"\n")
    return share * clients / (time.perf_counter() - started)


def send_bare(target: Target, count: int, content: bytes, *, signs: bool) -> None:
    """Send the same bytes again and again, pipelined, and count the replies' lines."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    from senet.delivery.domains.signing import SigningKey, sign

    keys = [SigningKey("shop.example.com", "bench", generate_private_key(65_537, 2048))] if signs else []
    client = socket.create_connection(("127.0.0.1", target.port))
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def wait(lines: int) -> None:
        while lines > 0:
            lines -= client.recv(65_536).count(b"\n")

    def say(line: bytes, lines: int) -> None:
        client.sendall(line)
        wait(lines)

    wait(1)
    context = target.make_context()
    if context is not None:
        say(b"EHLO bench\r\n", 7)
        say(b"STARTTLS\r\n", 1)
        client = context.wrap_socket(client, server_hostname="127.0.0.1")
    say(b"HELO bench\r\n", 1)
    say(_COMMANDS, 3)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for _ in range(count):
        say((sign(content, keys, at=0) if keys else content) + b".\r\n" + _COMMANDS, 4)
    client.close()


def run_smtplib(target: Target, count: int) -> float:
    """Send as a program without a compiler does: Liquid, links and `EmailMessage` for each person, then smtplib.

    Units: seconds.
    """
    from liquid import Environment

    from benchmarks.render import SETTINGS, make_html
    from senet.content.plain_text import make_plain_text
    from senet.shared.tokens import LinkToken, sign_link

    html = Environment(autoescape=True).from_string(make_html())
    text = Environment().from_string(make_plain_text(make_html()))
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", target.port) as client:
        context = target.make_context()
        if context is not None:
            client.starttls(context=context)
        assert client.sock is not None
        client.sock.setsockopt(
            socket.IPPROTO_TCP, socket.TCP_NODELAY, 1
        )  # else each TLS record waits 40 ms for the last
        for number in range(count):
            contact = {"first_name": f"First{number}", "last_name": f"Last{number}", "city": "Zürich"}
            scope = {"contact": contact, "company": {}, "content_settings": SETTINGS}
            links = iter(range(1, 100))

            def redirect(_: re.Match[str], number: int = number, links: Iterator[int] = links) -> str:
                token = sign_link(LinkToken(number, 1, next(links)), purpose="redirect")
                return f'href="https://links.example.com/r/{token}"'

            message = EmailMessage(policy=SMTP)
            message["From"], message["To"] = "The Shop <news@shop.example.com>", f"p{number}@example.com"
            message["Subject"] = f"Spring is here, First{number}"
            message.set_content(text.render(**scope))
            message.add_alternative(re.sub(r'href="https?:[^"]*"', redirect, html.render(**scope)), subtype="html")
            client.send_message(message)
    return time.perf_counter() - started


if __name__ == "__main__":
    port, authority, count, path, *signed = sys.argv[1:]
    send_bare(
        Target(int(port), Path(authority) if authority else None),
        int(count),
        Path(path).read_bytes(),
        signs=bool(signed),
    )
