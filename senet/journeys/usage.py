"""Which live journeys use a segment, a list, a workflow or a channel; the rooms below ask before they delete one."""

from __future__ import annotations

from collections.abc import Sequence

from senet.journeys.active import list_active
from senet.journeys.models import Journey
from senet.journeys.values import RUNNING
from senet.shared.errors import Problem


def find_journeys_of_audience(kind: str, audience_id: int) -> Sequence[Problem]:
    """Return a problem for each live journey whose audience or suppression refers to a segment or list."""
    users = [
        each.id for each in list_active() if each.status in RUNNING and _uses(each.plan.watched, kind, audience_id)
    ]
    return _list_problems(users, "Stop the journey first, or let it go on without new people.")


def _list_problems(users: Sequence[int], advice: str) -> Sequence[Problem]:
    names = Journey.objects.filter(pk__in=users).order_by("id").values_list("id", "name")
    return [
        Problem("used_by_journey", f"The live journey “{name}” uses it.", f"journeys.{journey_id}", "warning", advice)
        for journey_id, name in names
    ]


def find_journeys_of_integration(kind: str, record_id: int) -> Sequence[Problem]:
    """Return a problem for each live journey with a tile that refers to a workflow or a channel."""
    live = {each.id: each.plan for each in list_active() if each.status in RUNNING}
    users = [
        journey_id
        for journey_id, plan in live.items()
        if any(getattr(tile, f"{kind}_id", None) == record_id for tile in plan.definition.tiles)
    ]
    return _list_problems(users, "Stop the journey first.")


def _uses(watched: Sequence[tuple[str, int, int, str, int]], kind: str, audience_id: int) -> bool:
    return any(each_kind == kind and each_id == audience_id for each_kind, each_id, *_ in watched)
