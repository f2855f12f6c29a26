"""What becomes of a call after an attempt."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from senet.integrations.http import judge, read_retry_after
from senet.integrations.retry import Decision, RetryPolicy, decide
from senet.integrations.values import CallState, Outcome

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
POLICY = RetryPolicy()


def _decide(outcome: Outcome, attempt: int = 1, age: timedelta = timedelta(0), chance: float = 0.5) -> Decision:
    return decide(outcome, attempt=attempt, first_tried_at=NOW - age, policy=POLICY, now=NOW, chance=chance)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_an_answer_of_success_ends_the_call(status: int) -> None:
    assert _decide(judge(status, b"", None)) == Decision(CallState.DONE)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_an_answer_that_may_change_is_asked_for_again(status: int) -> None:
    decision = _decide(judge(status, b"busy", None))
    assert (decision.state, decision.due_at) == (CallState.QUEUED, NOW + timedelta(seconds=5))
    assert str(status) in decision.error


@pytest.mark.parametrize("status", [300, 301, 302, 307, 308, 400, 401, 403, 404, 410, 422])
def test_an_answer_that_will_not_change_ends_the_attempts(status: int) -> None:
    assert _decide(judge(status, b"no", None)).state is CallState.FAILED


def test_the_pauses_grow_to_six_hours_and_all_attempts_fit_into_a_day() -> None:
    pauses = [POLICY.delay(attempt, 0.5) for attempt in range(1, POLICY.attempts)]
    assert pauses[:4] == [timedelta(seconds=seconds) for seconds in (5, 20, 80, 320)]
    assert pauses == sorted(pauses)
    assert max(pauses) == timedelta(hours=6)
    longest = [POLICY.delay(attempt, 1.0) for attempt in range(1, POLICY.attempts)]
    assert sum(longest, timedelta(0)) < POLICY.longest_age


def test_chance_spreads_a_pause_by_a_fifth() -> None:
    assert POLICY.delay(1, 0.0) == timedelta(seconds=4)
    assert POLICY.delay(1, 1.0) == timedelta(seconds=6)


def test_the_tenth_failure_is_the_last() -> None:
    outcome = judge(500, b"", None)
    assert _decide(outcome, attempt=9).state is CallState.QUEUED
    decision = _decide(outcome, attempt=10)
    assert decision == Decision(CallState.FAILED, error="Answered 500. Given up after 10 attempts.")


def test_nothing_is_tried_later_than_a_day_after_the_first_attempt() -> None:
    outcome = judge(500, b"", None)
    assert _decide(outcome, attempt=2, age=timedelta(hours=23, minutes=59, seconds=30)).state is CallState.QUEUED
    assert _decide(outcome, attempt=2, age=timedelta(hours=23, minutes=59, seconds=50)).state is CallState.FAILED


def test_a_server_is_not_asked_sooner_than_it_wants() -> None:
    asked = judge(503, b"", timedelta(minutes=7))
    assert _decide(asked).due_at == NOW + timedelta(minutes=7)
    assert _decide(judge(503, b"", timedelta(seconds=1)), attempt=3).due_at == NOW + timedelta(seconds=80)
    assert _decide(judge(429, b"", timedelta(hours=25))).state is CallState.FAILED


def test_only_a_server_that_is_busy_holds_all_calls_of_its_workflow() -> None:
    assert judge(429, b"", timedelta(seconds=9)).rest
    assert judge(503, b"", timedelta(seconds=9)).rest
    assert not judge(500, b"", timedelta(seconds=9)).rest
    assert judge(404, b"", timedelta(seconds=9)).after is None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("120", timedelta(seconds=120)),
        (" 0 ", timedelta(0)),
        ("Mon, 02 Mar 2026 09:10:00 GMT", timedelta(minutes=10)),
        ("Mon, 02 Mar 2026 08:00:00 GMT", timedelta(0)),
        ("999999999999999999", timedelta(days=2)),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("½", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, after: timedelta | None) -> None:
    assert read_retry_after(text, NOW) == after


def test_a_strangers_words_are_bounded_and_hold_no_control_characters() -> None:
    answered = "no\0pe\r\n\x1b[31m<script>alert(1)</script>\u202e " + "x" * 10_000
    error = judge(400, answered.encode(), None).error
    assert error.startswith("Answered 400: no pe [31m<script>alert(1)</script> x")
    assert len(error) < 530
    assert error.isprintable()
