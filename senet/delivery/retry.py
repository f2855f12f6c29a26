"""Decides what an attempt's outcome means for the message. Pure: values in, a value out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from senet.delivery.bounces import BounceClass, Category, classify
from senet.delivery.values import Outcome, Stage, Verdict
from senet.messages.states import Event
from senet.messages.values import BlockReason, ClaimedMessage, Result

BOUNCE_EVENTS = {
    BounceClass.HARD: Event.HARD_BOUNCE,
    BounceClass.SOFT: Event.SOFT_BOUNCE,
    BounceClass.BLOCK: Event.BLOCK_BOUNCE,
}


_PROVIDER_PAUSE = timedelta(seconds=5)
_SIMPLE = frozenset({Verdict.ACCEPTED, Verdict.HANDED_OVER, Verdict.WAITING})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How a message that was put off is tried again: after 1, 2, 4 … minutes, an hour at most, for a day."""

    first_delay: timedelta = timedelta(minutes=1)
    longest_delay: timedelta = timedelta(hours=1)
    longest_age: timedelta = timedelta(hours=24)
    fewest_attempts: int = 5  # an outage alone ends no message

    def delay(self, attempt: int, chance: float) -> timedelta:
        """Return how long to wait after an attempt (0 is the first); `chance` in 0–1 spreads it by a half."""
        delay = min(self.first_delay * 2 ** min(attempt, 20), self.longest_delay)
        return timedelta(seconds=delay.total_seconds() * (0.75 + chance / 2))

    def is_last(self, message: ClaimedMessage, now: datetime) -> bool:
        """Say whether a message that is put off once more has been tried for long enough."""
        return message.attempt + 1 >= self.fewest_attempts and now - message.queued_at >= self.longest_age


def decide(outcome: Outcome, message: ClaimedMessage, *, policy: RetryPolicy, now: datetime, chance: float) -> Result:
    """Return what an outcome means for a message.

    Accepted: delivered. Refused for good: a bounce by its class. Put off, or lost in the middle: later again, until the
    policy's end, then a soft bounce. Not the message's fault: queued again as if nothing had happened.
    """
    if outcome.verdict in _SIMPLE or (outcome.verdict is Verdict.UNSENT and outcome.stage is Stage.CONNECT):
        return _pass_on(outcome, message, now)
    if outcome.verdict is Verdict.MALFORMED:
        block = BlockReason.INVALID_SENDER if outcome.stage is Stage.MAIL else BlockReason.INVALID_ADDRESS
        return Result(message.id, Event.BLOCK, reason=block.value, detail=outcome.text)
    if outcome.verdict is Verdict.REFUSED and not outcome.is_temporary:
        bounce = classify(outcome)
        return _bounce(outcome, message, BOUNCE_EVENTS[bounce.bounce_class], bounce.category)
    if policy.is_last(message, now):
        category = classify(outcome).category if outcome.code else Category.CONNECTION
        return _bounce(outcome, message, Event.SOFT_BOUNCE, category)
    return Result(
        message.id,
        Event.DEFER,
        reason=outcome.text,
        smtp_code=outcome.code or None,
        smtp_enhanced=outcome.enhanced or None,
        due_at=now + policy.delay(message.attempt, chance),
    )


def _pass_on(outcome: Outcome, message: ClaimedMessage, now: datetime) -> Result:
    """Return what needs no judging: it was taken, or nobody was asked."""
    if outcome.verdict is Verdict.ACCEPTED:
        return Result(message.id, Event.DELIVER, smtp_code=outcome.code, smtp_enhanced=outcome.enhanced or None)
    if outcome.verdict is Verdict.HANDED_OVER:
        return Result(message.id, Event.HAND_OVER)
    if outcome.verdict is Verdict.WAITING and outcome.pause_seconds:
        due_at = now + timedelta(seconds=outcome.pause_seconds)
        return Result(message.id, Event.RELEASE, reason="provider_full", due_at=due_at)
    pause = _PROVIDER_PAUSE if outcome.verdict is Verdict.WAITING else None
    return Result(message.id, Event.RELEASE, reason="provider_down", due_at=now + pause if pause else None)


def _bounce(outcome: Outcome, message: ClaimedMessage, event: Event, category: Category) -> Result:
    return Result(
        message.id,
        event,
        reason=outcome.text,
        smtp_code=outcome.code or None,
        smtp_enhanced=outcome.enhanced or None,
        bounce_category=category.value,
    )
