"""Writes: draw a journey, take it live, stop it, edit it, copy it. Each locks the journey first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from senet.accounts.access import list_units_below
from senet.accounts.values import Author
from senet.journeys.changes import describe_changes, list_sentences, state_of_draft, state_of_version
from senet.journeys.check import CheckReport, check_journey
from senet.journeys.definition import read_definition
from senet.journeys.errors import JourneyNotFound, WrongState
from senet.journeys.lifecycle import finish_stopping, get_locked, note, publish, watch_records
from senet.journeys.locks import FREE, check_locks
from senet.journeys.models import Journey
from senet.journeys.queries import measure_blast_radius
from senet.journeys.references import keep_visible
from senet.journeys.values import RUNNING, GoLive, JourneyStatus, MilestoneKind
from senet.shared.clock import find_zone
from senet.shared.errors import InvalidInput


def create_journey(*, author: Author, now: datetime, **values: Any) -> int:  # the fields of FREE
    """Make a draft and return its id. Raises: InvalidInput."""
    with transaction.atomic():
        journey = Journey(owner_id=author.user_id, business_unit_id=author.business_unit_id)
        _set(journey, values)
        journey.save()
        note(journey.pk, MilestoneKind.CREATED, now, author.user_id)
        return journey.pk


def update_journey(journey_id: int, values: Mapping[str, Any], *, now: datetime, user_id: int | None = None) -> None:
    """Change settings or the drawing, as far as the journey's state allows. Raises: FieldLocked, InvalidInput."""
    with transaction.atomic():
        journey = get_locked(journey_id)
        check_locks(journey, values, now)
        before = state_of_draft(journey)
        _set(journey, values)
        journey.save()
        if journey.status != JourneyStatus.DRAFT:
            changes = list_sentences(describe_changes(before, state_of_draft(journey)))
            if changes:
                note(journey_id, MilestoneKind.CHANGED, now, user_id, fields=sorted(values), changes=changes)


def _set(journey: Journey, values: Mapping[str, Any]) -> None:
    unknown = set(values) - FREE
    if unknown:
        raise InvalidInput(f"A journey has no setting {', '.join(sorted(unknown))}.")
    for name, value in values.items():
        setattr(journey, name, value)
    for name in ("start_at", "end_at"):
        moment = getattr(journey, name)
        if moment is not None:
            setattr(journey, name, moment.replace(second=0, microsecond=0))
    if not 0 <= journey.minimum_consent <= 5:
        raise InvalidInput("The minimum consent is a level from 0 to 5.", minimum_consent=journey.minimum_consent)
    if journey.time_zone and find_zone(journey.time_zone) is None:
        raise InvalidInput(f"There is no time zone “{journey.time_zone}”.", time_zone=journey.time_zone)
    journey.definition = read_definition(journey.definition).as_json()


def check(journey_id: int, now: datetime) -> CheckReport:
    """Check for errors; changes nothing. Raises: JourneyNotFound."""
    journey = Journey.objects.filter(pk=journey_id).first()
    if journey is None:
        raise JourneyNotFound
    return check_journey(journey, now)


def go_live(
    journey_id: int, *, now: datetime, user_id: int | None = None, unit_ids: Sequence[int] | None = None
) -> GoLive:
    """Freeze what is drawn and let it run; people who stood somewhere go on from there.

    `unit_ids` limits whom the report's sample shows. Raises: JourneyHasErrors with every problem, WrongState.
    """
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status == JourneyStatus.EXPIRED:
            raise WrongState("An expired journey cannot go live again. Copy it instead.")
        if journey.status in {JourneyStatus.LIVE, JourneyStatus.STOPPING}:
            raise WrongState(f"The journey is {journey.status}. Choose Edit first to change it.")
        radius = measure_blast_radius(journey_id, now, unit_ids=unit_ids)
        return GoLive(journey_id, publish(journey, now, user_id), radius)


def request_go_live(journey_id: int, *, now: datetime, user_id: int | None = None) -> None:
    """Say that a journey is to go live; the worker's next tick checks and freezes it. Raises: WrongState."""
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status not in {JourneyStatus.DRAFT, JourneyStatus.STOPPED, JourneyStatus.ERROR}:
            raise WrongState(f"The journey is {journey.status}.")
        journey.status = JourneyStatus.GOING_LIVE.value
        journey.save(update_fields=["status", "updated_at"])
        note(journey_id, MilestoneKind.GOING_LIVE, now, user_id)


def stop(journey_id: int, *, now: datetime, user_id: int | None = None) -> None:
    """Halt a journey: when this returns, nobody moves any more. Raises: WrongState."""
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status not in {*RUNNING, JourneyStatus.STOPPING}:
            raise WrongState(f"Only a live journey can be stopped; this one is {journey.status}.")
        journey.status = JourneyStatus.STOPPING.value
        journey.save(update_fields=["status", "updated_at"])
        finish_stopping(journey_id, now, user_id)


def edit(journey_id: int, *, now: datetime, user_id: int | None = None) -> None:
    """Open a live journey for editing; the live version keeps running until it goes live again. Raises: WrongState."""
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status != JourneyStatus.LIVE:
            raise WrongState(f"Only a live journey can be opened for editing; this one is {journey.status}.")
        journey.status = JourneyStatus.LIVE_EDITABLE.value
        journey.save(update_fields=["status", "updated_at"])
        note(journey_id, MilestoneKind.EDITED, now, user_id)


def cancel_edit(journey_id: int, *, now: datetime, user_id: int | None = None) -> None:
    """Throw the changes away and return to what runs. Raises: WrongState."""
    with transaction.atomic():
        journey = get_locked(journey_id)
        version = journey.live_version
        if journey.status != JourneyStatus.LIVE_EDITABLE or version is None:
            raise WrongState(f"Only a journey that is being edited can be put back; this one is {journey.status}.")
        journey.status = JourneyStatus.LIVE.value
        journey.definition = version.definition
        for name, value in state_of_version(version).settings.items():
            setattr(journey, name, value)
        journey.save()
        note(journey_id, MilestoneKind.EDIT_CANCELLED, now, user_id)


def copy_journey(journey_id: int, *, author: Author, now: datetime, name: str = "") -> int:
    """Draw the same journey again as a draft, with its settings, and return its id; start and end are left open.

    In another business unit than the original's, records that this unit does not have are left open as well: a copy
    gives nobody what they could not use before.
    """
    with transaction.atomic():
        source = Journey.objects.filter(pk=journey_id).first()
        if source is None:
            raise JourneyNotFound
        values = {each: getattr(source, each) for each in FREE - {"start_at", "end_at", "name"}}
        if author.business_unit_id != source.business_unit_id:
            units = list_units_below(author.business_unit_id)
            drawing, settings = keep_visible(values.pop("definition"), values, units)
            values = {**settings, "definition": drawing}
        return create_journey(author=author, now=now, name=name.strip() or f"Copy of {source.name}"[:200], **values)


def delete_journey(journey_id: int) -> None:
    """Remove a journey that does not run. What people did in it stays in the log. Raises: WrongState."""
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status in {*RUNNING, JourneyStatus.GOING_LIVE, JourneyStatus.STOPPING}:
            raise WrongState("A live journey cannot be deleted. Stop it first.")
        watch_records(journey_id, ())
        Journey.objects.filter(pk=journey_id).update(live_version=None)
        journey.delete()
