"""New waits for those who wait already: a version that goes live again reckons their time anew from their own arrival.

People who came together came in one chunk and share their moment of arrival, so a tile is asked once a moment and not
once a person. Where a tile asks of companies, the arrival that counts is that of a company's first person. Who is
stopped meanwhile is reckoned anew when they go on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import senet.journeys
from senet.journeys.move import Move
from senet.journeys.plan import Plan
from senet.journeys.tiles import IfThenTile
from senet.journeys.tiles.base import Tile, TileId
from senet.shared import sql

Resumed = tuple[TileId, datetime, datetime, Sequence[int]]  # tile, arrived at, due at, contacts


@dataclass(frozen=True, slots=True)
class Waiters:
    """Those who wait at a tile from one moment on: when time lets them go, and by a new setting."""

    since: datetime | None  # None: with a company that has decided
    people: int
    due_at: datetime
    new_due_at: datetime


def find_retimed(before: Plan, after: Plan) -> Iterator[tuple[Tile, Tile]]:
    """Yield the waiting tiles that two versions of a journey share and that are set differently: old, new."""
    for tile_id in before.waiting_tiles:
        old, new = before.tiles[tile_id], after.tiles.get(tile_id)
        if new is not None and new != old:
            yield old, new


def retime(before: Plan, after: Plan, now: datetime) -> int:
    """Give those who stand at changed tiles their new moment; return how many have one. The journey is held alone."""
    moved = 0
    for _, new in find_retimed(before, after):
        if asks_companies(new):
            moved += _retime_companies(before, new, now)
        else:
            moved += _retime_people(before, after, new)
    return moved


def asks_companies(tile: Tile) -> bool:
    """Say whether people wait at a tile as long as their company."""
    return isinstance(tile, IfThenTile) and tile.is_for_companies


def _retime_people(before: Plan, after: Plan, new: Tile) -> int:
    changed = [each for each in list_waiters(before, after, new) if each.due_at != each.new_due_at]
    if not changed:
        return 0
    moments = {"arrivals": [each.since for each in changed], "dues": [each.new_due_at for each in changed]}
    return sql.execute(senet.journeys, "retime_standing", {**_place(before, new), **moments})


def _retime_companies(before: Plan, new: Tile, now: datetime) -> int:
    asked = {**_place(before, new), "timeout": _get_timeout(new), "now": now}
    sql.execute(senet.journeys, "retime_companies", asked)
    return sql.execute(senet.journeys, "retime_company_people", {**asked, "contacts": None})


def _get_timeout(tile: Tile) -> timedelta:
    assert isinstance(tile, IfThenTile)  # noqa: S101  the callers' condition
    assert tile.timeout is not None  # noqa: S101  checked before going live
    return tile.timeout.length


def _place(plan: Plan, tile: Tile) -> dict[str, int]:
    return {"journey_id": plan.journey_id, "iteration": plan.iteration, "tile": tile.id}


def retime_resumed(move: Move, resumed: Iterable[Resumed]) -> None:
    """Let people who go on after a stop wait as their tile is set now, counted from their own arrival."""
    for tile_id, arrived_at, due_at, contacts in resumed:
        tile = move.plan.tiles[tile_id]
        if asks_companies(tile):
            timeout = _get_timeout(tile)
            move.execute("retime_company_people", tile=tile_id, timeout=timeout, contacts=list(contacts))
            continue
        new_due_at = tile.retimed(arrived_at, due_at, move.plan.zone)
        if new_due_at != due_at:
            move.execute("retime_resumed", tile=tile_id, due_at=new_due_at, contacts=list(contacts))


def list_waiters(before: Plan, after: Plan, new: Tile) -> list[Waiters]:
    """Return who stands at a tile and when time lets them go, as it is and by the tile's new setting.

    A tile that knows no moment by itself (an email held by its content settings) leaves theirs as it is.
    """
    statement = "list_company_waiters" if asks_companies(new) else "list_waiters"
    return [
        Waiters(since, people, due_at, new.retimed(since, due_at, after.zone) if since is not None else due_at)
        for since, due_at, people in sql.fetch_all(senet.journeys, statement, _place(before, new))
    ]
