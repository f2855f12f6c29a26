"""How people go on from tile to tile within one transaction, until they stand or their lane ends.

Whoever arrives at a tile together moves as one cohort. Where lanes meet, those who come first are put aside until all
have come, so that each tile is asked once a transaction.
"""

from __future__ import annotations

from collections.abc import Mapping

from senet.journeys.move import Move
from senet.journeys.tiles.base import TileId

Way = tuple[TileId, int]  # a tile and the branch by which people left it


def carry_on(move: Move, ahead: dict[TileId, set[Way]]) -> None:
    """Take those in `parted` on: `ahead` says which ways lead to which tile."""
    while ahead:
        tile_id = min(ahead, key=move.plan.rank.__getitem__)
        move.load_cohort(ahead.pop(tile_id))
        arrive(move, tile_id, ahead)


def arrive(move: Move, tile_id: TileId, ahead: dict[TileId, set[Way]]) -> None:
    """Let the cohort arrive at a tile and, while all of it passes, at the ones that follow."""
    current: TileId | None = tile_id
    while current is not None:
        tile = move.plan.tiles[current]
        if current in move.plan.definition.shared:
            move.fetch("hold_tile", tile=current)
            move.execute("drop_returning", tile=current)
        if not tile.arrive(move):
            add_ways(move, current, dict(move.fetch("count_parted", tile=current)), ahead)
            return
        following = tile.exits[0]
        if following is not None and move.plan.incoming[following] > 1:
            move.execute("park_cohort", tile=current)
            ahead.setdefault(following, set()).add((current, 0))
            return
        current = following


def add_ways(move: Move, tile_id: TileId, counts: Mapping[int | None, int], ahead: dict[TileId, set[Way]]) -> None:
    """Note where those who left a tile go on. People without a branch were stopped."""
    exits = move.plan.tiles[tile_id].exits
    for branch in counts:
        if branch is not None and (following := exits[branch]) is not None:
            ahead.setdefault(following, set()).add((tile_id, branch))


def let_go(move: Move, tile_id: TileId, ahead: dict[TileId, set[Way]]) -> Mapping[int | None, int]:
    """Let those in `leaving` go from a tile, or stop them; return how many went by each branch (None: stopped)."""
    counts = dict(move.fetch("leave_tile", tile=tile_id, outcome=move.plan.tiles[tile_id].outcome(move)))
    if any(branch is not None for branch in counts):
        move.plan.tiles[tile_id].after_release(move)
    add_ways(move, tile_id, counts, ahead)
    return counts
