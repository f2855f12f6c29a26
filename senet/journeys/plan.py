"""A frozen version, read and ready to run: the graph in order, the settings, the versions of the emails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from senet.journeys.conditions import Question, Variant
from senet.journeys.definition import Definition
from senet.journeys.models import JourneyVersion
from senet.journeys.tiles import EmailTile, Entrance, ExitTile, FormSubmittedTile, IfThenTile, RecordUpdatedTile
from senet.journeys.tiles.base import Tile, TileId
from senet.journeys.values import ActivityContent
from senet.people.settable import ColumnChange

AskedLink = str  # tile, version (a, b) and link of a rule: a key of JSON


def name_link(tile: TileId, variant: Variant, link: int) -> AskedLink:
    """Return the key of a link that a rule asks about."""
    return f"{tile}:{variant}:{link}"


class Snapshot(BaseModel):
    """The settings that going live froze beside the graph. Kept in `journey_version.snapshot`."""

    model_config = ConfigDict(frozen=True)
    name: str = ""
    description: str = ""
    refuse_large_emails: bool = False
    urgent: bool = False  # its mails leave before bulk
    time_zone: str = "UTC"
    target: Literal["contact", "company"] = "contact"
    scope: Literal["organization", "business_unit"] = "organization"
    minimum_consent: int = 0
    is_recurring: bool = False
    interval_days: int | None = None
    iteration_count: int | None = None
    content_settings_id: int | None = None
    suppression_segment_id: int | None = None
    owner_id: int | None = None
    business_unit_id: int | None = None
    emails: Mapping[TileId, tuple[int, int]] = {}  # tile → email, version of the email
    activities: Mapping[TileId, ActivityContent] = {}  # tile → what its activities are about
    changes: Mapping[TileId, ColumnChange] = {}  # tile → the column that it sets, and the value as it is stored
    same_url: Mapping[
        TileId, Mapping[int, tuple[int, ...]]
    ] = {}  # tile → link → all links with its URL, in one version
    same_links: Mapping[AskedLink, tuple[tuple[int, int], ...]] = {}  # what a rule asks about → version, link

    def find_clicks(self, tile: TileId, variant: Variant, link: int) -> Iterator[tuple[str, int]]:
        """Yield what a click on a link that leads there is kept as: what follows its type, and its number.

        A click that does not say which version numbers its link is taken for one on the email as it is live.
        """
        if variant == "a":
            yield from (("", number) for number in self.same_url.get(tile, {}).get(link, (link,)))
        for version, number in self.same_links.get(name_link(tile, variant, link), ()):
            yield f":{version}", number


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

    @property
    def entrances(self) -> tuple[Entrance, ...]:
        """Return the tiles where people enter."""
        return self.definition.entrances

    def find_entrance(self, tile: TileId) -> Entrance | None:
        """Return an entrance by its id, or None when the version has none by it."""
        return next((entrance for entrance in self.entrances if entrance.id == tile), None)

    @cached_property
    def lists(self) -> list[int]:
        """Return the subscription lists that the journey goes to."""
        return sorted({each for entrance in self.entrances for each in entrance.included_lists})

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
    def exit_tiles(self) -> tuple[TileId, ...]:
        """Return the tiles that end a person's journey on other lanes too; none where there is but one lane."""
        tiles = self.definition.tiles if len(self.entrances) > 1 else ()
        return tuple(tile.id for tile in tiles if isinstance(tile, ExitTile))

    @cached_property
    def conditions(self) -> tuple[IfThenTile, ...]:
        """Return the if/then tiles."""
        return tuple(tile for tile in self.definition.tiles if isinstance(tile, IfThenTile))

    @cached_property
    def questions(self) -> frozenset[Question]:
        """Return what if/then tiles ask about."""
        return frozenset(question for tile in self.conditions for question in tile.questions())

    @cached_property
    def watched(self) -> tuple[tuple[str, int, int, str, TileId], ...]:
        """Return whose membership matters and how: kind, audience, change, role, tile (0: wherever they stand).

        Roles: join, suppressed, released, unsubscribed.
        """
        rows: list[tuple[str, int, int, str, TileId]] = []
        for tile in self.entrances:
            rows += [("segment", segment, 1, "join", tile.id) for segment in tile.included_segments]
            rows += [("segment", segment, -1, "join", tile.id) for segment in tile.excluded_segments]
            rows += [("list", each, 1, "join", tile.id) for each in tile.included_lists]
        rows += [("list", each, -1, "unsubscribed", 0) for each in self.lists]
        if self.snapshot.suppression_segment_id is not None:
            rows.append(("segment", self.snapshot.suppression_segment_id, 1, "suppressed", 0))
            rows.append(("segment", self.snapshot.suppression_segment_id, -1, "released", 0))
        return tuple(rows)

    @cached_property
    def forms(self) -> tuple[tuple[TileId, int], ...]:
        """Return the forms whose submissions bring people in: tile and form."""
        tiles = [tile for tile in self.entrances if isinstance(tile, FormSubmittedTile)]
        return tuple((tile.id, tile.form_id) for tile in tiles if tile.form_id is not None)

    @cached_property
    def watches(self) -> tuple[tuple[TileId, str, str, str], ...]:
        """Return the records that matter: tile (0: consent and business unit), entity, event, column ('' any)."""
        rows = [(tile.id, *tile.watch) for tile in self.entrances if isinstance(tile, RecordUpdatedTile)]
        if self.snapshot.minimum_consent:
            rows.append((0, "contact", "update", "consent_level"))
        if self.snapshot.scope == "business_unit":
            rows.append((0, "contact", "update", "business_unit_id"))
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
