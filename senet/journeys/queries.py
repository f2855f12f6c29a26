"""Reads: where a person stands and why, who would enter, what happened to a journey."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import senet.journeys
from senet.journeys.active import find_active
from senet.journeys.definition import Definition, read_definition
from senet.journeys.errors import JourneyNotFound
from senet.journeys.models import Journey
from senet.journeys.plan import Snapshot, get_plan
from senet.journeys.values import BlastRadius, Person, Standing, Step
from senet.shared import sql

SAMPLE = 10
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


def measure_blast_radius(journey_id: int, *, unit_ids: Sequence[int] | None = None) -> BlastRadius:
    """Count who would enter a journey if it went live now.

    The sample shows people of these business units only (None: of all). Raises: JourneyNotFound, InvalidInput.
    """
    journey = Journey.objects.filter(pk=journey_id).first()
    if journey is None:
        raise JourneyNotFound
    audiences = read_definition(journey.definition).audiences
    if not audiences:
        return BlastRadius(0, 0, 0, 0)
    audience = audiences[0]
    parameters = {
        "journey_id": journey_id,
        "tile": audience.id,
        "segments": audience.included_segments,
        "included_lists": audience.included_lists,
        "excluded_segments": audience.excluded_segments,
        "needed": audience.needed,
        "suppression_segment_id": journey.suppression_segment_id,
        "minimum_consent": journey.minimum_consent,
        "sample": SAMPLE,
    }
    ((entering, suppressed, below, inside, sample),) = sql.fetch_all(senet.journeys, "measure_blast_radius", parameters)
    people = sql.fetch_all(senet.journeys, "list_people", {"ids": sample or [], "units": unit_ids})
    return BlastRadius(entering, suppressed, below, inside, [Person(*row) for row in people])


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
        (_make_step(definition, row) for row in rows),
        key=lambda step: (step.iteration, step.arrived_at, rank.get(step.tile, 0)),
    )
    return _explain(journey, definition, contact_id, way, now)


def _make_step(definition: Definition, row: tuple[object, ...]) -> Step:
    iteration, tile_id, arrived_at, due_at, left_at, outcome, reason, branch = row
    tile = definition.by_id.get(tile_id)  # type: ignore[call-overload]  # the row's types are the table's
    label = (
        tile.branch_label(branch) if tile is not None and isinstance(branch, int) and branch < len(tile.exits) else ""
    )
    kind, name = (tile.kind, tile.title) if tile is not None else ("", f"Tile {tile_id}")
    return Step(iteration, tile_id, kind, name, arrived_at, due_at, left_at, outcome, reason, branch, label)  # type: ignore[arg-type]


def _explain(journey: Journey, definition: Definition, contact_id: int, way: list[Step], now: datetime) -> Standing:
    if not way:
        text = "This person has not entered the journey."
        return Standing(journey.pk, contact_id, "not_entered", None, None, None, "", None, text)
    last = _find_exit(way) or way[-1]
    if last.left_at is None:
        return _explain_waiting(journey, definition, contact_id, way, now)
    if last.outcome == "stopped":
        why = REASONS.get(last.reason or "", last.reason or "no reason was kept")
        text = f"Stopped at “{last.name}” because {why}."
        return Standing(journey.pk, contact_id, "stopped", last.tile, last.left_at, None, "", last.reason, text, way)
    state = "failed" if last.outcome == "failed" else "finished"
    text = f"Left “{last.name}” as the last tile of the way."
    if last.kind == "exit":
        text = f"The journey ended for this person at “{last.name}”."
    return Standing(journey.pk, contact_id, state, last.tile, last.left_at, None, "", last.reason, text, way)


def _find_exit(way: Sequence[Step]) -> Step | None:
    """Return the exit that ended the last iteration of a way, whatever still stood on another lane then."""
    return next((step for step in way if step.kind == "exit" and step.iteration == way[-1].iteration), None)


def _explain_waiting(
    journey: Journey, definition: Definition, contact_id: int, way: list[Step], now: datetime
) -> Standing:
    last = way[-1]
    tile = definition.by_id.get(last.tile)
    titles = {each.id: each.title for each in definition.tiles}
    waiting_for = f"until {tile.waiting_until(titles)}" if tile is not None else ""
    active = find_active(journey.pk)
    text = f"Stands at “{last.name}” and waits {waiting_for}."
    if active is None or not active.is_running(now):
        text = f"Stands at “{last.name}”; the journey is {journey.status.replace('_', ' ')}, so nobody moves."
    until = last.due_at if last.kind != "email" else None
    return Standing(journey.pk, contact_id, "waiting", last.tile, last.arrived_at, until, waiting_for, None, text, way)


def read_snapshot(version_id: int) -> Snapshot:
    """Return the settings that a published version froze."""
    return get_plan(version_id).snapshot
