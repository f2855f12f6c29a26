"""What tiles asked of the outside: workflows launched and what came of it, channel activities and their responses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from senet.insights.compiler import compile_outside
from senet.insights.kpis import KPIS, OUTSIDE_KPIS
from senet.insights.kpis.outside import CHANNEL, WORKFLOW
from senet.insights.kpis.values import Counts, evaluate
from senet.insights.values import Filters, TileKpi
from senet.integrations.queries import find_channels
from senet.interactions.clickhouse import fetch_rows
from senet.journeys.tiles import CustomChannelTile, RunWorkflowTile
from senet.journeys.tiles.base import Tile

_RESPONSE = "CustomChannelResponse"


@dataclass(slots=True)
class Outside:
    """What one tile asked of the outside."""

    events: Counter[str] = field(default_factory=Counter)  # by interaction type, and what became of it
    responses: Counter[str] = field(default_factory=Counter)  # by the channel's own key


def read_outside(filters: Filters) -> Mapping[int, Outside]:
    """Return what each tile of a journey asked of the outside in a period."""
    events, ends = compile_outside(filters)
    found: dict[int, Outside] = defaultdict(Outside)
    for tile, kind, name, count in fetch_rows(events.sql, events.parameters):
        found[tile].events[kind] += int(count)
        if kind == _RESPONSE:
            found[tile].responses[name] += int(count)
    for tile, failed, responded in fetch_rows(ends.sql, ends.parameters):
        found[tile].events.update(calls_failed=int(failed), channel_responded=int(responded))
    return found


def asks_outside(tile: Tile) -> bool:
    """Say whether a tile asks something of the outside."""
    return isinstance(tile, RunWorkflowTile | CustomChannelTile)


def show_outside(tile: Tile, found: Mapping[int, Outside]) -> tuple[TileKpi, ...]:
    """Return the KPIs of a tile that asks something of the outside; of a channel also each kind of response."""
    outside = found.get(tile.id, Outside())
    page = CHANNEL if isinstance(tile, CustomChannelTile) else WORKFLOW
    counts = Counts(outside.events, {}, {})
    values = [TileKpi(kpi.key, kpi.name, evaluate(kpi, KPIS, counts)) for kpi in OUTSIDE_KPIS if page in kpi.appears]
    if isinstance(tile, CustomChannelTile):
        values += _show_responses(tile, outside)
    return tuple(values)


def _show_responses(tile: CustomChannelTile, outside: Outside) -> list[TileKpi]:
    """Return each response that the channel declares, and those that it declared once and that were told."""
    channel = find_channels([tile.channel_id or 0]).get(tile.channel_id or 0)
    labels = {key: one.label for key, one in channel.responses.items()} if channel is not None else {}
    keys = [*labels, *sorted(outside.responses.keys() - labels.keys())]
    return [TileKpi(f"response:{key}", labels.get(key, key), outside.responses[key]) for key in keys]
