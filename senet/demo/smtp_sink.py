"""An SMTP server that takes mail and delivers it to nobody: the core of the demo mailbox, and a sink for tests.

Input: SMTP on loopback (PIPELINING, 8BITMIME, SMTPUTF8, SIZE; STARTTLS and AUTH on request). Output: each message, to a
callable. It scans bytes and keeps nothing itself, so it takes in more than a sender can give. Some recipients are
refused on purpose (see `rules.py`).

As a process: `python -m senet.demo.smtp_sink --port 2525 --record taken.txt`; as a thread: `with running_sink() as
sink`.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from senet.demo.rules import DEFAULT_RULES, Rule, Rules

MAX_LINE = 4096
_MAIL = re.compile(rb"MAIL FROM:\s*<([^<>\r\n]*)>(.*)", re.IGNORECASE | re.DOTALL)
_RCPT = re.compile(rb"RCPT TO:\s*<([^<>\r\n]+)>(.*)", re.IGNORECASE | re.DOTALL)
_SIZE = re.compile(rb"\bSIZE=(\d{1,20})\b", re.IGNORECASE)
_END = b"\r\n.\r\n"
_DOT = re.compile(rb"\r\n\.")


@dataclass(frozen=True, slots=True)
class Envelope:
    """One message as it was handed over, dots unstuffed."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class SinkOptions:
    """What the server offers and how it behaves."""

    size_limit: int = 50 * 1024 * 1024
    pipelining: bool = True
    rules: Sequence[Rule] = DEFAULT_RULES
    tls: ssl.SSLContext | None = None  # offers STARTTLS
    users: Mapping[str, str] = field(default_factory=dict)  # offers AUTH, and asks for it before MAIL
    messages_a_connection: int = 0  # then 421 and close; 0: no limit
    greeting: bytes = b"220 sink.localhost ESMTP"


@dataclass(slots=True)
class Counters:
    """What happened since the start. Only the server's own thread writes it."""

    connections: int = 0
    messages: int = 0
    recipients: int = 0
    refused: int = 0
    bytes: int = 0


Take = Callable[[Sequence[Envelope]], None]


