"""The SMTP sink as a process: `python -m senet.demo.smtp_sink --port N [--record FILE] [--drop] [--tls FOLDER]`.

It prints `listening PORT` once it does. With --record it appends a line a recipient (address, tab, Message-ID) before
it acknowledges the message, so that the file survives a kill at any moment. With --tls it makes a certificate in that
folder and offers STARTTLS.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import signal
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from senet.demo.certificates import make_certificate
from senet.demo.smtp_sink import Envelope, Sink, SinkOptions

_MESSAGE_ID = re.compile(rb"^message-id:\s*(\S+)", re.IGNORECASE | re.MULTILINE)


class Recorder:
    """Appends what was taken to a file, one write a burst, before anybody is told."""

    def __init__(self, path: Path, *, sync: bool = False) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        self._sync = sync

    def __call__(self, taken: Sequence[Envelope]) -> None:
        lines: list[str] = []
        for envelope in taken:
            head = envelope.data[: envelope.data.find(b"\r\n\r\n") + 2]
            match = _MESSAGE_ID.search(head)
            name = match[1].decode("ascii", "replace") if match else ""
            lines.extend(f"{recipient}\t{name}\n" for recipient in envelope.recipients)
        rest = memoryview("".join(lines).encode())
        while rest:
            rest = rest[os.write(self._file, rest) :]
        if self._sync:
            os.fdatasync(self._file)


async def _serve(arguments: argparse.Namespace) -> None:
    recorder = Recorder(arguments.record, sync=arguments.sync) if arguments.record else None
    tls = make_certificate(arguments.tls)[1] if arguments.tls else None
    options = SinkOptions(pipelining=not arguments.no_pipelining, tls=tls)
    if arguments.drop:
        options = replace(options, rules=())
    sink = Sink(recorder, options)
    port = await sink.start(arguments.host, arguments.port)
    os.write(1, f"listening {port}\n".encode())
    done = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, done.set)
    await done.wait()
    await sink.stop()
    os.write(1, f"taken {sink.counters.messages}\n".encode())


def main(arguments: Sequence[str] | None = None) -> None:
    """Run until told to stop."""
    parser = argparse.ArgumentParser(description="Take mail and deliver it to nobody.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0: any free port; it is printed")
    parser.add_argument("--record", type=Path, help="append recipient and Message-ID of each message to this file")
    parser.add_argument("--sync", action="store_true", help="also wait for the disk before acknowledging")
    parser.add_argument("--drop", action="store_true", help="refuse nobody: a pure sink")
    parser.add_argument("--tls", type=Path, help="make certificate.pem and key.pem in this folder and offer STARTTLS")
    parser.add_argument("--no-pipelining", action="store_true", help="do not offer PIPELINING")
    asyncio.run(_serve(parser.parse_args(arguments)))
