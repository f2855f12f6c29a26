"""One connection to a mail server: it opens a session and carries messages, and never blocks.

Three messages are in it at a time: one whose text is under way, one whose MAIL, RCPT and DATA went along in the same
write (RFC 2920), and one that waits for the next write. So a message costs one round trip and two system calls.
"""

from __future__ import annotations

import selectors
import socket
import ssl
from collections import deque
from enum import IntEnum
from typing import Any

from senet.delivery.errors import ProtocolBroken, ProviderFailed
from senet.delivery.smtp.address import SmtpSettings, Tls
from senet.delivery.smtp.replies import Reply, ReplyReader
from senet.delivery.smtp.session import START_TLS, open_session
from senet.delivery.smtp.transaction import END, Features, UnsendableError, write_commands, write_text
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict

_CHUNK = 65_536
_NOT_LET_IN = frozenset({530, 534, 535, 538})  # the server wants another login: no message's fault


class Expect(IntEnum):
    """What the next reply is about."""

    RESET = 0
    MAIL = 1
    RCPT = 2
    DATA = 3
    TEXT = 4
    NOTHING_SENT = 5  # the end of an empty text, after a server that wanted one without a recipient
    QUIT = 6


_STAGES = {Expect.MAIL: Stage.MAIL, Expect.RCPT: Stage.RCPT}


class Transaction:
    """One message on its way through a connection."""

    __slots__ = ("commands", "message", "refusal", "text_end")

    def __init__(self, message: Outgoing) -> None:
        self.message = message
        self.commands: deque[tuple[Expect, bytes]] = deque()
        self.refusal: Outcome | None = None
        self.text_end: int | None = None  # where in the stream of bytes its final dot ends


