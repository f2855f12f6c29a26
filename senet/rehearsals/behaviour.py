"""What is assumed of the readers of each email tile: what was asked for, else its history, else the literature."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from senet.insights.values import DelayFound, ReactionsFound
from senet.rehearsals.values import Assumption, Behaviour, BehaviourChange, ReactionDelay, RehearsalOptions, TileId

ENOUGH_MESSAGES = 1_000  # delivered: then a rate of 3 % is known to half a per cent
ENOUGH_PEOPLE = 50  # who reacted: then their median delay is known well enough
_LINK_CLICKS = 50

# Before mail programs began to open mails by themselves; robots, which the engine leaves out too, were few.
_RATES = "literature: Mailchimp, Email Marketing Benchmarks, October 2019, accounts of all kinds"
# 21.5 % of opens within an hour, 50.6 % within six, 73 % within a day; 33.6 % of clicks within an hour, 51.4 % within
# three, 81 % within a day. A lognormal delay meets all six within half a per cent.
_DELAYS = "literature: GetResponse, Email Marketing Benchmarks 2020, 5.5 billion emails, fitted by a lognormal"
LITERATURE = Behaviour(
    open_rate=0.2271,
    click_rate=0.0291,
    unsubscribe_rate=0.0025,
    hard_bounce_rate=0.0040,
    soft_bounce_rate=0.0061,
    block_bounce_rate=0.0,
    open_delay=ReactionDelay(median_hours=5.9, spread=2.26),
    click_delay=ReactionDelay(median_hours=2.85, spread=2.45),
)
_LITERATURE_SOURCES = {
    name: _DELAYS if name.endswith("_delay") else _RATES for name in Behaviour.model_fields if name != "link_weights"
} | {
    "block_bounce_rate": "the literature counts them among the soft bounces",
    "link_weights": "every link alike",
}
GIVEN = "given"


@dataclass(frozen=True, slots=True)
class MailTile:
    """An email tile of the journey on the stage: which email it sends, in which version, with which links."""

    tile: TileId
    email_id: int
    version_id: int
    links: Sequence[int] = field(default=())


def assume(tile: MailTile, options: RehearsalOptions, found: Sequence[ReactionsFound]) -> Assumption:
    """Return what is assumed of a tile's readers, and where each value comes from."""
    values: dict[str, object] = LITERATURE.model_dump() | {"link_weights": dict.fromkeys(tile.links, 1.0)}
    sources = dict(_LITERATURE_SOURCES)
    history = [each for each in found if each.email_id == tile.email_id]
    for words, each in [
        *(("the email's messages from other journeys", each) for each in history if each.tile == 0),
        *(("this tile's own messages", each) for each in history if each.tile == tile.tile),
    ]:
        for name, value, count in read_history(each):
            values[name], sources[name] = value, f"history: {count:,} of {words}"
    for change in (options.behaviour, options.tiles.get(tile.tile, BehaviourChange())):
        for name in change.model_fields_set:
            value = getattr(change, name)
            if value is not None:
                values[name], sources[name] = value, GIVEN
    return Assumption(tile=tile.tile, behaviour=Behaviour.model_validate(values), sources=sources)


def read_history(found: ReactionsFound) -> list[tuple[str, object, int]]:
    """Return what the history says, as far as it has enough: field, value, how many it rests on."""
    values: list[tuple[str, object, int]] = []
    if found.delivered >= ENOUGH_MESSAGES:
        of_delivered = {"open": found.opened, "click": found.clicked, "unsubscribe": found.unsubscribed}
        values += [
            (f"{name}_rate", min(1.0, count / found.delivered), found.delivered) for name, count in of_delivered.items()
        ]
        bounced = {"hard": found.hard_bounced, "soft": found.soft_bounced, "block": found.block_bounced}
        values += [(f"{name}_bounce_rate", count / found.sent, found.sent) for name, count in bounced.items()]
    for name, delay in (("open_delay", found.open_delay), ("click_delay", found.click_delay)):
        if delay is not None and delay.people >= ENOUGH_PEOPLE:
            values.append((name, fit_delay(delay), delay.people))
    clicks = sum(found.link_clicks.values())
    if clicks >= _LINK_CLICKS:
        values.append(("link_weights", {link: float(people) for link, people in found.link_clicks.items()}, clicks))
    return values


def fit_delay(found: DelayFound) -> ReactionDelay:
    """Return the lognormal delay with this median and this 84th percentile, which lies one spread above it."""
    median = max(found.median.total_seconds(), 1.0)
    slow = max(found.slow.total_seconds(), median)
    return ReactionDelay(median_hours=min(median / 3600, 8760.0), spread=min(math.log(slow / median), 4.0))


def as_columns(
    assumptions: Sequence[Assumption], heard: frozenset[tuple[TileId, str]]
) -> Mapping[str, Sequence[float | int | str]]:
    """Return the model as the statement takes it: an array a value, one place a tile; and the links and who listens."""
    columns: dict[str, list[float | int | str]] = {"tile": [each.tile for each in assumptions]}
    for name in ("hard_bounce", "soft_bounce", "block_bounce", "open", "click", "unsubscribe"):
        columns[f"{name}_rate"] = [getattr(each.behaviour, f"{name}_rate") for each in assumptions]
    for name in ("open", "click"):
        delays: list[ReactionDelay] = [getattr(each.behaviour, f"{name}_delay") for each in assumptions]
        columns[f"{name}_median"] = [delay.median_hours for delay in delays]
        columns[f"{name}_spread"] = [delay.spread for delay in delays]
    links = [(each.tile, *share) for each in assumptions for share in _share_out(each.behaviour.link_weights)]
    for place, name in enumerate(("link_tile", "link", "link_low", "link_high")):
        columns[name] = [row[place] for row in links]
    pairs = sorted(heard)
    columns["heard_tile"], columns["heard_type"] = [tile for tile, _ in pairs], [kind for _, kind in pairs]
    return columns


def _share_out(weights: Mapping[int, float]) -> list[tuple[int, float, float]]:
    """Return each link with its part of the numbers from 0 to 1."""
    total = sum(weights.values())
    shares: list[tuple[int, float, float]] = []
    low = 0.0
    for link, weight in sorted(weights.items()):
        if weight > 0:
            high = low + weight / total
            shares.append((link, low, high))
            low = high
    if shares:
        shares[-1] = (*shares[-1][:2], 1.0)
    return shares
