"""Where one person stands in a journey, on every lane, since when and for what, or why they stopped; in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import senet.journeys
from senet.journeys.active import find_active
from senet.journeys.definition import Definition, read_definition
from senet.journeys.errors import JourneyNotFound
from senet.journeys.models import Journey
from senet.journeys.tiles import AudienceTile
from senet.journeys.tiles.base import TileId
from senet.journeys.values import RUNNING, IterationStanding, Place, Standing, Step
from senet.shared import sql

REASONS = {
    "suppressed": "they are in the journey's suppression segment",
    "consent": "their consent is below the journey's minimum",
    "external_consent": "their consent, kept elsewhere, is below the journey's minimum",
    "unsubscribed": "they unsubscribed from the list that the journey targets",
    "deleted": "the contact was deleted",
    "business_unit": "they belong to another business unit than the journey",
    "next_iteration": "the next iteration of the journey began",
    "exited": "they came to an exit on another lane",
}
# Why a tile did nothing for somebody who went on nevertheless.
PASSED_BY = {"channel_forbidden": "the channel's compliance column forbids to reach them"}


def find_standing(journey_id: int, contact_id: int, now: datetime) -> Standing:
    """Return where a person stands in a journey and the whole way they took. Raises: JourneyNotFound."""
    journey = Journey.objects.filter(pk=journey_id).select_related("live_version").first()
    if journey is None:
        raise JourneyNotFound
    version = journey.live_version
    definition = read_definition(version.definition if version else journey.definition)
    rows = sql.fetch_all(senet.journeys, "list_way", {"journey_id": journey_id, "contact_id": contact_id})
    rank = {tile: place for place, tile in enumerate(definition.order)}
    way = sorted(
        (make_step(definition, row) for row in rows),
        key=lambda step: (step.iteration, step.arrived_at, rank.get(step.tile, 0)),
    )
    halted = "" if _runs(journey, now) else f"the journey is {journey.status.replace('_', ' ')}, so nobody moves"
    return _explain(journey, definition, contact_id, way, halted)


def _runs(journey: Journey, now: datetime) -> bool:
    active = find_active(journey.pk)
    return active is not None and active.is_running(now)


def make_step(definition: Definition, row: tuple[object, ...]) -> Step:
    """Return one row of the ledger with the words that the tile has for it."""
    iteration, tile_id, arrived_at, due_at, left_at, outcome, reason, branch = row
    tile = definition.by_id.get(tile_id)  # type: ignore[call-overload]  # the row's types are the table's
    label = (
        tile.branch_label(branch) if tile is not None and isinstance(branch, int) and branch < len(tile.exits) else ""
    )
    kind, name = (tile.kind, tile.title) if tile is not None else ("", f"Tile {tile_id}")
    return Step(iteration, tile_id, kind, name, arrived_at, due_at, left_at, outcome, reason, branch, label)  # type: ignore[arg-type]


def _explain(journey: Journey, definition: Definition, contact_id: int, way: list[Step], halted: str) -> Standing:
    if not way:
        text = _explain_absence(journey, definition, contact_id, halted)
        return Standing(journey.pk, contact_id, "not_entered", None, None, None, "", None, text)
    titles = {tile.id: tile.title for tile in definition.tiles}
    numbers = sorted({step.iteration for step in way})
    iterations = tuple(
        _explain_iteration(number, [step for step in way if step.iteration == number], definition, titles, halted)
        for number in numbers
    )
    last = iterations[-1]
    here = last.places[0] if last.places else None
    ending = _find_ending([step for step in way if step.iteration == last.number])
    return Standing(
        journey.pk,
        contact_id,
        last.state,
        here.tile if here else ending.tile,
        here.since if here else ending.left_at,
        here.until if here else None,
        here.waiting_for if here else "",
        None if here else ending.reason,
        last.explanation,
        way,
        last.number,
        last.places,
        iterations,
    )


def _explain_iteration(
    number: int, way: Sequence[Step], definition: Definition, titles: Mapping[TileId, str], halted: str
) -> IterationStanding:
    ending = _find_ending(way)
    here = sorted((step for step in way if step.left_at is None), key=lambda step: step.tile)
    places = tuple(_make_place(step, definition, titles) for step in here) if ending.kind != "exit" else ()
    if not places:
        return IterationStanding(number, _name_state(ending), (), explain_step(ending, definition, titles))
    if halted:
        text = f"Stands at {' and at '.join(f'“{place.name}”' for place in places)}; {halted}."
    else:
        text = " ".join(explain_step(step, definition, titles) for step in here)
    return IterationStanding(number, "waiting", places, text)


def _make_place(step: Step, definition: Definition, titles: Mapping[TileId, str]) -> Place:
    until = step.due_at if step.kind != "email" else None
    waiting_for = _say_waiting(step, definition, titles)
    return Place(step.tile, step.kind, step.name, step.arrived_at, until, waiting_for)


def _say_waiting(step: Step, definition: Definition, titles: Mapping[TileId, str]) -> str:
    tile = definition.by_id.get(step.tile)
    text = tile.waiting_until(titles) if tile is not None else ""
    return f"until {text}" if text else ""


def _find_ending(way: Sequence[Step]) -> Step:
    """Return the visit that ended an iteration: the exit, whatever stood on another lane then, or the last one."""
    return next((step for step in way if step.kind == "exit"), way[-1])


def _name_state(ending: Step) -> str:
    return ending.outcome if ending.outcome in {"stopped", "failed"} else "finished"


def explain_step(step: Step, definition: Definition, titles: Mapping[TileId, str]) -> str:
    """Return one visit as a sentence."""
    why = (REASONS | PASSED_BY).get(step.reason or "", (step.reason or "").replace("_", " ") or "no reason was kept")
    if step.left_at is None:
        waiting = _say_waiting(step, definition, titles)
        text = f"Stands at “{step.name}” and waits {waiting}." if waiting else f"Stands at “{step.name}”."
    elif step.outcome == "stopped":
        text = f"Stopped at “{step.name}” because {why}."
    elif step.outcome == "failed":
        text = f"“{step.name}” failed: {why}."
    elif step.outcome == "expired":
        text = f"Passed “{step.name}”, whose mail was no longer to be sent."
    elif step.reason is not None:
        text = f"Passed “{step.name}”, which did nothing because {why}."
    elif step.kind == "exit":
        text = f"The journey ended for this person at “{step.name}”."
    elif _is_last(step, definition):
        text = f"Left “{step.name}” as the last tile of the way."
    else:
        text = f"Left “{step.name}”{f' by “{step.branch_label}”' if step.branch_label else ''}."
    return text


def _is_last(step: Step, definition: Definition) -> bool:
    tile = definition.by_id.get(step.tile)
    return tile is None or step.branch is None or step.branch >= len(tile.exits) or tile.exits[step.branch] is None


def _explain_absence(journey: Journey, definition: Definition, contact_id: int, halted: str) -> str:
    """Say why somebody has not entered: what stands against it now."""
    text = "This person has not entered the journey"
    if journey.live_version is None:
        return f"{text}: it was never live."
    audiences = [tile for tile in definition.entrances if isinstance(tile, AudienceTile)]
    parameters = {
        "contact_id": contact_id,
        "minimum_consent": journey.minimum_consent,
        "tiles": [tile.id for tile in audiences for _ in _list_sources(tile)],
        "kinds": [kind for tile in audiences for kind, _, _ in _list_sources(tile)],
        "ids": [number for tile in audiences for _, number, _ in _list_sources(tile)],
        "excludes": [excluded for tile in audiences for _, _, excluded in _list_sources(tile)],
    }
    rows = sql.fetch_all(senet.journeys, "find_memberships", parameters)
    included = {tile: count for tile, count, _, _ in rows}
    excluded = {tile for tile, _, count, _ in rows if count}
    belongs = [tile.id for tile in audiences if included.get(tile.id, 0) >= tile.needed]
    if not belongs:
        return f"{text}: they are not in its audience."
    if all(tile in excluded for tile in belongs):
        return f"{text}: a segment that it excludes has them."
    if any(below for _, _, _, below in rows):
        return f"{text}: their consent is below its minimum."
    if halted and journey.status not in RUNNING:
        return f"{text}; {halted}."
    return f"{text} yet: they will be called in as soon as it runs." if halted else f"{text} yet: they are about to."


def _list_sources(tile: AudienceTile) -> list[tuple[str, int, bool]]:
    return [
        *(("segment", each, False) for each in tile.included_segments),
        *(("list", each, False) for each in tile.included_lists),
        *(("segment", each, True) for each in tile.excluded_segments),
    ]
