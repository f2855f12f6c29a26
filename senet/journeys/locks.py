"""The settings of a journey, and which of them its state fixes.

Source: product facts 1.2, the lock matrix; a test holds every setting to it in every state.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from senet.journeys.definition import read_definition
from senet.journeys.errors import FieldLocked
from senet.journeys.models import Iteration, Journey
from senet.journeys.values import JourneyStatus

FREE = frozenset(
    {
        "name", "description", "definition", "time_zone", "start_at", "end_at", "minimum_consent", "target", "scope",
        "content_settings_id", "suppression_segment_id", "is_recurring", "interval_days", "iteration_count",
        "refuse_large_emails", "template_id",
    }
)  # fmt: skip
LOCKED_AFTER_LIVE = frozenset(
    {
        "time_zone", "minimum_consent", "target", "scope", "content_settings_id", "suppression_segment_id",
        "is_recurring",
    }
)  # fmt: skip
EDITABLE = frozenset({JourneyStatus.LIVE_EDITABLE, JourneyStatus.STOPPED})


def list_locked(journey: Journey, now: datetime) -> frozenset[str]:
    """Return the settings that a journey's state fixes. The first go-live also fixes the drawing's shape."""
    status = JourneyStatus(journey.status)
    if status in {JourneyStatus.DRAFT, JourneyStatus.ERROR} and journey.live_version_id is None:
        return frozenset()
    if status not in EDITABLE and status is not JourneyStatus.ERROR:
        return FREE
    return LOCKED_AFTER_LIVE | ({"start_at"} if _has_started(journey, now) else set())


def check_locks(journey: Journey, values: Mapping[str, Any], now: datetime) -> None:
    """Refuse what the journey's state locks. Raises: FieldLocked."""
    changed = {name for name, value in values.items() if getattr(journey, name) != value}
    fixed = list_locked(journey, now)
    if fixed == FREE and changed:
        message = f"The journey is {journey.status.replace('_', ' ')}. Choose Edit or Stop before you change it."
        raise FieldLocked(message, locked=sorted(changed))
    locked = set(changed & fixed)
    if fixed and "definition" in changed:
        drawn, was = read_definition(values["definition"]), read_definition(journey.definition)
        if drawn.shape != was.shape:
            locked.add("definition")
    if locked:
        names = ", ".join(sorted(name.replace("_id", "").replace("_", " ") for name in locked))
        message = f"Fixed since the journey first went live: {names}. Copy the journey to change it."
        raise FieldLocked(message, locked=sorted(locked))


def _has_started(journey: Journey, now: datetime) -> bool:
    started = journey.start_at is not None and journey.start_at <= now
    return started or Iteration.objects.filter(journey=journey).exists()