class Connection:
    """A connection. The client calls `on_ready` with what the selector found, and reads `outcomes`."""

    def __init__(
        self, settings: SmtpSettings, context: ssl.SSLContext | None, address: tuple[Any, ...], now: float
    ) -> None:
        family, kind, protocol, _, target = address
        self.settings = settings
        self.outcomes: list[Outcome] = []
        self.features: Features | None = None  # None: the session is not open yet
        self.current: Transaction | None = None
        self.waiting: deque[Transaction] = deque()
        self.heard_at = now
        self.is_closing = False
        self._context = context
        self._opening = open_session(settings)
        self._reader = ReplyReader()
        self._expected: deque[tuple[Expect, Transaction | None]] = deque()
        self._needs_reset = False
        self._unwritten: memoryview | None = None
        self._queued = 0  # bytes that were ever given to `_write`
        self._connecting = True
        self._shaking_hands = False
        self._plain_writing = True
        self.socket: socket.socket = socket.socket(family, kind, protocol)
        self.socket.setblocking(False)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.connect_ex(target)
        next(self._opening)

    # -- what the client asks ------------------------------------------------------------------------------------

    @property
    def is_open(self) -> bool:
        """Say whether it carries messages."""
        return self.features is not None and not self.is_closing

    @property
    def load(self) -> int:
        """How many messages are in it."""
        return (self.current is not None) + len(self.waiting)

    @property
    def wants(self) -> int:
        """What the selector should wait for."""
        if self._connecting or self._unwritten is not None:
            return selectors.EVENT_READ | selectors.EVENT_WRITE
        return selectors.EVENT_READ

    @property
    def patience_seconds(self) -> float | None:
        """How long the server may stay silent now; None while nobody waits for it."""
        if self.features is None:
            return self.settings.connect_timeout_seconds
        if self._expected or self._unwritten is not None:
            return self.settings.timeout_seconds
        return None

    def submit(self, message: Outgoing) -> None:
        """Take a message; only while it is open."""
        assert self.features is not None  # noqa: S101  the client asks before
        transaction = Transaction(message)
        try:
            mail, rcpt = write_commands(message, self.features)
        except UnsendableError as error:
            self.outcomes.append(error.outcome)
            return
        transaction.commands.extend(((Expect.MAIL, mail), (Expect.RCPT, rcpt), (Expect.DATA, b"DATA\r\n")))
        if self.current is None:
            self.current = transaction
            self._write(self._next_commands(transaction))
        else:
            self.waiting.append(transaction)

    def quit(self) -> None:
        """Say good-bye; the server's answer is not waited for."""
        self.is_closing = True
        try:
            if self.features is not None and self._unwritten is None and self.current is None:
                self.socket.send(b"QUIT\r\n")
        except OSError:
            pass
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self.is_closing = True
        self.socket.close()

    def abandon(self) -> list[Outcome]:
        """Return what became of the messages of a connection that was lost."""
        found = list(self.outcomes)
        self.outcomes = []
        text = "The connection to the mail server was lost."
        sent = self._queued - (len(self._unwritten) if self._unwritten is not None else 0)
        for transaction in (*([self.current] if self.current else []), *self.waiting):
            if transaction.refusal is not None:
                found.append(transaction.refusal)
            elif transaction.text_end is not None and transaction.text_end <= sent:
                found.append(Outcome(transaction.message.id, Verdict.UNKNOWN, Stage.DATA, text=text))
            else:  # only the one whose answer was due may be to blame
                stage = Stage.DATA if transaction is self.current and not self.is_closing else Stage.CONNECT
                found.append(Outcome(transaction.message.id, Verdict.UNSENT, stage, text=text))
        self.current = None
        self.waiting.clear()
        return found

    # -- what the selector found ---------------------------------------------------------------------------------

    def on_ready(self, mask: int, now: float) -> None:
        """Go on. Raises: OSError, ProviderFailed when the connection is of no more use."""
        if self._connecting:
            self._finish_connecting()
            if self._connecting:
                return
        if self._shaking_hands:
            self._shake_hands()
            return
        if mask & selectors.EVENT_WRITE and self._unwritten is not None:
            self._write_on()
        if mask & selectors.EVENT_READ:
            self._read(now)

    def _finish_connecting(self) -> None:
        error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise ConnectionError(error, "The mail server cannot be reached")
        try:
            self.socket.getpeername()
        except OSError:
            return
        self._connecting = False
        if self.settings.tls is Tls.IMPLICIT:
            self._start_tls()

    def _read(self, now: float) -> None:
        while True:
            try:
                data = self.socket.recv(_CHUNK)
            except (BlockingIOError, ssl.SSLWantReadError):
                return
            except ssl.SSLWantWriteError:
                return
            if not data:
                raise ConnectionResetError("The mail server closed the connection")
            self.heard_at = now
            for reply in self._reader.feed(data):
                self._on_reply(reply)
            if not isinstance(self.socket, ssl.SSLSocket) or not self.socket.pending():
                return

    def _write(self, data: bytes) -> None:
        self._queued += len(data)
        if self._unwritten is not None:
            self._unwritten = memoryview(bytes(self._unwritten) + data)
            return
        try:
            sent = self.socket.send(data)
        except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
            sent = 0
        if sent < len(data):
            self._unwritten = memoryview(data)[sent:]
            self._write_on()

    def _write_on(self) -> None:
        rest = self._unwritten
        while rest:
            try:
                rest = rest[self.socket.send(rest) :]
            except (BlockingIOError, ssl.SSLWantWriteError, ssl.SSLWantReadError):
                break
        self._unwritten = rest or None

    # -- opening -------------------------------------------------------------------------------------------------

    def _start_tls(self) -> None:
        if self._reader.has_leftovers:
            raise ProtocolBroken("The mail server sent more than its answer before the connection was protected.")
        assert self._context is not None  # noqa: S101  the client makes one whenever TLS may be used
        self.socket = self._context.wrap_socket(
            self.socket, server_hostname=self.settings.host, do_handshake_on_connect=False
        )
        self._shaking_hands = True
        self._shake_hands()

    def _shake_hands(self) -> None:
        assert isinstance(self.socket, ssl.SSLSocket)  # noqa: S101
        try:
            self.socket.do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return
        self._shaking_hands = False
        if self.settings.tls is not Tls.IMPLICIT:
            self._open_on(None)

    def _open_on(self, reply: Reply | None) -> None:
        try:
            data = self._opening.send(reply)  # type: ignore[arg-type]  # None: TLS is up, there was no reply
        except StopIteration as done:
            self.features = done.value
            return
        if data == START_TLS:
            self._start_tls()
        elif data is not None:
            self._write(data)

    # -- replies -------------------------------------------------------------------------------------------------

    def _on_reply(self, reply: Reply) -> None:
        if self.features is None:
            if self._shaking_hands:
                raise ProtocolBroken("The mail server spoke before the connection was protected.")
            self._open_on(reply)
            return
        if not self._expected:
            raise ProviderFailed(f"The mail server ended the session: {reply.code} {reply.text}")
        expect, transaction = self._expected.popleft()
        if transaction is not None:
            self._on_answer(expect, transaction, reply)
        if reply.code == 421:
            raise ProviderFailed(f"The mail server ended the session: {reply.text}")

    def _on_answer(self, expect: Expect, transaction: Transaction, reply: Reply) -> None:
        wants_text = reply.code == 354
        if (wants_text and expect is not Expect.DATA) or (
            reply.code < 400 and expect is Expect.DATA and not wants_text
        ):
            raise ProtocolBroken(f"The mail server answered {reply.code} out of place.")
        if expect is Expect.TEXT:
            self._on_text_taken(transaction, reply)
        elif expect is Expect.NOTHING_SENT:
            self._finish(transaction, transaction.refusal)
        elif wants_text:
            self._send_text(transaction)
        elif reply.code >= 400:
            self._on_refusal(expect, transaction, reply)
        elif transaction.commands and transaction is self.current:  # no pipelining: the next command
            self._write(self._next_commands(transaction))

    def _on_text_taken(self, transaction: Transaction, reply: Reply) -> None:
        if reply.code // 100 == 2:
            outcome = Outcome(transaction.message.id, Verdict.ACCEPTED, Stage.DATA, reply.code, reply.enhanced)
        else:
            outcome = self._refusal(transaction, Stage.DATA, reply)
        self._finish(transaction, outcome)

    def _on_refusal(self, expect: Expect, transaction: Transaction, reply: Reply) -> None:
        if expect is Expect.MAIL and reply.code in _NOT_LET_IN:
            self.is_closing = True  # nobody's message is to blame
            raise ProviderFailed(f"The mail server does not let us send: {reply.code} {reply.text}")
        if transaction.refusal is None:
            transaction.refusal = self._refusal(transaction, _STAGES.get(expect, Stage.DATA), reply)
        if expect is Expect.DATA or not (self.features and self.features.pipelining):
            self._needs_reset = True
            transaction.commands.clear()
            self._finish(transaction, transaction.refusal)

    @staticmethod
    def _refusal(transaction: Transaction, stage: Stage, reply: Reply) -> Outcome:
        return Outcome(transaction.message.id, Verdict.REFUSED, stage, reply.code, reply.enhanced, reply.text)

    def _send_text(self, transaction: Transaction) -> None:
        if transaction.refusal is not None:  # it wants a text though it has refused the recipient
            self._expected.append((Expect.NOTHING_SENT, transaction))
            self._write(END)
            return
        message = transaction.message
        parts = [message.content if message.stuffed else write_text(message.content), END]
        self._expected.append((Expect.TEXT, transaction))
        transaction.text_end = self._queued + len(parts[0]) + len(END)
        if self.waiting and self.features is not None and self.features.pipelining:
            parts.append(self._next_commands(self.waiting[0]))
        self._write(b"".join(parts))

    def _finish(self, transaction: Transaction, outcome: Outcome | None) -> None:
        assert outcome is not None  # noqa: S101  every way here has one
        self.outcomes.append(outcome)
        if transaction is not self.current:
            raise ProtocolBroken("The mail server answered out of order.")
        self.current = self.waiting.popleft() if self.waiting else None
        if self.current is not None and self._unsent(self.current):
            self._write(self._next_commands(self.current))

    def _unsent(self, transaction: Transaction) -> bool:
        return len(transaction.commands) == 3

    def _next_commands(self, transaction: Transaction) -> bytes:
        """Return the commands to write now, and expect their replies: all of them where pipelining is offered."""
        parts: list[bytes] = []
        if self._needs_reset and self._unsent(transaction):
            self._needs_reset = False
            self._expected.append((Expect.RESET, None))
            parts.append(b"RSET\r\n")
        assert self.features is not None  # noqa: S101
        count = len(transaction.commands) if self.features.pipelining else 1
        for _ in range(count):
            expect, data = transaction.commands.popleft()
            self._expected.append((expect, transaction))
            parts.append(data)
        return b"".join(parts)
