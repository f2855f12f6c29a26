"""The people behind a number: each number that a tile shows, as a statement that picks exactly them.

Visits and messages are asked in PostgreSQL's ledger. Who opened, clicked or unsubscribed is asked where the page asks
it, in ClickHouse, which keeps the whole log; so is what was asked of the outside and, of a period, what became of
mails. The page's filters narrow both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import senet.journeys
from senet.audiences.filling import Picked, create_segment_of
from senet.interactions.verdicts import Verdict
from senet.journeys.definition import read_definition
from senet.journeys.logged import Asked, find_asked_outside, find_logged
from senet.journeys.meanings import RESPONSE, VOLUMES, Logged, Meaning, Messages, Outside, Volume, list_own_numbers
from senet.journeys.models import Iteration, Journey
from senet.journeys.tiles.base import Tile, TileId
from senet.shared.errors import InvalidInput
from senet.shared.sql import load_sql

ALIASES = {
    "opened": "unique_opens",
    "clicked": "unique_clicks",
    "hard_bounced": "hard_bounces",
    "soft_bounced": "soft_bounces",
    "block_bounced": "block_bounces",
    "unsubscribed": "unsubscribes",
}
# Numbers of which one part is asked: path:0, reason:consent, blocked:…, response:…
_PARTS = ("path", "reason", "blocked", "response")


@dataclass(frozen=True, slots=True)
class Number:
    """A number that a tile shows, read from what the caller wrote."""

    key: str
    meaning: Meaning
    branch: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SavedNumber:
    """A segment made of the people behind a number."""

    segment_id: int
    size: int
    number: str


def save_as_segment(
    journey: Journey,
    tile_id: TileId,
    number: str,
    *,
    name: str,
    description: str,
    live: bool,
    iteration: int | None,
    owner_id: int,
    business_unit_id: int,
    now: datetime,
    since: datetime | None = None,
    until: datetime | None = None,
    verdict: Verdict = Verdict.ALL,
    company_id: int | None = None,
) -> SavedNumber:
    """Make a static segment with exactly the people behind a tile's number, as they are at this moment.

    Without an iteration: of all iterations. The other filters are the page's. Raises: InvalidInput,
    ClickHouseUnavailable.
    """
    definition = read_definition(journey.live_version.definition if journey.live_version else journey.definition)
    tile = definition.by_id.get(tile_id)
    if tile is None:
        raise InvalidInput(f"The journey has no tile {tile_id}.", tile=tile_id)
    asked = read_number(number, tile)
    iterations = [iteration] if iteration is not None else _list_iterations(journey.pk)
    whose = Asked(journey.pk, definition, tile_id, iterations, since, until, verdict, company_id)
    picked = pick(asked, whose)
    segment_id, size = create_segment_of(
        picked,
        name=name,
        description=description,
        live=live,
        owner_id=owner_id,
        business_unit_id=business_unit_id,
        now=now,
    )
    return SavedNumber(segment_id, size, asked.key)


def _list_iterations(journey_id: int) -> list[int]:
    return list(Iteration.objects.filter(journey_id=journey_id).order_by("number").values_list("number", flat=True))


def read_number(text: str, tile: Tile) -> Number:
    """Read the name of a number that a tile shows. Raises: InvalidInput with the names that there are."""
    key, _, part = text.partition(":")
    key = ALIASES.get(key, key)
    known = {**VOLUMES, **list_own_numbers(tile)}
    if part and key in _PARTS:
        if key == "path" and part.isascii() and part.isdigit() and len(part) < 5:
            return Number(text, Volume(everybody=True), branch=int(part))
        if key == "reason":
            return Number(text, Volume(outcomes=("stopped",)), reason=part)
        if key == "blocked" and "blocked" in known:
            return Number(text, known["blocked"], reason=part)
        if key == "response" and "channel_responses" in known:
            return Number(text, RESPONSE, reason=part)
    elif not part and key in known:
        return Number(key, known[key])
    names = ", ".join([*known, "path:<branch>", "reason:<reason>"])
    raise InvalidInput(f"This tile has no number “{text[:60]}”. There are: {names}.", number=text[:60])


def pick(number: Number, asked: Asked) -> Picked:
    """Return the statement that picks the people behind a number. Raises: ClickHouseUnavailable."""
    match number.meaning:
        case Volume() as volume:
            return _pick_visitors(number, volume, asked)
        case Messages() as messages if asked.has_period:
            types = [each for each in messages.types if number.reason in {None, each}]
            others = find_logged(messages.without + messages.less, asked)
            return _pick_contacts(find_logged(types, asked) - others, asked)
        case Messages() as messages:
            return _pick_recipients(number, messages, asked)
        case Logged(kind):
            return _pick_contacts(find_logged((kind,), asked), asked)
        case Outside(kind, without):
            found = find_asked_outside((kind,), asked, without=without, response=number.reason or "")
            return _pick_contacts(found, asked)


def _pick_contacts(contact_ids: set[int], asked: Asked) -> Picked:
    values = {"contact_ids": sorted(contact_ids), "company_id": asked.company_id}
    return Picked(load_sql(senet.journeys, "pick_contacts"), values)


def _pick_visitors(number: Number, volume: Volume, asked: Asked) -> Picked:
    before = asked.definition.find_ancestors(asked.tile) if volume.before else frozenset()
    return Picked(
        load_sql(senet.journeys, "pick_visitors"),
        {
            "journey_id": asked.journey_id,
            "iterations": list(asked.iterations),
            "tiles": sorted(before | ({asked.tile} if volume.here else set())),
            "everybody": volume.everybody,
            "standing": volume.standing,
            "outcomes": list(volume.outcomes),
            "branch": number.branch,
            "reason": number.reason,
            "since": asked.since,
            "until": asked.until,
            "company_id": asked.company_id,
        },
    )


def _pick_recipients(number: Number, messages: Messages, asked: Asked) -> Picked:
    return Picked(
        load_sql(senet.journeys, "pick_recipients"),
        {
            "journey_id": asked.journey_id,
            "iterations": list(asked.iterations),
            "tile": asked.tile,
            "states": list(messages.states),
            "sent": messages.sent,
            "reason": number.reason,
            "without": sorted(find_logged(messages.without, asked)),
            "company_id": asked.company_id,
        },
    )
