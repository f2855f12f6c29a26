"""How many messages a day follow when people enter a journey: reckoned from the drawing, without knowing anybody.

What waits and splits decide is known. What conditions decide is not: then everybody who may come is counted, at the
earliest moment, as *at most*. It is an estimate of those who enter now; whoever joins later comes on top.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from senet.journeys.definition import Definition
from senet.journeys.tiles import EmailTile, SplitTile
from senet.journeys.tiles.base import Next, Tile, TileId
from senet.journeys.values import Forecast, MessageDay, TileForecast

DAYS = 60  # shown one by one
_MOST_MOMENTS = 500  # apart at one tile; beyond, what arrives on one day arrives at its first moment

NOTE = (
    "An estimate for those who enter now. Where a condition decides, everybody who may come is counted as “at most”, "
    "on the first day on which they may come."
)


@dataclass(frozen=True, slots=True)
class _Flow:
    """People who come to a tile at one moment: those who surely do, and those who may."""

    sure: float = 0
    may: float = 0

    def __add__(self, other: _Flow) -> _Flow:
        return _Flow(self.sure + other.sure, self.may + other.may)

    def share(self, part: float) -> _Flow:
        """Return a part of both."""
        return _Flow(self.sure * part, self.may * part)

    def doubt(self) -> _Flow:
        """Return the same people, none of them for sure."""
        return _Flow(0, self.sure + self.may)


_Flows = dict[datetime, _Flow]


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where and until when the reckoning holds, and how many people there are."""

    zone: ZoneInfo
    end_at: datetime | None
    everybody: int

    def is_over(self, moment: datetime) -> bool:
        """Say whether nobody moves any more."""
        return self.end_at is not None and moment >= self.end_at

    def day_of(self, moment: datetime) -> date:
        """Return the day that the journey's clocks show."""
        return moment.astimezone(self.zone).date()


def forecast_messages(
    definition: Definition, entering: Mapping[TileId, int], *, zone: ZoneInfo, at: datetime, end_at: datetime | None
) -> Forecast:
    """Return how many messages a day follow when so many people enter by each entrance at a moment.

    Units: days of the time zone; people who get no mail are for the caller to leave out.
    """
    frame = _Frame(zone, end_at, sum(entering.values()))
    arriving: dict[TileId, _Flows] = defaultdict(lambda: defaultdict(_Flow))
    for tile_id, people in entering.items():
        arriving[tile_id][at] += _Flow(people)
    days: dict[date, _Flow] = defaultdict(_Flow)
    tiles: list[TileForecast] = []
    for tile_id in definition.order:
        tile = definition.by_id[tile_id]
        flows = _limit(arriving.pop(tile_id, {}), frame)
        if isinstance(tile, EmailTile):
            sent = _send(tile, flows, frame)
            tiles.append(_sum_up(tile, sent, frame))
            for day, flow in sent.items():
                days[day] += flow
        for following, moment, flow in _let_go(tile, flows, zone):
            if following is not None and not frame.is_over(moment):
                arriving[following][moment] += flow
    place = {tile.id: number for number, tile in enumerate(definition.tiles)}
    return _make_forecast(days, sorted(tiles, key=lambda each: place[each.tile]))


def _limit(flows: Mapping[datetime, _Flow], frame: _Frame) -> _Flows:
    """Return what arrives at a tile with no more people a moment than there are, and not too many moments."""
    merged: _Flows = defaultdict(_Flow)
    first: dict[date, datetime] = {}
    for moment in sorted(flows):
        of_the_day = first.setdefault(frame.day_of(moment), moment)
        merged[of_the_day if len(flows) > _MOST_MOMENTS else moment] += flows[moment]
    limited: _Flows = {}
    for moment, flow in merged.items():
        sure = min(flow.sure, frame.everybody)
        limited[moment] = _Flow(sure, min(flow.may, frame.everybody - sure))
    return limited


def _send(tile: EmailTile, flows: _Flows, frame: _Frame) -> dict[date, _Flow]:
    """Return an email tile's messages by day; what comes after its expiration or the journey's end is not sent."""
    days: dict[date, _Flow] = defaultdict(_Flow)
    for arrived_at, flow in flows.items():
        moment = tile.due_at(arrived_at, frame.zone) or arrived_at
        if not tile.is_expired_at(moment, frame.zone) and not frame.is_over(moment):
            days[frame.day_of(moment)] += flow
    return days


def _sum_up(tile: EmailTile, days: Mapping[date, _Flow], frame: _Frame) -> TileForecast:
    total = sum(days.values(), _Flow())
    sure, may = min(total.sure, frame.everybody), min(total.sure + total.may, frame.everybody)
    return TileForecast(tile.id, tile.title, min(days, default=None), round(sure), round(may))


def _let_go(tile: Tile, flows: _Flows, zone: ZoneInfo) -> Iterator[tuple[Next, datetime, _Flow]]:
    """Yield where people go on to from a tile, and when."""
    if isinstance(tile, SplitTile):
        for moment, flow in flows.items():
            for way, part in zip(tile.exits, _list_parts(tile, flow), strict=True):
                yield way, moment, flow.share(part)
        return
    for arrived_at, flow in flows.items():
        due_at = tile.due_at(arrived_at, zone) or arrived_at
        if len(tile.exits) < 2:
            for way in tile.exits:
                yield way, due_at, flow
            continue
        *decided, otherwise = tile.exits
        for way in decided:
            yield way, arrived_at, flow.doubt()
        yield otherwise, due_at, flow.doubt()


def _list_parts(tile: SplitTile, flow: _Flow) -> list[float]:
    """Return the share of each branch; the last one takes whoever remains."""
    people = flow.sure + flow.may
    parts: list[float] = []
    left = 1.0
    for branch in tile.branches[:-1]:
        wanted = branch.amount or 0
        part = wanted / 100 if tile.by == "percentage" else (wanted / people if people else 0)
        parts.append(min(max(part, 0), left))
        left -= parts[-1]
    return [*parts, left]


def _make_forecast(days: Mapping[date, _Flow], tiles: list[TileForecast]) -> Forecast:
    ordered = sorted(days.items())
    shown = tuple(MessageDay(day, round(flow.sure), round(flow.sure + flow.may)) for day, flow in ordered[:DAYS])
    later = sum((flow for _, flow in ordered[DAYS:]), _Flow())
    return Forecast(
        messages=sum(tile.messages for tile in tiles),
        at_most=sum(tile.at_most for tile in tiles),
        days=tuple(day for day in shown if day.at_most),
        later=MessageDay(ordered[DAYS][0], round(later.sure), round(later.sure + later.may))
        if len(ordered) > DAYS
        else None,
        tiles=tuple(tiles),
        note=NOTE,
    )
