"""The life of a message, declared once: states, events, and an arrow for each event that may come in each state.

    queued ──► sending ──► delivered            (sent: handed to a provider that reports delivery later)
       │  ▲       │ ├────► hard_bounced, soft_bounced, block_bounced
       │  └───────┘ └────► failed
       └────► blocked          delivered ──► hard_bounced, soft_bounced  (a remote bounce)

A report may come late, after the message was given to another sender, or twice. Those are arrows too: what a server has
said about a message counts whoever holds it now; what a sender merely gave up counts only while it still holds the
message. A mail that comes back after the recipient's server took it takes the delivery back, once: the message goes on
to a bounced state, where nothing more can happen to it; one that is no fault of the address counts as soft. An event
without an arrow changes nothing and logs nothing.

`queued` and `sending` are one value in the table `message`; which of the two it is says `message_queue`, where a sender
claims it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a message stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    HARD_BOUNCED = "hard_bounced"
    SOFT_BOUNCED = "soft_bounced"
    BLOCK_BOUNCED = "block_bounced"
    FAILED = "failed"
    BLOCKED = "blocked"


class Event(StrEnum):
    """What may happen to a message."""

    CLAIM = "claim"  # a sender takes it
    BLOCK = "block"  # it may not be sent, and the reason says why
    RELEASE = "release"  # its sender gives it back unsent, or is gone
    DEFER = "defer"  # a server put it off; it will be tried again
    HAND_OVER = "hand_over"  # a provider took it and will report what came of it
    DELIVER = "deliver"  # the receiving server took it
    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCE = "soft_bounce"
    BLOCK_BOUNCE = "block_bounce"
    FAIL = "fail"  # a fault on our side


FINAL = frozenset(
    {
        State.DELIVERED,
        State.HARD_BOUNCED,
        State.SOFT_BOUNCED,
        State.BLOCK_BOUNCED,
        State.FAILED,
        State.BLOCKED,
    }
)
BOUNCES = {
    Event.HARD_BOUNCE: (State.HARD_BOUNCED, "EmailHardBounced"),
    Event.SOFT_BOUNCE: (State.SOFT_BOUNCED, "EmailSoftBounced"),
    Event.BLOCK_BOUNCE: (State.BLOCK_BOUNCED, "EmailBlockBounced"),
}


@dataclass(frozen=True, slots=True)
class Arrow:
    """Where an event leads, and the interactions it logs. `late`: it counts whoever holds the message."""

    to: State
    logs: tuple[str, ...] = ()
    late: bool = False


def _declare() -> dict[tuple[State, Event], Arrow]:
    arrows = {
        (State.QUEUED, Event.CLAIM): Arrow(State.SENDING),
        (State.QUEUED, Event.BLOCK): Arrow(State.BLOCKED, ("reason",)),
        (State.SENDING, Event.BLOCK): Arrow(State.BLOCKED, ("reason",)),
        (State.SENDING, Event.RELEASE): Arrow(State.QUEUED),
        (State.SENDING, Event.DEFER): Arrow(State.QUEUED),
        (State.SENDING, Event.FAIL): Arrow(State.FAILED, ("EmailSendingFailed",)),
        (State.SENT, Event.DELIVER): Arrow(State.DELIVERED, ("EmailDelivered",), late=True),
    }
    for held in (State.QUEUED, State.SENDING):  # queued: the report of a sender that was taken for dead
        arrows[held, Event.HAND_OVER] = Arrow(State.SENT, ("EmailSent",), late=True)
        arrows[held, Event.DELIVER] = Arrow(State.DELIVERED, ("EmailSent", "EmailDelivered"), late=True)
        for event, (state, kind) in BOUNCES.items():
            arrows[held, event] = Arrow(state, ("EmailSent", kind), late=True)
    for event, (state, kind) in BOUNCES.items():
        arrows[State.SENT, event] = Arrow(state, (kind,), late=True)
    arrows[State.DELIVERED, Event.HARD_BOUNCE] = Arrow(State.HARD_BOUNCED, ("EmailHardRemoteBounced",), late=True)
    for event in (Event.SOFT_BOUNCE, Event.BLOCK_BOUNCE):
        arrows[State.DELIVERED, event] = Arrow(State.SOFT_BOUNCED, ("EmailSoftRemoteBounced",), late=True)
    return arrows


ARROWS: Mapping[tuple[State, Event], Arrow] = _declare()


def find_arrow(state: State, event: Event, *, holds: bool) -> Arrow | None:
    """Return where an event leads, or None when it changes nothing.

    `holds` says whether whoever reports still holds the message.
    """
    arrow = ARROWS.get((state, event))
    if arrow is None or (state is State.SENDING and not holds and not arrow.late):
        return None
    return arrow
