"""New waits for those who wait already: a version that goes live again reckons their time anew from their own arrival.

People who came together came in one chunk and share their moment of arrival, so a tile is asked once a moment and not
once a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import senet.journeys
from senet.journeys.plan import Plan
from senet.journeys.tiles.base import Tile
from senet.shared import sql


@dataclass(frozen=True, slots=True)
class Waiters:
    """Those who came to a tile at one moment and still stand there: when time lets them go, and by a new setting."""

    arrived_at: datetime
    people: int
    due_at: datetime
    new_due_at: datetime


def find_retimed(before: Plan, after: Plan) -> Iterator[tuple[Tile, Tile]]:
    """Yield the waiting tiles that two versions of a journey share and that are set differently: old, new."""
    for tile_id in before.waiting_tiles:
        old, new = before.tiles[tile_id], after.tiles.get(tile_id)
        if new is not None and new != old:
            yield old, new


def retime(before: Plan, after: Plan) -> int:
    """Give those who stand at changed tiles their new moment; return how many have one. The journey is held alone."""
    moved = 0
    for _, new in find_retimed(before, after):
        changed = [each for each in list_waiters(before, after, new) if each.due_at != each.new_due_at]
        if changed:
            moved += sql.execute(
                senet.journeys,
                "retime_standing",
                {
                    "journey_id": before.journey_id,
                    "iteration": before.iteration,
                    "tile": new.id,
                    "arrivals": [each.arrived_at for each in changed],
                    "dues": [each.new_due_at for each in changed],
                },
            )
    return moved


def list_waiters(before: Plan, after: Plan, new: Tile) -> list[Waiters]:
    """Return who stands at a tile and when time lets them go, as it is and by the tile's new setting.

    A tile that knows no moment by itself (an email held by its content settings) leaves theirs as it is.
    """
    parameters = {"journey_id": before.journey_id, "iteration": before.iteration, "tile": new.id}
    return [
        Waiters(arrived_at, people, due_at, new.due_at(arrived_at, after.zone) or due_at)
        for arrived_at, due_at, people in sql.fetch_all(senet.journeys, "list_waiters", parameters)
    ]
