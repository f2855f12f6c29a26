"""A frozen version, read and ready to run: the graph in order, the settings, the versions of the emails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from senet.journeys.definition import Definition
from senet.journeys.models import JourneyVersion
from senet.journeys.tiles import AudienceTile, EmailTile, IfThenTile
from senet.journeys.tiles.base import Tile, TileId


class Snapshot(BaseModel):
    """The settings that going live froze beside the graph. Kept in `journey_version.snapshot`."""

    model_config = ConfigDict(frozen=True)
    time_zone: str = "UTC"
    minimum_consent: int = 0
    content_settings_id: int | None = None
    suppression_segment_id: int | None = None
    owner_id: int | None = None
    business_unit_id: int | None = None
    emails: Mapping[TileId, tuple[int, int]] = {}  # tile → email, version of the email
    same_url: Mapping[TileId, Mapping[int, tuple[int, ...]]] = {}  # tile → link → all links with its URL

    def same_links(self, tile: TileId, link: int) -> tuple[int, ...]:
        """Return the numbers of the links that lead to the same address as this one, itself among them."""
        return self.same_url.get(tile, {}).get(link, (link,))


@dataclass(frozen=True)
class Plan:
    """One version of a journey as the engine runs it. Never changes, so it is read once a process."""

    journey_id: int
    version_id: int
    number: int
    definition: Definition
    snapshot: Snapshot
    start_at: datetime | None
    end_at: datetime | None
    iteration: int = 1
    tiles: Mapping[TileId, Tile] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiles", self.definition.by_id)

    @cached_property
    def zone(self) -> ZoneInfo:
        """Return the journey's time zone."""
        return ZoneInfo(self.snapshot.time_zone)

    @cached_property
    def audience(self) -> AudienceTile:
        """Return the tile where people enter."""
        return self.definition.audiences[0]

    @cached_property
    def rank(self) -> Mapping[TileId, int]:
        """Return each tile's place in an order in which nobody walks back."""
        return {tile: place for place, tile in enumerate(self.definition.order)}

    @cached_property
    def incoming(self) -> Mapping[TileId, int]:
        """Return how many tiles lead to each tile."""
        return self.definition.count_incoming()

    @cached_property
    def waiting_tiles(self) -> tuple[TileId, ...]:
        """Return the tiles where people may stand, those furthest on first, so that nobody is moved twice in a tick."""
        return tuple(tile for tile in reversed(self.definition.order) if self.tiles[tile].waits)

    @cached_property
    def email_tiles(self) -> frozenset[TileId]:
        """Return the tiles that hold people while the content settings are stopped."""
        return frozenset(tile.id for tile in self.definition.tiles if isinstance(tile, EmailTile))

    @cached_property
    def conditions(self) -> tuple[IfThenTile, ...]:
        """Return the if/then tiles."""
        return tuple(tile for tile in self.definition.tiles if isinstance(tile, IfThenTile))

    @cached_property
    def observed(self) -> frozenset[tuple[TileId, str]]:
        """Return what if/then tiles ask about: source tile and interaction type."""
        return frozenset(pair for tile in self.conditions for pair in tile.observed())

    @cached_property
    def watched(self) -> tuple[tuple[str, int, int, str], ...]:
        """Return whose membership matters and how: kind, audience, change, role (join, suppressed or unsubscribed)."""
        audience = self.audience
        rows = [("segment", segment, 1, "join") for segment in audience.included_segments]
        rows += [("segment", segment, -1, "join") for segment in audience.excluded_segments]
        rows += [("list", each, 1, "join") for each in audience.included_lists]
        rows += [("list", each, -1, "unsubscribed") for each in audience.included_lists]
        if self.snapshot.suppression_segment_id is not None:
            rows.append(("segment", self.snapshot.suppression_segment_id, 1, "suppressed"))
        return tuple(rows)


@lru_cache(maxsize=1000)
def get_plan(version_id: int, iteration: int = 1) -> Plan:
    """Return a published version ready to run."""
    version = JourneyVersion.objects.get(pk=version_id)
    return Plan(
        journey_id=version.journey_id,
        version_id=version.pk,
        number=version.number,
        definition=Definition.model_validate(version.definition),
        snapshot=Snapshot.model_validate(version.snapshot),
        start_at=version.start_at,
        end_at=version.end_at,
        iteration=iteration,
    )
