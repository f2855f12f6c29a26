"""Reads: where a person stands and why, who would enter, what happened to a journey."""

from __future__ import annotations

from collections.abc import Sequence

import senet.journeys
from senet.journeys.definition import read_definition
from senet.journeys.errors import JourneyNotFound
from senet.journeys.models import Journey
from senet.journeys.plan import Snapshot, get_plan
from senet.journeys.standing import find_standing
from senet.journeys.values import BlastRadius, Person
from senet.shared import sql

__all__ = ["find_standing", "measure_blast_radius", "read_snapshot"]

SAMPLE = 10


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


def read_snapshot(version_id: int) -> Snapshot:
    """Return the settings that a published version froze."""
    return get_plan(version_id).snapshot
