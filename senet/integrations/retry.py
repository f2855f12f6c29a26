"""Decides what an attempt's outcome means for the call. Pure: values in, a value out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from senet.integrations.values import CallState, Outcome


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a call is tried: after 5 s, 20 s, 80 s … six hours, ten times, within a day of the first attempt."""

    first_delay: timedelta = timedelta(seconds=5)
    factor: int = 4
    longest_delay: timedelta = timedelta(hours=6)
    attempts: int = 10
    longest_age: timedelta = timedelta(hours=24)

    def delay(self, attempt: int, chance: float) -> timedelta:
        """Return how long to wait after an attempt (1 is the first); `chance` in 0–1 spreads it by a fifth."""
        delay: timedelta = min(self.first_delay * self.factor ** min(attempt - 1, 12), self.longest_delay)
        return delay * (0.8 + 0.4 * chance)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a call after an attempt."""

    state: CallState
    due_at: datetime | None = None
    error: str = ""


def decide(
    outcome: Outcome, *, attempt: int, first_tried_at: datetime, policy: RetryPolicy, now: datetime, chance: float
) -> Decision:
    """Return what becomes of a call: done, queued for another attempt, or failed for good.

    A server that says when to come back is believed: it is not asked sooner, and one that wants to be left alone for
    longer than the attempts last is not asked again.
    """
    if outcome.ok:
        return Decision(CallState.DONE)
    if not outcome.again:
        return Decision(CallState.FAILED, error=outcome.error)
    due_at = now + max(policy.delay(attempt, chance), outcome.after or timedelta(0))
    if attempt >= policy.attempts or due_at > first_tried_at + policy.longest_age:
        times = "attempt" if attempt == 1 else "attempts"
        return Decision(CallState.FAILED, error=f"{outcome.error} Given up after {attempt} {times}.")
    return Decision(CallState.QUEUED, due_at, outcome.error)