class _Session(asyncio.Protocol):
    """One connection. Bytes in, replies out; every burst of input is answered by one write."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.transport: asyncio.Transport | None = None
        self.buffer = bytearray()
        self.taken: list[Envelope] = []
        self.replies: list[bytes] = []
        self.in_data = False
        self.scanned = 0
        self.overflow = self.dotted = False
        self.messages = 0
        self.authenticated = not sink.options.users
        self.awaiting: Callable[[bytes], None] | None = None
        self.greeted = self.secure = self.closing = self.upgrading = False
        self.reset()

    def reset(self) -> None:
        self.sender: str | None = None
        self.recipients: list[str] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  a TCP server makes these
        self.transport = transport
        self.sink.counters.connections += 1
        self.sink.transports.add(transport)
        transport.write(self.sink.options.greeting + b"\r\n")

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002  the protocol's signature
        if self.transport is not None:
            self.sink.transports.discard(self.transport)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if self.upgrading:  # an answer now would leave unprotected
            return
        while not self.closing and (self._read_data() if self.in_data else self._read_line()):
            pass
        if self.taken:
            self.sink.take(self.taken)  # before the replies: what is acknowledged is kept
            self.taken = []
        self._flush()

    def _flush(self) -> None:
        if self.transport is None:
            return
        if self.replies:
            self.transport.write(b"".join(self.replies))
            self.replies = []
        if self.closing:
            self.transport.close()

    def reply(self, line: bytes) -> None:
        self.replies.append(line + b"\r\n")

    # -- commands ------------------------------------------------------------------------------------------------

    def _read_line(self) -> bool:
        end = self.buffer.find(b"\r\n", 0, MAX_LINE)
        if end < 0:
            if len(self.buffer) >= MAX_LINE:
                self.reply(b"500 5.5.2 Line too long")
                self.closing = True
            return False
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 2]
        if self.awaiting is not None:
            answer, self.awaiting = self.awaiting, None
            answer(line)
            return True
        verb = line[:4].upper()
        command = self._COMMANDS.get(verb)
        if command is None:
            self.reply(b"502 5.5.2 Command not recognised")
        else:
            command(self, line)
        return True

    def _helo(self, line: bytes) -> None:  # noqa: ARG002  every command takes its line
        self.greeted = True
        self.reset()
        self.reply(b"250 sink.localhost")

    def _ehlo(self, line: bytes) -> None:  # noqa: ARG002
        options = self.sink.options
        self.greeted = True
        self.reset()
        offers = [b"sink.localhost", b"8BITMIME", b"SMTPUTF8", b"ENHANCEDSTATUSCODES", b"SIZE %d" % options.size_limit]
        if options.pipelining:
            offers.append(b"PIPELINING")
        if options.tls and not self.secure:
            offers.append(b"STARTTLS")
        if options.users:
            offers.append(b"AUTH PLAIN LOGIN")
        for offer in offers[:-1]:
            self.reply(b"250-" + offer)
        self.reply(b"250 " + offers[-1])

    def _mail(self, line: bytes) -> None:
        match = _MAIL.fullmatch(line)
        size = _SIZE.search(match[2]) if match else None
        if not self.greeted:
            self.reply(b"503 5.5.1 Say EHLO first")
        elif not self.authenticated:
            self.reply(b"530 5.7.0 Authentication required")
        elif self.sender is not None:
            self.reply(b"503 5.5.1 Sender already given")
        elif match is None:
            self.reply(b"501 5.5.4 Syntax: MAIL FROM:<address>")
        elif size and int(size[1]) > self.sink.options.size_limit:
            self.reply(b"552 5.3.4 Message too big")
        elif 0 < self.sink.options.messages_a_connection <= self.messages:
            self.reply(b"421 4.7.0 Too many messages on this connection")
            self.closing = True
        else:
            self.sender = match[1].decode("utf-8", "replace")
            self.reply(b"250 2.1.0 OK")

    def _rcpt(self, line: bytes) -> None:
        match = _RCPT.fullmatch(line)
        if self.sender is None:
            self.reply(b"503 5.5.1 MAIL first")
        elif match is None:
            self.reply(b"501 5.5.4 Syntax: RCPT TO:<address>")
        elif len(self.recipients) >= 1000:
            self.reply(b"452 4.5.3 Too many recipients")
        else:
            recipient = match[1].decode("utf-8", "replace")
            rule = self.sink.rules.find(recipient)
            if rule is None or rule.at_data:
                self.recipients.append(recipient)
                self.reply(b"250 2.1.5 OK")
            else:
                self._refuse(recipient, rule)

    def _refuse(self, recipient: str, rule: Rule) -> None:
        self.sink.counters.refused += 1
        self.sink.rules.note(recipient)
        if rule.reply:
            self.reply(rule.reply)
        if rule.hang_up:
            self.closing = True

    def _data(self, line: bytes) -> None:  # noqa: ARG002
        if not self.recipients:
            self.reply(b"503 5.5.1 RCPT first" if self.sender is None else b"554 5.5.1 No valid recipients")
            return
        self.reply(b"354 End data with <CR><LF>.<CR><LF>")
        self.buffer[:0] = b"\r\n"  # so that a dot on the very first line ends the text as well
        self.in_data, self.scanned, self.overflow, self.dotted = True, 0, False, False

    def _read_data(self) -> bool:
        end = self._find_end()
        if end < 0:
            if len(self.buffer) > self.sink.options.size_limit:
                self.overflow = True
                del self.buffer[: -len(_END)]
                self.scanned = 0
            return False
        with memoryview(self.buffer) as view:
            text = bytes(view[2 : end + 2])
        del self.buffer[: end + len(_END)]
        self.in_data = False
        self._finish(text)
        self.reset()
        return True

    def _find_end(self) -> int:
        """Return where the closing dot's line begins, or -1; one pass, which also notes doubled dots on its way."""
        buffer = self.buffer
        while (match := _DOT.search(buffer, self.scanned)) is not None:
            place = match.start()
            following = buffer[place + 3 : place + 5]
            if following == b"\r\n":
                return place
            if len(following) < 2:
                self.scanned = place
                return -1
            self.dotted = True
            self.scanned = place + 3
        self.scanned = max(0, len(buffer) - 2)
        return -1

    def _finish(self, text: bytes) -> None:
        if self.overflow or len(text) > self.sink.options.size_limit:
            self.reply(b"552 5.3.4 Message too big")
            return
        if self.dotted:
            text = (b"\r\n" + text).replace(b"\r\n.", b"\r\n")[2:]
        for recipient in self.recipients:
            if (rule := self.sink.rules.find(recipient)) is not None:
                self._refuse(recipient, rule)
                return
        self.messages += 1
        self.taken.append(Envelope(self.sender or "", tuple(self.recipients), text))
        self.reply(b"250 2.0.0 Taken")

    def _rset(self, line: bytes) -> None:  # noqa: ARG002
        self.reset()
        self.reply(b"250 2.0.0 OK")

    def _noop(self, line: bytes) -> None:  # noqa: ARG002
        self.reply(b"250 2.0.0 OK")

    def _vrfy(self, line: bytes) -> None:  # noqa: ARG002
        self.reply(b"252 2.5.0 Send it and see")

    def _quit(self, line: bytes) -> None:  # noqa: ARG002
        self.reply(b"221 2.0.0 Bye")
        self.closing = True

    # -- STARTTLS and AUTH -----------------------------------------------------------------------------------------

    def _starttls(self, line: bytes) -> None:  # noqa: ARG002
        if self.sink.options.tls is None or self.secure or self.transport is None:
            self.reply(b"502 5.5.1 TLS not available")
            return
        self.reply(b"220 2.0.0 Go ahead")
        self._flush()
        self.buffer.clear()  # nothing said in the clear counts after this
        self.greeted = False
        self.upgrading = True
        self.transport.pause_reading()
        self.sink.keep(asyncio.get_running_loop().create_task(self._upgrade(self.transport, self.sink.options.tls)))

    async def _upgrade(self, plain: asyncio.Transport, context: ssl.SSLContext) -> None:
        try:
            secure = await asyncio.get_running_loop().start_tls(plain, self, context, server_side=True)
        except (OSError, ssl.SSLError):
            plain.abort()
            return
        self.sink.transports.discard(plain)
        if secure is not None:
            self.transport, self.secure, self.upgrading = secure, True, False
            self.sink.transports.add(secure)
            self.data_received(b"")  # what came with the end of the handshake

    def _auth(self, line: bytes) -> None:
        words = line.split(b" ")
        method = words[1].upper() if len(words) > 1 else b""
        if not self.sink.options.users:
            self.reply(b"503 5.5.1 No authentication here")
        elif method == b"PLAIN" and len(words) > 2:
            self._auth_plain(words[2])
        elif method == b"PLAIN":
            self.reply(b"334 ")
            self.awaiting = self._auth_plain
        elif method == b"LOGIN":
            self.reply(b"334 VXNlcm5hbWU6")
            self.awaiting = self._auth_login
        else:
            self.reply(b"504 5.5.4 Unknown method")

    def _auth_plain(self, line: bytes) -> None:
        parts = _unbase64(line).split(b"\0")
        self._check_login(parts[1] if len(parts) == 3 else b"", parts[-1])

    def _auth_login(self, line: bytes) -> None:
        user = _unbase64(line)
        self.reply(b"334 UGFzc3dvcmQ6")
        self.awaiting = lambda answer: self._check_login(user, _unbase64(answer))

    def _check_login(self, user: bytes, password: bytes) -> None:
        known = self.sink.options.users.get(user.decode("utf-8", "replace"))
        self.authenticated = known is not None and known.encode() == password
        self.reply(b"235 2.7.0 Welcome" if self.authenticated else b"535 5.7.8 Wrong user or password")

    _COMMANDS: Mapping[bytes, Callable[[_Session, bytes], None]] = {
        b"EHLO": _ehlo,
        b"HELO": _helo,
        b"MAIL": _mail,
        b"RCPT": _rcpt,
        b"DATA": _data,
        b"RSET": _rset,
        b"NOOP": _noop,
        b"VRFY": _vrfy,
        b"QUIT": _quit,
        b"STAR": _starttls,
        b"AUTH": _auth,
    }


