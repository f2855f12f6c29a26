"""Takes returned mails by SMTP or LMTP, on an address of its own. A mail is acknowledged only after its commit.

Only return paths that were signed here, and the addresses for complaints, are recipients; anything else is refused at
once, so that nobody can fill the database with what does not concern it. It never sends anything.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import DatabaseError, InterfaceError, close_old_connections, connections

from senet.delivery.errors import ListenerUrlInvalid, TooManyKept
from senet.delivery.returns.paths import find_message_of_path
from senet.delivery.returns.receiving import receive
from senet.shared.clock import utc_now

log = structlog.get_logger(__name__)

logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd writes addresses into it
MOST_MAIL_BYTES = 10 * 1024 * 1024
_THREADS = 4
_MOST_SESSIONS = 200
_PATIENCE_SECONDS = 60
COMPLAINTS_TO = frozenset({"abuse", "fbl", "feedback", "complaints", "postmaster"})  # local parts


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to listen, and how to speak."""

    protocol: str
    host: str
    port: int


def read_listen_url(url: str) -> Listening:
    """Return where to listen, from `smtp://0.0.0.0:2525` or `lmtp://127.0.0.1:2424`. Raises: ListenerUrlInvalid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ListenerUrlInvalid from error
    if parts.scheme not in {"smtp", "lmtp"} or not parts.hostname or port is None:
        raise ListenerUrlInvalid
    return Listening(parts.scheme, parts.hostname, port)


class _Smtp(SMTP):
    """SMTP that takes lines longer than the standard's, which returned mails are full of."""

    line_length_limit = 64 * 1024


class _Lmtp(LMTP):
    """LMTP that does so too."""

    line_length_limit = 64 * 1024


class Handler:
    """Answers the commands of one server's sessions."""

    def __init__(self, protocol: str, pool: ThreadPoolExecutor) -> None:
        self._protocol = protocol
        self._pool = pool

    async def handle_RCPT(  # noqa: N802  aiosmtpd's names
        self,
        server: SMTP,  # noqa: ARG002
        session: Session,  # noqa: ARG002
        envelope: Envelope,
        address: str,
        rcpt_options: list[str],  # noqa: ARG002
    ) -> str:
        """Take one recipient a mail, which must be a return path of ours or an address for complaints."""
        local = address.rpartition("@")[0].lower()
        if find_message_of_path(address) is None and local not in COMPLAINTS_TO:
            return "550 5.1.1 No mail of ours has this return path"
        if envelope.rcpt_tos:
            return "452 4.5.3 One recipient at a time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802
        """Write the mail down, and say so only then."""
        content = envelope.original_content or b""
        return await asyncio.get_running_loop().run_in_executor(
            self._pool, self._receive, content, envelope.rcpt_tos[0]
        )

    def _receive(self, content: bytes, recipient: str) -> str:
        try:
            close_old_connections()
            receive(content, envelope_to=recipient, source=self._protocol, now=utc_now())
        except TooManyKept:
            return "452 4.3.1 Too many unreadable mails wait to be looked at"
        except (DatabaseError, InterfaceError) as error:
            connections.close_all()
            log.warning("returned_mail_waits", error=next(iter(str(error).splitlines()), ""))
            return "451 4.3.0 Try again later"
        return "250 2.0.0 Written down"


class Listener:
    """A server in an event loop: `serve` runs until `stop` says that it shall end."""

    def __init__(self, listening: Listening) -> None:
        self.listening = listening
        self.port = listening.port

    async def serve(self, should_stop: Callable[[], bool]) -> None:
        """Listen until told to stop; what is being written down then is finished."""
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="returns") as pool:
            handler = Handler(self.listening.protocol, pool)
            make = _Lmtp if self.listening.protocol == "lmtp" else _Smtp
            loop = asyncio.get_running_loop()

            def make_session() -> SMTP:
                return make(
                    handler,
                    data_size_limit=MOST_MAIL_BYTES,
                    hostname="senet",
                    ident="Senet",
                    timeout=_PATIENCE_SECONDS,
                    enable_SMTPUTF8=True,
                    loop=loop,
                )

            server = await loop.create_server(
                make_session, self.listening.host, self.listening.port, backlog=_MOST_SESSIONS
            )
            self.port = server.sockets[0].getsockname()[1]
            log.info("listening", protocol=self.listening.protocol, port=self.port)
            async with server:
                while not should_stop():
                    await asyncio.sleep(0.1)
            await loop.run_in_executor(pool, connections.close_all)

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Serve in this thread."""
        asyncio.run(self.serve(should_stop))
