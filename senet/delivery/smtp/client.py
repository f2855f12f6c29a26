"""A pool of connections to one mail server, behind the port `MailClient`. One thread drives it.

A server that does not work pauses the client, each time for longer, and gives back what it holds: no message is to
blame. A server that refuses some connections while others work is asked for no more of them for a while.
"""

from __future__ import annotations

import random
import selectors
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

import structlog

from senet.delivery.errors import ProviderFailed
from senet.delivery.smtp.address import SmtpSettings, Tls
from senet.delivery.smtp.connection import Connection
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict

log = structlog.get_logger(__name__)

_LOAD = 3  # messages a connection carries
_IDLE_SECONDS = 30.0
_FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE_SECONDS = 60.0
_KNOWN_SECONDS = 300.0  # how long a resolved name is good
_TICK_SECONDS = 0.5


class SmtpClient:
    """Sends through one SMTP server."""

    def __init__(
        self,
        settings: SmtpSettings,
        *,
        clock: Callable[[], float] = time.monotonic,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.settings = settings
        self.trouble = ""
        self._clock = clock
        self._chance = chance
        self._context: ssl.SSLContext | None = None if settings.tls is Tls.NONE else settings.make_tls_context()
        self._selector = selectors.DefaultSelector()
        self._connections: list[Connection] = []
        self._interests: dict[Connection, int] = {}
        self._backlog: deque[Outgoing] = deque()
        self._outcomes: list[Outcome] = []
        self._failures = 0
        self._paused_until = 0.0
        self._limit = settings.connections
        self._limited_until = 0.0
        self._checked_at = 0.0
        self._addresses: list[tuple[Any, ...]] = []
        self._resolved_at = 0.0
        self._waker, self._woken = socket.socketpair()
        self._waker.setblocking(False)
        self._woken.setblocking(False)
        self._selector.register(self._woken, selectors.EVENT_READ, None)

    # -- the port ------------------------------------------------------------------------------------------------

    @property
    def free(self) -> int:
        """How many messages it takes just now."""
        if self.pause_seconds > 0:
            return 0
        return max(0, self._limit * _LOAD - self.busy)

    @property
    def busy(self) -> int:
        """How many messages it holds."""
        return len(self._backlog) + sum([connection.load for connection in self._connections])

    @property
    def pause_seconds(self) -> float:
        """How long it will not try again."""
        return max(0.0, self._paused_until - self._clock()) if self._paused_until else 0.0

    def submit(self, message: Outgoing) -> None:
        """Take a message."""
        self._backlog.append(message)

    def poll(self, timeout_seconds: float) -> Sequence[Outcome]:
        """Go on, wait for news no longer than that, and return what has become of messages."""
        if self._backlog:
            self._hand_out()
        timeout = 0.0 if self._outcomes else min(timeout_seconds, _TICK_SECONDS)
        ready = self._selector.select(timeout)
        now = self._clock()
        for key, mask in ready:
            if key.data is None:
                self._swallow()
            else:
                self._go_on(key.data, mask, now)
        if now - self._checked_at > _TICK_SECONDS:
            self._check_times(now)
        if self._backlog:
            self._hand_out()
        found, self._outcomes = self._outcomes, []
        return found

    def wake(self) -> None:
        """End a `poll` that waits."""
        with suppress(OSError):  # it has been told already, or is closed
            self._waker.send(b".")

    def close(self) -> Sequence[Outcome]:
        """End every connection and give back what is under way."""
        for connection in list(self._connections):
            self._forget(connection)
            connection.quit()
            self._outcomes.extend(connection.abandon())
        self._give_back()
        for resource in (self._waker, self._woken, self._selector):
            resource.close()
        found, self._outcomes = self._outcomes, []
        return found

    # -- connections ---------------------------------------------------------------------------------------------

    def _go_on(self, connection: Connection, mask: int, now: float) -> None:
        try:
            connection.on_ready(mask, now)
        except (OSError, ProviderFailed) as error:
            self._lose(connection, error, now)
            return
        self._collect(connection)
        self._set_interest(connection)

    def _collect(self, connection: Connection) -> None:
        if connection.outcomes:
            self._outcomes.extend(connection.outcomes)
            connection.outcomes.clear()
            self._failures = 0
            self.trouble = ""

    def _set_interest(self, connection: Connection) -> None:
        wanted = connection.wants
        if self._interests[connection] != wanted:
            self._selector.modify(connection.socket, wanted, connection)
            self._interests[connection] = wanted

    def _hand_out(self) -> None:
        """Give waiting messages to connections: idle ones first, then new ones, then as second to busy ones."""
        now = self._clock()
        for load in range(_LOAD):
            for connection in list(self._connections):
                if not self._backlog:
                    return
                if connection.is_open and connection.load == load:
                    self._submit_to(connection, self._backlog.popleft(), now)
            if load == 0:
                self._open_more(now)

    def _submit_to(self, connection: Connection, message: Outgoing, now: float) -> None:
        if connection.current is None:
            connection.heard_at = now
        try:
            connection.submit(message)
        except (OSError, ProviderFailed) as error:
            self._lose(connection, error, now)
            return
        if connection.outcomes:
            self._outcomes.extend(connection.outcomes)
            connection.outcomes.clear()
        self._set_interest(connection)

    def _open_more(self, now: float) -> None:
        if self._limit < self.settings.connections and now >= self._limited_until:
            self._limit = self.settings.connections
        opening = sum(1 for connection in self._connections if connection.features is None)
        while self._paused_until <= now and opening < len(self._backlog) and len(self._connections) < self._limit:
            opening += 1
            try:
                connection = Connection(self.settings, self._context, self._find_address(now), now)
            except OSError as error:
                self._fail(error, now)
                return
            self._connections.append(connection)
            self._interests[connection] = connection.wants
            self._selector.register(connection.socket, connection.wants, connection)

    def _find_address(self, now: float) -> tuple[Any, ...]:
        if not self._addresses or now - self._resolved_at > _KNOWN_SECONDS:
            self._addresses = list(socket.getaddrinfo(self.settings.host, self.settings.port, type=socket.SOCK_STREAM))
            self._resolved_at = now
        return self._addresses[self._failures % len(self._addresses)]

    def _lose(self, connection: Connection, error: Exception, now: float) -> None:
        was_open = connection.features is not None
        idle = was_open and connection.load == 0
        self._forget(connection)
        self._outcomes.extend(connection.abandon())
        connection.close()
        if idle:  # servers end sessions that nobody uses
            return
        others = sum(1 for other in self._connections if other.is_open)
        if others and not was_open:  # it wants fewer connections
            self._limit, self._limited_until = others, now + _LONGEST_PAUSE_SECONDS
            log.info("smtp_connections_limited", provider=self.settings.name, count=others, error=_say(error))
        else:
            self._fail(error, now)

    def _fail(self, error: Exception, now: float) -> None:
        """Pause, each time for longer; a message that gets an answer ends the count."""
        self._failures += 1
        pause = min(_FIRST_PAUSE_SECONDS * 2 ** (self._failures - 1), _LONGEST_PAUSE_SECONDS)
        if self._failures > 1 or not self._connections:
            self._paused_until = max(self._paused_until, now + pause * (0.5 + self._chance() / 2))
        self.trouble = _say(error)
        log.warning("smtp_failed", provider=self.settings.name, failures=self._failures, error=self.trouble)
        if not self._connections:
            self._resolved_at = 0.0
            self._give_back()

    def _forget(self, connection: Connection) -> None:
        self._selector.unregister(connection.socket)
        self._connections.remove(connection)
        del self._interests[connection]

    def _give_back(self) -> None:
        text = self.trouble or "The mail server was not asked."
        self._outcomes.extend(
            Outcome(message.id, Verdict.UNSENT, Stage.CONNECT, text=text) for message in self._backlog
        )
        self._backlog.clear()

    def _check_times(self, now: float) -> None:
        self._checked_at = now
        for connection in list(self._connections):
            silent, patience = now - connection.heard_at, connection.patience_seconds
            if patience is not None and silent > patience:
                self._lose(connection, TimeoutError(f"The mail server was silent for {patience:.0f} seconds"), now)
            elif patience is None and silent > _IDLE_SECONDS:
                self._forget(connection)
                connection.quit()

    def _swallow(self) -> None:
        with suppress(BlockingIOError):
            while self._woken.recv(1024):
                pass


def _say(error: Exception) -> str:
    """Return a failure in words, on one line."""
    return " ".join(str(error).split())[:300] or type(error).__name__
