"""Custom channel: asks a declared channel to act for each person it may reach; everybody goes on at once.

What comes back is heard by if/then tiles that ask about this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar, Literal

from senet.integrations.channels import enqueue_activities
from senet.integrations.queries import get_channel_rules
from senet.journeys.tiles.base import Checking, StraightTile

if TYPE_CHECKING:
    from senet.journeys.move import Move


class CustomChannelTile(StraightTile):
    """Makes a channel activity for each person."""

    icon: ClassVar[str] = "channel"
    kind: Literal["custom_channel"] = "custom_channel"
    channel_id: int | None = None

    @property
    def answers(self) -> Mapping[str, frozenset[int]]:
        return {"channel": frozenset({self.channel_id} if self.channel_id is not None else ())}

    def check(self, checking: Checking) -> None:
        channel = checking.facts.channels.get(self.channel_id or 0)
        if self.channel_id is None:
            self.find("channel_missing", "No channel is chosen.", checking, "Choose the channel to use.")
        elif channel is None:
            self.find("channel_missing", f"There is no channel {self.channel_id}.", checking, "Choose another channel.")
        elif channel.problem:
            self.find("channel_broken", channel.problem, checking, "Mend the channel first.")

    def arrive(self, move: Move) -> bool:
        assert self.channel_id is not None  # noqa: S101  checked before going live
        rules = get_channel_rules(self.channel_id)
        plan = move.plan
        enqueue_activities(rules, journey_id=plan.journey_id, iteration=plan.iteration, tile=self.id, now=move.now)
        move.execute("pass_channel", tile=self.id)
        return True
