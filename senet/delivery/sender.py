"""The sender: claim → render → hand over → record, until it is told to stop.

Four threads share the work, so that none waits for another: this one renders and drives the mail client, the claimer
keeps claimed messages ready, the recorder writes results down, the keeper renews the lease and frees what dead senders
held.

The promise: no more than `WINDOW` messages are under way unrecorded, so that a kill at any moment repeats at most so
many mails and loses none. What a dead sender held is taken over within seconds.
"""

from __future__ import annotations

import gc
import random
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection

from senet.content.values import RenderedMessage
from senet.delivery.claimer import Claimer
from senet.delivery.finishing import Finisher
from senet.delivery.keeper import Keeper
from senet.delivery.ports import MailClient
from senet.delivery.providers import Provider, find_providers
from senet.delivery.recorder import Recorder
from senet.delivery.rendering import Prepared, Renderers
from senet.delivery.retry import RetryPolicy, decide
from senet.delivery.routing import RouteState, list_states
from senet.delivery.values import Outgoing
from senet.messages.actions import keep_links
from senet.messages.states import Event
from senet.messages.values import ClaimedMessage, Pace, Result
from senet.shared.clock import utc_now

log = structlog.get_logger(__name__)

WINDOW = 100  # messages handed over and not yet recorded
_FLUSH_COUNT = 44
_FLUSH_SECONDS = 0.015
_AHEAD = 16  # rendered messages that wait for the client
_GRACE_SECONDS = 10.0
_IDLE_SECONDS = 0.2


@dataclass(slots=True)
class SenderStatus:
    """What a sender says about itself; its heartbeat carries it to `/healthz`."""

    delivered: int = 0
    put_off: int = 0
    bounced: int = 0
    blocked: int = 0
    under_way: int = 0
    trouble: str = ""
    paused_seconds: float = 0.0
    providers: list[RouteState] = field(default_factory=list)

    def count(self, results: Iterable[Result]) -> None:
        """Count results that were recorded."""
        for result in results:
            if result.event in (Event.DELIVER, Event.HAND_OVER):
                self.delivered += 1
            elif result.event is Event.DEFER:
                self.put_off += 1
            elif result.event in (Event.BLOCK, Event.FAIL):
                self.blocked += 1
            elif result.event is not Event.RELEASE:
                self.bounced += 1


def run_sender(stop: threading.Event, status: SenderStatus | None = None, *, window: int = WINDOW) -> None:
    """Send whatever is due, until told to stop. Several of these may run, on any number of hosts."""
    status = status or SenderStatus()
    provider = find_providers(settings.PROVIDERS, settings.SMTP_URL)
    if threading.current_thread() is threading.main_thread():
        _tune_process()
    while not stop.is_set():
        try:
            Sender(provider, status, window=window).run(stop)
        except (DatabaseError, InterfaceError) as error:
            status.trouble = next(iter(str(error).splitlines()), "")
            log.warning("sender_restarts", error=status.trouble)
            connection.close()
            stop.wait(1.0)
    connection.close()


def _tune_process() -> None:
    """Keep the threads from holding each other up, and the collector from walking what never goes away."""
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


