"""The numbers above a journey's tiles and in the panel of each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial

import senet.insights
from senet.insights.compiler import compile_volumes
from senet.insights.freshness import find_as_of, read_together
from senet.insights.kpis import EMAIL_KPIS
from senet.insights.kpis.email import TILE
from senet.insights.kpis.values import UniqueLinks
from senet.insights.pages.email_overview import count_email, make_values
from senet.insights.pages.outside import asks_outside, read_outside, show_outside
from senet.insights.values import Filters, JourneyNumbers, PathCount, ReasonCount, TileKpi, TileNumbers
from senet.interactions.clickhouse import fetch_rows
from senet.journeys.definition import Definition, read_definition
from senet.journeys.tiles.base import Tile
from senet.shared.errors import NotFound
from senet.shared.sql import fetch_all

_EMAIL_TILE_KPIS = tuple(kpi for kpi in EMAIL_KPIS if TILE in kpi.appears)
_NEEDED = tuple(kpi for kpi in EMAIL_KPIS if not isinstance(kpi.expression, UniqueLinks))
_STOP_LABELS = {
    "suppressed": "In the suppression segment",
    "consent": "Consent below the journey's minimum",
    "external_consent": "Refused by the external consent service",
    "unsubscribed": "Left the list that the journey goes to",
    "deleted": "The contact was deleted",
    "business_unit": "Belongs to another business unit",
    "next_iteration": "Held until the next iteration began",
    "exited": "Came to an exit on another lane",
}


@dataclass(slots=True)
class _Volume:
    """What happened at one tile."""

    arrived: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    paths: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    reasons: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def processing(self) -> int:
        """Those who have arrived and not left."""
        return self.arrived - sum(self.outcomes.values())


def read_tiles(filters: Filters) -> JourneyNumbers:
    """Return the numbers of every tile of a journey, for arrivals within a period. Raises: NotFound."""
    assert filters.journey_id is not None  # noqa: S101  the page's own parameter
    definition = _read_graph(filters.journey_id)
    volumes = read_together(partial(_read_volumes, filters), "visit_arrival", "visit_departure")
    before = _find_tiles_before(definition)
    outside = read_outside(filters) if any(asks_outside(tile) for tile in definition.tiles) else {}
    tiles = []
    for tile in definition.tiles:
        volume = volumes.get(tile.id, _Volume())
        queued = sum(volumes[other].processing for other in before[tile.id] if other in volumes)
        kpis = show_outside(tile, outside) if asks_outside(tile) else _read_kpis(tile, filters)
        tiles.append(_show(tile, volume, queued, kpis))
    as_of = find_as_of("visit_arrival", "visit_departure", "interaction")
    return JourneyNumbers(filters.journey_id, as_of, tuple(tiles))


def _read_graph(journey_id: int) -> Definition:
    rows = fetch_all(senet.insights, "find_journey_graph", {"journey_id": journey_id})
    if not rows:
        raise NotFound("There is no journey by that number.")
    graph = rows[0][0]
    return read_definition(json.loads(graph) if isinstance(graph, str) else graph)


def _read_volumes(filters: Filters) -> Mapping[int, _Volume]:
    compiled = compile_volumes(filters)
    volumes: dict[int, _Volume] = defaultdict(_Volume)
    for tile, outcome, reason, branch, arrived, departed in fetch_rows(compiled.sql, compiled.parameters):
        volume = volumes[tile]
        volume.arrived += int(arrived)
        if departed:
            volume.outcomes[outcome] += int(departed)
            if branch >= 0:
                volume.paths[branch] += int(departed)
            if outcome == "stopped":
                volume.reasons[reason] += int(departed)
    return dict(volumes)


def _find_tiles_before(definition: Definition) -> Mapping[int, set[int]]:
    """Return, for each tile, all tiles from which some way leads to it."""
    before: dict[int, set[int]] = {tile.id: set() for tile in definition.tiles}
    for tile_id in definition.order:
        for follower in definition.followers[tile_id]:
            before[follower] |= before[tile_id] | {tile_id}
    return before


def _show(tile: Tile, volume: _Volume, queued: int, kpis: tuple[TileKpi, ...]) -> TileNumbers:
    outcomes = volume.outcomes
    return TileNumbers(
        tile=tile.id,
        kind=str(tile.kind),
        name=tile.name,
        inflow=volume.arrived,
        processing=volume.processing,
        queued=queued,
        stopped=outcomes.get("stopped", 0),
        expired=outcomes.get("expired", 0),
        failed=outcomes.get("failed", 0),
        processed=outcomes.get("processed", 0),
        total=volume.arrived,
        paths=_show_paths(tile, volume),
        stopped_reasons=tuple(
            ReasonCount(reason, _STOP_LABELS.get(reason, reason), count)
            for reason, count in sorted(volume.reasons.items(), key=lambda item: -item[1])
        ),
        kpis=kpis,
    )


def _show_paths(tile: Tile, volume: _Volume) -> tuple[PathCount, ...]:
    """Return a count for each way out, also those that nobody took, and those of an earlier version of the tile."""
    branches = sorted({*range(len(tile.exits)), *volume.paths})
    return tuple(PathCount(branch, _label(tile, branch), volume.paths.get(branch, 0)) for branch in branches)


def _label(tile: Tile, branch: int) -> str:
    try:
        return tile.branch_label(branch)
    except IndexError:
        return f"Branch {branch + 1}"


def _read_kpis(tile: Tile, filters: Filters) -> tuple[TileKpi, ...]:
    """Return the email KPIs of one tile of the journey; none of a tile that sends no emails."""
    if tile.kind != "email":
        return ()
    own = replace(filters, tile=tile.id)
    values = make_values(_EMAIL_TILE_KPIS, count_email(own, _NEEDED), own)
    return tuple(TileKpi(value.key, value.name, value.value) for value in values)
