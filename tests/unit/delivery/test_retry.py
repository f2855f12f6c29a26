"""What an attempt's outcome means for its message."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from senet.delivery.retry import RetryPolicy, decide
from senet.delivery.values import Outcome, Stage, Verdict
from senet.messages.states import Event
from senet.messages.values import ClaimedMessage, Result

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
POLICY = RetryPolicy()


def _decide(outcome: Outcome, *, attempt: int = 0, age: timedelta = timedelta(0), chance: float = 0.5) -> Result:
    message = ClaimedMessage(1, 1, 1, 1, 1, None, "a@b.example", "b.example", attempt, NOW - age, True)
    return decide(outcome, message, policy=POLICY, now=NOW, chance=chance)


def _refused(code: int, enhanced: str = "", stage: Stage = Stage.RCPT) -> Outcome:
    return Outcome(1, Verdict.REFUSED, stage, code, enhanced, "words")


def test_an_accepted_message_is_delivered() -> None:
    result = _decide(Outcome(1, Verdict.ACCEPTED, Stage.DATA, 250, "2.0.0", "OK"))
    assert (result.event, result.smtp_code, result.smtp_enhanced) == (Event.DELIVER, 250, "2.0.0")


@pytest.mark.parametrize(
    ("code", "enhanced", "event"),
    [(550, "5.1.1", Event.HARD_BOUNCE), (552, "5.2.2", Event.SOFT_BOUNCE), (554, "5.7.1", Event.BLOCK_BOUNCE)],
)
def test_a_refusal_for_good_is_a_bounce_at_the_first_attempt(code: int, enhanced: str, event: Event) -> None:
    result = _decide(_refused(code, enhanced))
    assert (result.event, result.reason, result.bounce_category is not None) == (event, "words", True)


def test_a_temporary_refusal_is_tried_again_later_and_later() -> None:
    waits = [(_decide(_refused(451), attempt=attempt).due_at or NOW) - NOW for attempt in range(9)]
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert waits[-1] == timedelta(hours=1)


def test_retries_are_spread() -> None:
    waits = {_decide(_refused(451), chance=chance).due_at for chance in (0.0, 0.5, 1.0)}
    assert waits == {NOW + timedelta(seconds=seconds) for seconds in (45, 60, 75)}


def test_after_a_day_a_temporary_refusal_is_a_soft_bounce() -> None:
    day = timedelta(hours=24)
    assert _decide(_refused(451), attempt=20, age=day).event is Event.SOFT_BOUNCE
    assert _decide(_refused(451), attempt=20, age=day - timedelta(minutes=1)).event is Event.DEFER


def test_an_outage_alone_ends_no_message() -> None:
    assert _decide(_refused(451), attempt=1, age=timedelta(days=3)).event is Event.DEFER


@pytest.mark.parametrize("verdict", [Verdict.UNKNOWN, Verdict.UNSENT])
def test_a_connection_lost_with_a_message_puts_that_message_off(verdict: Verdict) -> None:
    assert _decide(Outcome(1, verdict, Stage.DATA)).event is Event.DEFER
    last = _decide(Outcome(1, verdict, Stage.DATA), attempt=30, age=timedelta(days=2))
    assert (last.event, last.bounce_category) == (Event.SOFT_BOUNCE, "connection-error")


def test_a_provider_that_is_down_costs_no_attempt() -> None:
    result = _decide(Outcome(1, Verdict.UNSENT, Stage.CONNECT), attempt=30, age=timedelta(days=9))
    assert (result.event, result.due_at) == (Event.RELEASE, None)


@pytest.mark.parametrize(
    ("stage", "reason"), [(Stage.RCPT, "InvalidRecipientAddress"), (Stage.MAIL, "InvalidSenderAddress")]
)
def test_an_envelope_that_no_server_was_asked_about_is_a_block(stage: Stage, reason: str) -> None:
    result = _decide(Outcome(1, Verdict.MALFORMED, stage))
    assert (result.event, result.reason) == (Event.BLOCK, reason)
