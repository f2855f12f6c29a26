"""The worker's loop of calls: claims what is due, makes it in threads, and writes down what came of it.

A call is made at least once: a worker that dies in the middle leaves it to its lease, and another makes it again, with
the same idempotency key. No transaction is open while a call is under way, and a slow workflow takes no more than its
share of the places.
"""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import connections

from senet.integrations.actions import claim_calls, record_reports, renew_calls
from senet.integrations.http import HttpClient
from senet.integrations.payload import Card
from senet.integrations.people import find_cards
from senet.integrations.performing import perform
from senet.integrations.queries import measure_backlog
from senet.integrations.retry import Decision, RetryPolicy, decide
from senet.integrations.values import Call, CallState, Outcome, Report, WorkflowKind
from senet.shared.clock import utc_now

log = structlog.get_logger(__name__)

_RENEW = timedelta(seconds=15)
_MEASURE = timedelta(seconds=5)
_WAIT_SECONDS = 0.2
_LAST_CALLS_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Places:
    """How many calls one worker makes at a time: in all, of one workflow, and of Python actions."""

    webhooks: int = 32
    actions: int = 4
    one_workflow: int = 16


@dataclass(frozen=True, slots=True)
class _Result:
    outcome: Outcome
    at: datetime
    milliseconds: int


class Caller:
    """Makes calls until it is closed. One thread owns it."""

    def __init__(
        self,
        client: HttpClient,
        *,
        places: Places | None = None,
        policy: RetryPolicy | None = None,
        clock: Callable[[], datetime] = utc_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._client = client
        self._places, self._policy = places or Places(), policy or RetryPolicy()
        self._clock, self._chance = clock, chance
        self._claim = secrets.randbits(62)  # tells this worker's claims from all others
        self._threads = {
            WorkflowKind.WEBHOOK: ThreadPoolExecutor(self._places.webhooks, thread_name_prefix="webhook"),
            WorkflowKind.ACTION: ThreadPoolExecutor(self._places.actions, thread_name_prefix="action"),
        }
        self._under_way: dict[Future[_Result], Call] = {}
        self._renewed_at: datetime | None = None
        self._measured: tuple[datetime, Mapping[str, object]] | None = None
        self._measuring = threading.Lock()

    def step(self, now: datetime) -> int:
        """Claim what is due, wait a moment for what is under way, write down what has ended; return how much moved."""
        claimed = self._claim_kind(WorkflowKind.WEBHOOK, self._places.webhooks, now)
        claimed += self._claim_kind(WorkflowKind.ACTION, self._places.actions, now)
        if self._under_way:
            wait(self._under_way, timeout=_WAIT_SECONDS, return_when=FIRST_COMPLETED)
        return claimed + self._record_ended() + self._renew(now)

    def close(self) -> None:
        """Wait a while for what is under way, write it down, and leave the rest to its lease."""
        end = time.monotonic() + _LAST_CALLS_SECONDS
        while self._under_way and time.monotonic() < end:
            wait(self._under_way, timeout=_WAIT_SECONDS, return_when=FIRST_COMPLETED)
            self._record_ended()
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)
        self._client.close()

    def tell(self) -> Mapping[str, object]:
        """Return figures for the heartbeat; asked of the database every few seconds."""
        now = self._clock()
        with self._measuring:
            if self._measured is None or now - self._measured[0] >= _MEASURE:
                found = measure_backlog(now)
                figures = {
                    "queued": found.queued,
                    "failed": found.failed,
                    "oldest_due_seconds": found.oldest_due_seconds,
                }
                self._measured = (now, figures)
            return {**self._measured[1], "under_way": len(self._under_way)}

    def _claim_kind(self, kind: WorkflowKind, places: int, now: datetime) -> int:
        busy = Counter(call.workflow_id for call in self._under_way.values() if call.kind is kind)
        free = places - busy.total()
        if free <= 0:
            return 0
        most = self._places.one_workflow
        calls = claim_calls(claim=self._claim, kinds=[kind], limit=free, most=most, busy=busy, now=now)
        if not calls:
            return 0
        settled: list[Report] = []
        for call, card in find_cards(calls):
            if card is None:
                error = "The contact was deleted." if call.company_id is None else "The company has no contact left."
                settled.append(Report(call.id, CallState.CANCELLED, None, None, error, now, 0))
            elif call.attempt > self._policy.attempts:  # the last one killed its worker
                error = f"Given up after {call.attempt - 1} attempts: the worker did not survive the last one."
                settled.append(Report(call.id, CallState.FAILED, None, None, error, now, 0))
            else:
                self._under_way[self._threads[kind].submit(self._make, call, card)] = call
        record_reports(settled, claim=self._claim)
        return len(calls)

    def _make(self, call: Call, card: Card) -> _Result:
        """Make one call, in a thread of its own."""
        started = time.perf_counter()
        try:
            outcome = perform(call, card, self._client, self._clock())
        except Exception as bug:
            log.exception("call_broke", call_id=call.id, error=type(bug).__name__)
            outcome = Outcome("Something broke on our side; the log says what.", again=True)
        finally:
            if call.kind is WorkflowKind.ACTION:
                connections.close_all()  # what the action may have opened
        return _Result(outcome, self._clock(), round((time.perf_counter() - started) * 1000))

    def _record_ended(self) -> int:
        ended = [each for each in self._under_way if each.done()]
        if not ended:
            return 0
        reports = [self._report(self._under_way[each], each.result()) for each in ended]
        moved = record_reports(reports, claim=self._claim)
        for each in ended:
            del self._under_way[each]
        log.debug("calls_recorded", **{state.value: count for state, count in moved.items()})
        return len(ended)

    def _report(self, call: Call, result: _Result) -> Report:
        outcome = result.outcome
        decision: Decision = decide(
            outcome,
            attempt=call.attempt,
            first_tried_at=call.first_tried_at,
            policy=self._policy,
            now=result.at,
            chance=self._chance(),
        )
        if decision.state is CallState.FAILED:
            log.warning("call_failed", call_id=call.id, workflow_id=call.workflow_id, status=outcome.status)
        rest = result.at + outcome.after if outcome.rest and outcome.after else None
        return Report(
            call.id,
            decision.state,
            decision.due_at,
            outcome.status,
            decision.error,
            result.at,
            result.milliseconds,
            rest,
        )

    def _renew(self, now: datetime) -> int:
        """Keep what is under way from being taken for lost."""
        if self._renewed_at is not None and now - self._renewed_at < _RENEW:
            return 0
        if self._under_way and self._renewed_at is not None:
            renew_calls([call.id for call in self._under_way.values()], claim=self._claim, now=now)
        self._renewed_at = now
        return 0