def _unbase64(text: bytes) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


class Sink:
    """The server: start it in a running loop, and it hands every burst of messages to `on_messages`."""

    def __init__(self, on_messages: Take | None = None, options: SinkOptions | None = None) -> None:
        self.options = options or SinkOptions()
        self.rules = Rules(self.options.rules)
        self.counters = Counters()
        self.transports: set[asyncio.Transport] = set()
        self._on_messages = on_messages
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def take(self, taken: Sequence[Envelope]) -> None:
        """Count a burst of messages and pass it on."""
        for envelope in taken:
            self.counters.messages += 1
            self.counters.recipients += len(envelope.recipients)
            self.counters.bytes += len(envelope.data)
        if self._on_messages is not None:
            self._on_messages(taken)

    def keep(self, task: asyncio.Task[None]) -> None:
        """Hold a reference to a task until it is done."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> int:
        """Listen, and return the port."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(lambda: _Session(self), host, port, backlog=1024)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Stop listening and end every connection."""
        if self._server is not None:
            self._server.close()
        for transport in list(self.transports):
            transport.abort()
        await asyncio.sleep(0)


@dataclass(slots=True)
class RunningSink:
    """A sink in a thread of its own, with everything it took."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    counters: Counters = field(default_factory=Counters)


@contextmanager
def running_sink(options: SinkOptions | None = None, *, port: int = 0, keep: bool = True) -> Iterator[RunningSink]:
    """Run a sink in a thread for the length of a `with` block. Without `keep` it only counts."""
    running = RunningSink()
    sink = Sink(running.envelopes.extend if keep else None, options)
    running.counters = sink.counters
    ready, failures = threading.Event(), list[BaseException]()
    loop = asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        try:
            running.port = await sink.start(port=port)
        except OSError as error:
            failures.append(error)
            return
        finally:
            ready.set()
        await done.wait()
        await sink.stop()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="smtp-sink", daemon=True)
    thread.start()
    ready.wait()
    try:
        if failures:
            raise failures[0]
        yield running
    finally:
        if not failures:
            loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()


if __name__ == "__main__":
    from senet.demo.sink_process import main

    main()
