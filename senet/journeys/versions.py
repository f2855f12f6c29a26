"""The versions of a journey: what each changed, when and by whom, and how to take one's settings up again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from senet.accounts.queries import find_user_names
from senet.journeys.actions import update_journey
from senet.journeys.changes import Change, State, describe_changes, state_of_version
from senet.journeys.errors import VersionNotFound
from senet.journeys.lifecycle import get_locked, note
from senet.journeys.locks import FREE, check_locks, list_locked
from senet.journeys.models import Journey, JourneyVersion
from senet.journeys.values import MilestoneKind


@dataclass(frozen=True, slots=True)
class Version:
    """One version, and what is different from the one before it."""

    number: int
    published_at: datetime
    published_by: int | None
    published_by_name: str
    is_live: bool
    changes: tuple[Change, ...]
    state: State


def show_versions(journey: Journey, rows: Sequence[JourneyVersion]) -> list[Version]:
    """Return versions of a journey with what each changed."""
    before = JourneyVersion.objects.filter(journey=journey, number__in=[row.number - 1 for row in rows])
    states = {row.number: state_of_version(row) for row in (*before, *rows)}
    names = find_user_names(row.published_by for row in rows)
    return [
        Version(
            row.number,
            row.published_at,
            row.published_by,
            names.get(row.published_by or 0, ""),
            row.pk == journey.live_version_id,
            describe_changes(states.get(row.number - 1), states[row.number]),
            states[row.number],
        )
        for row in rows
    ]


def get_version(journey: Journey, number: int) -> Version:
    """Return one version. Raises: VersionNotFound."""
    return show_versions(journey, [_find(journey.pk, number)])[0]


def restore_version(journey_id: int, number: int, *, now: datetime, user_id: int | None = None) -> None:
    """Take a version's settings up into the draft, as far as the journey's state lets them change.

    Raises: JourneyNotFound, VersionNotFound, FieldLocked while the journey is live.
    """
    with transaction.atomic():
        journey = get_locked(journey_id)
        state = state_of_version(_find(journey_id, number))
        values = {**state.settings, "definition": state.definition.as_json()}
        fixed = list_locked(journey, now)
        if fixed == FREE:
            check_locks(journey, values, now)
            return  # it is as that version was
        free = {name: value for name, value in values.items() if name not in fixed}
        update_journey(journey_id, free, now=now, user_id=user_id)
        note(journey_id, MilestoneKind.RESTORED, now, user_id, version=number)


def _find(journey_id: int, number: int) -> JourneyVersion:
    version = JourneyVersion.objects.filter(journey_id=journey_id, number=number).first()
    if version is None:
        raise VersionNotFound
    return version
