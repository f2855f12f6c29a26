"""The drawn graph: tiles that name what follows them. Its shape is checked here, its sense in check.py."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from senet.journeys.tiles import AudienceTile, DrawnTile, Entrance
from senet.journeys.tiles.base import Next, Tile, TileId
from senet.shared.errors import InvalidInput, Problem

MAX_TILES = 500


class Definition(BaseModel):
    """A graph as drawn. A draft may lack what only going live needs."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,))
    tiles: tuple[DrawnTile, ...] = Field((), max_length=MAX_TILES)

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Definition:
        ids = [tile.id for tile in self.tiles]
        if len(ids) != len(set(ids)):
            raise ValueError("Two tiles have the same id.")
        return self

    @cached_property
    def by_id(self) -> Mapping[TileId, Tile]:
        """Return the tiles by their ids."""
        return {tile.id: tile for tile in self.tiles}

    @property
    def audiences(self) -> list[AudienceTile]:
        """Return the tiles where members of segments and lists enter."""
        return [tile for tile in self.tiles if isinstance(tile, AudienceTile)]

    @cached_property
    def entrances(self) -> tuple[Entrance, ...]:
        """Return all tiles where people enter; each begins a lane."""
        return tuple(tile for tile in self.tiles if isinstance(tile, Entrance))

    @cached_property
    def followers(self) -> Mapping[TileId, tuple[TileId, ...]]:
        """Return, for each tile, the tiles that its ways lead to and that exist."""
        return {
            tile.id: tuple(dict.fromkeys(way for way in tile.exits if way is not None and way in self.by_id))
            for tile in self.tiles
        }

    @cached_property
    def order(self) -> tuple[TileId, ...]:
        """Return the tiles so that each comes after all that lead to it; those on a cycle are left out."""
        incoming = self.count_incoming()
        ready = [tile.id for tile in self.tiles if not incoming[tile.id]]
        ordered: list[TileId] = []
        while ready:
            current = ready.pop()
            ordered.append(current)
            for follower in self.followers[current]:
                incoming[follower] -= 1
                if not incoming[follower]:
                    ready.append(follower)
        return tuple(ordered)

    def count_incoming(self) -> dict[TileId, int]:
        """Return how many tiles lead to each tile."""
        incoming = {tile.id: 0 for tile in self.tiles}
        for followers in self.followers.values():
            for follower in followers:
                incoming[follower] += 1
        return incoming

    def find_reachable(self) -> set[TileId]:
        """Return the tiles that a person who enters can come to."""
        return {tile for entrance in self.entrances for tile in self.find_lane(entrance.id)}

    def find_lane(self, tile_id: TileId) -> set[TileId]:
        """Return a tile and all to which its ways lead."""
        found: set[TileId] = set()
        ahead = [tile_id]
        while ahead:
            current = ahead.pop()
            if current not in found:
                found.add(current)
                ahead.extend(self.followers[current])
        return found

    @cached_property
    def shared(self) -> frozenset[TileId]:
        """Return the tiles to which more than one entrance leads: a person may come there a second time."""
        lanes = [self.find_lane(entrance.id) for entrance in self.entrances]
        counts = {tile.id: sum(tile.id in lane for lane in lanes) for tile in self.tiles}
        return frozenset(tile for tile, count in counts.items() if count > 1)

    def find_ancestors(self, tile_id: TileId) -> frozenset[TileId]:
        """Return the tiles that lead to a tile, directly or not."""
        found: set[TileId] = set()
        ahead = [tile_id]
        while ahead:
            current = ahead.pop()
            before = {source for source, followers in self.followers.items() if current in followers}
            ahead.extend(before - found)
            found |= before
        return frozenset(found)

    def find_email_before(self, tile_id: TileId) -> TileId | None:
        """Return the email tile that everybody who comes to a tile passes last; None when there is no such one."""
        found: set[TileId | None] = set()
        ahead, seen = [tile_id], {tile_id}
        while ahead:
            current = ahead.pop()
            before = [source for source, followers in self.followers.items() if current in followers]
            if not before:
                found.add(None)
            for source in before:
                if self.by_id[source].kind == "email":
                    found.add(source)
                elif source not in seen:
                    seen.add(source)
                    ahead.append(source)
        return found.pop() if len(found) == 1 else None

    @property
    def shape(self) -> dict[TileId, tuple[str, tuple[Next, ...]]]:
        """Return what a journey that has been live may not change: which tiles there are and how they are joined."""
        return {tile.id: (tile.kind, tile.exits) for tile in self.tiles}

    def as_json(self) -> dict[str, Any]:  # JSON
        """Return plain values for a jsonb column."""
        return self.model_dump(mode="json")


def read_definition(value: object) -> Definition:
    """Read a drawn graph. Raises: InvalidInput with everything that does not fit."""
    try:
        return Definition.model_validate(value or {})
    except ValidationError as error:
        problems = [
            Problem(
                "definition_malformed", found["msg"], _where(found["loc"], value), "error", "Mend the tile's settings."
            )
            for found in error.errors(include_url=False, include_context=False, include_input=False)
        ]
        raise InvalidInput("The journey's definition cannot be read.", problems=problems) from None


def _where(path: tuple[int | str, ...], value: object) -> str:
    """Return a path with the tile's own id instead of its position and without pydantic's own steps."""
    parts = list(path)
    if len(parts) > 1 and parts[0] == "tiles" and isinstance(parts[1], int) and isinstance(value, dict):
        drawn = value["tiles"][parts[1]]
        parts = ["definition", "tiles", drawn.get("id", parts[1]) if isinstance(drawn, dict) else parts[1], *parts[3:]]
        return ".".join(str(part) for part in parts[1:])
    return ".".join(str(part) for part in parts)
