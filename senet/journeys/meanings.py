"""What the numbers of tiles mean: whose visits, messages or interactions are behind each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from senet.interactions.types import BLOCKED_TYPES
from senet.journeys.tiles import CustomChannelTile, EmailTile, RunWorkflowTile
from senet.journeys.tiles.base import Tile

_REMOTE = ("EmailHardRemoteBounced", "EmailSoftRemoteBounced")
_HARD = ("EmailHardBounced", "EmailHardRemoteBounced")
_SOFT = ("EmailSoftBounced", "EmailSoftRemoteBounced")


@dataclass(frozen=True, slots=True)
class Volume:
    """Visits: who stands at the tile (and, `before`, at tiles before it), and who has left with an outcome."""

    standing: bool = False
    before: bool = False
    here: bool = True
    outcomes: tuple[str, ...] = ()
    everybody: bool = False


@dataclass(frozen=True, slots=True)
class Messages:
    """Messages of an email tile in some states, or whatever was sent, less those who did something.

    In a period it is by the interactions of some types in it, less those of others.
    """

    types: tuple[str, ...]
    states: tuple[str, ...] = ()
    sent: bool = False
    without: tuple[str, ...] = ()  # interaction types, always
    less: tuple[str, ...] = ()  # interaction types that take a state back


@dataclass(frozen=True, slots=True)
class Logged:
    """People with an interaction that belongs to a message of the tile."""

    type: str


@dataclass(frozen=True, slots=True)
class Outside:
    """People for whom a workflow was launched or a channel was asked to act, by what came of it."""

    type: str
    without: tuple[str, ...] = ()  # interaction types of the same call


Meaning = Volume | Messages | Logged | Outside
VOLUMES: Mapping[str, Meaning] = {
    "inflow": Volume(everybody=True),
    "total": Volume(everybody=True),
    "processing": Volume(standing=True),
    "queued": Volume(standing=True, before=True, here=False),
    "in_progress": Volume(standing=True, before=True),
    "stopped": Volume(outcomes=("stopped",)),
    "expired": Volume(outcomes=("expired",)),
    "not_processed": Volume(outcomes=("stopped", "expired")),
    "failed": Volume(outcomes=("failed",)),
    "processed": Volume(outcomes=("processed",)),
}
EMAIL_NUMBERS: Mapping[str, Meaning] = {
    "sent": Messages(("EmailSent",), sent=True),
    "delivered": Messages(("EmailDelivered",), ("delivered",), less=_REMOTE),
    "hard_bounces": Messages(_HARD, ("hard_bounced",)),
    "soft_bounces": Messages(_SOFT, ("soft_bounced",)),
    "block_bounces": Messages(("EmailBlockBounced",), ("block_bounced",)),
    "bounces": Messages((*_HARD, *_SOFT, "EmailBlockBounced"), ("hard_bounced", "soft_bounced", "block_bounced")),
    "blocked": Messages(BLOCKED_TYPES, ("blocked",)),
    "sending_failed": Messages(("EmailSendingFailed",), ("failed",)),
    "unique_opens": Logged("EmailOpened"),
    "unique_clicks": Logged("EmailClicked"),
    "unsubscribes": Logged("SegmentUnsubscribed"),
    "did_not_open": Messages(("EmailDelivered",), ("delivered",), without=("EmailOpened",), less=_REMOTE),
}
RESPONSE = Outside("CustomChannelResponse")
OUTSIDE_NUMBERS: Mapping[type[Tile], Mapping[str, Meaning]] = {
    RunWorkflowTile: {
        "launched": Outside("TriggerCrmWorkflowActivityContactProcessed"),
        "calls_succeeded": Outside("WorkflowCallSucceeded"),
        "calls_failed": Outside("ActivityContactProcessingFailed", without=("WorkflowCallSucceeded",)),
    },
    CustomChannelTile: {
        "channel_activities": Outside("CreateCustomChannelActivityContactProcessed"),
        "channel_responded": RESPONSE,
        "channel_responses": RESPONSE,
    },
}


def list_own_numbers(tile: Tile) -> Mapping[str, Meaning]:
    """Return the numbers that only this kind of tile shows."""
    return EMAIL_NUMBERS if isinstance(tile, EmailTile) else OUTSIDE_NUMBERS.get(type(tile), {})