class Sender:
    """One lease's work: from registering to giving back what is left.

    A lease that was lost, or claims that failed in the middle, end it in good order; the next one starts afresh.
    """

    def __init__(
        self,
        provider: Provider,
        status: SenderStatus,
        *,
        client: MailClient | None = None,
        policy: RetryPolicy | None = None,
        window: int = WINDOW,
    ) -> None:
        self.status = status
        self._client = client or provider.make_client()
        self._provider_name = provider.name
        self._policy = policy or RetryPolicy()
        self._window = window
        self._keeper = Keeper()
        pace = Pace(provider.name, provider.rate, settings.DOMAIN_RATES)
        self._claimer = Claimer(self._keeper.sender, pace, self._client)
        self._recorder = Recorder(self._keeper.sender, self._client)
        self._renderers = Renderers()
        self._finisher = Finisher()
        self._ready: deque[tuple[ClaimedMessage, Outgoing]] = deque()
        self._under_way: dict[int, ClaimedMessage] = {}
        self._results: list[Result] = []
        self._oldest_result = 0.0

    def run(self, stop: threading.Event) -> None:
        """Send until told to stop, or until the lease is lost."""
        for part in (self._keeper, self._claimer, self._recorder):
            part.start()
        try:
            while not (stop.is_set() or self._keeper.is_lost or self._claimer.is_torn):
                self.step()
        finally:
            self._finish()

    def step(self) -> None:
        """Do what can be done now, and wait for news no longer than a moment."""
        if self._client.pause_seconds > 0:
            self._wait_for_provider()
        elif self._keeper.is_valid:
            self._claimer.resume()
            self._render_ahead()
            self._hand_over()
        self._take_outcomes(self._find_patience())
        self._flush()
        self._forget_recorded()
        self._tell()

    # -- the way of a message --------------------------------------------------------------------------------------

    def _render_ahead(self) -> None:
        """Render a few messages; link targets of their own are on disk before any of them leaves."""
        if len(self._ready) > _AHEAD // 2:
            return
        taken: list[Prepared] = []
        while len(self._ready) + len(taken) < _AHEAD and (prepared := self._claimer.take()) is not None:
            taken.append(prepared)
        try:
            self._ready.extend(self._render(taken))
        except (DatabaseError, InterfaceError) as error:
            connection.close()
            log.warning("rendering_waits", error=next(iter(str(error).splitlines()), ""))
            for prepared in taken:
                self._add_result(Result(prepared.message.id, Event.RELEASE, reason="database_failed"))

    def _render(self, taken: Sequence[Prepared]) -> list[tuple[ClaimedMessage, Outgoing]]:
        now = utc_now()
        self._finisher.refresh(now)
        ready: list[tuple[ClaimedMessage, Outgoing]] = []
        links: list[tuple[int, int, str]] = []
        results: list[Result] = []
        for prepared in taken:
            made = self._make(prepared, now)
            if isinstance(made, Result):
                results.append(made)
            else:
                outgoing, rendered = made
                ready.append((prepared.message, outgoing))
                links += [(outgoing.id, number, url) for number, url in rendered.dynamic_links]
        keep_links(links)
        for result in results:
            self._add_result(result)
        return ready

    def _make(self, prepared: Prepared, now: datetime) -> tuple[Outgoing, RenderedMessage] | Result:
        rendered = self._renderers.render(prepared, now)
        if isinstance(rendered, Result):
            return rendered
        compiled = self._renderers.get_compiled(prepared.message.email_version_id)
        outgoing = self._finisher.finish(prepared.message, rendered, compiled, now)
        return outgoing if isinstance(outgoing, Result) else (outgoing, rendered)

    def _hand_over(self) -> None:
        room = min(self._client.free, self._window - len(self._under_way))
        for _ in range(min(room, len(self._ready))):
            message, outgoing = self._ready.popleft()
            self._under_way[message.id] = message
            self._client.submit(outgoing)

    def _take_outcomes(self, patience_seconds: float) -> None:
        outcomes = self._client.poll(patience_seconds)
        if not outcomes:
            return
        now = utc_now()
        for outcome in outcomes:
            message = self._under_way[outcome.id]
            chance = random.random()  # noqa: S311  spreads retries, keeps no secret
            self._add_result(decide(outcome, message, policy=self._policy, now=now, chance=chance))

    def _add_result(self, result: Result) -> None:
        if not self._results:
            self._oldest_result = time.monotonic()
        self._results.append(result)

    def _flush(self) -> None:
        if not self._results:
            return
        waited = time.monotonic() - self._oldest_result
        if len(self._results) >= _FLUSH_COUNT or waited > _FLUSH_SECONDS or not self._client.busy:
            self._recorder.put(self._results)
            self._results = []

    def _forget_recorded(self) -> None:
        recorded = self._recorder.take_recorded()
        for result in recorded:
            self._under_way.pop(result.message_id, None)
        self.status.count(recorded)

    # -- waiting -----------------------------------------------------------------------------------------------------

    def _find_patience(self) -> float:
        if self._client.pause_seconds > 0:
            return min(self._client.pause_seconds, _IDLE_SECONDS)
        if self._results:
            return _FLUSH_SECONDS
        if len(self._claimer) and len(self._ready) <= _AHEAD // 2:
            return 0.0  # there is something to render
        return _IDLE_SECONDS  # a reply, a claimed batch or a recorded one ends the wait

    def _wait_for_provider(self) -> None:
        """Give everything back: other people's blocks and other senders must not wait for this provider."""
        self._claimer.pause()
        waiting = [message for message, _ in self._ready]
        self._ready.clear()
        while (prepared := self._claimer.take()) is not None:
            waiting.append(prepared.message)
        for message in waiting:
            self._add_result(Result(message.id, Event.RELEASE, reason="provider_down"))

    def _tell(self) -> None:
        self.status.under_way = len(self._under_way)
        self.status.paused_seconds = round(self._client.pause_seconds, 1)
        self.status.providers = list_states(self._client, self._provider_name)
        self.status.trouble = self._client.trouble or self._recorder.trouble or self._claimer.trouble

    # -- the end -----------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        """Let what is under way come to its end, write it down, give the rest back."""
        self._claimer.stop(seconds=_GRACE_SECONDS)
        deadline = time.monotonic() + _GRACE_SECONDS
        while self._client.busy and time.monotonic() < deadline:
            self._take_outcomes(_IDLE_SECONDS)
        for outcome in self._client.close():
            message = self._under_way[outcome.id]
            self._add_result(decide(outcome, message, policy=self._policy, now=utc_now(), chance=0.5))
        if self._results:
            self._recorder.put(self._results)
        self._recorder.stop(seconds=_GRACE_SECONDS)
        self._forget_recorded()
        self._keeper.stop(seconds=_GRACE_SECONDS)
