"""Reads: where a person stands and why, who would enter, what happened to a journey."""

from __future__ import annotations

from senet.journeys.plan import Snapshot, get_plan
from senet.journeys.radius import measure_blast_radius
from senet.journeys.standing import find_standing

__all__ = ["find_standing", "measure_blast_radius", "read_snapshot"]


def read_snapshot(version_id: int) -> Snapshot:
    """Return the settings that a published version froze."""
    return get_plan(version_id).snapshot
