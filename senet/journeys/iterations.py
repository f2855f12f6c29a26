"""Iterations: one run of a journey over its audience. A recurring journey has several, one after another.

At the beginning of an iteration those whom the previous one still holds are cut off, and the whole audience is called
in again. Iterations keep to the calendar of the journey's start: one that was missed while the journey stood still is
not made up for.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

import senet.journeys
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys.active import ActiveJourney, find_active
from senet.journeys.models import Iteration, Journey, Milestone
from senet.journeys.move import hold_journey
from senet.journeys.plan import Plan
from senet.journeys.values import MilestoneKind
from senet.shared import sql


def begin_iteration(journey: ActiveJourney, now: datetime) -> None:
    """Begin the first or the next iteration of a journey that the caller holds alone."""
    number = journey.iteration + 1
    if journey.iteration:
        Iteration.objects.filter(journey_id=journey.id, number=journey.iteration).update(ended_at=now)
    Iteration.objects.create(
        journey_id=journey.id, number=number, started_at=now, due_end_at=find_due_end(journey, now)
    )
    kind = MilestoneKind.STARTED if number == 1 else MilestoneKind.ITERATION_STARTED
    Milestone.objects.create(journey_id=journey.id, at=now, kind=kind.value, detail={"iteration": number})
    record([Interaction("CustomerJourneyIterationStarted", now, journey_id=journey.id, iteration=number)])


def play_next(journey_id: int, now: datetime) -> bool:
    """Cut off whom the present iteration still holds and begin the next one; the whole audience is called in anew."""
    with transaction.atomic():
        hold_journey(journey_id)
        journey = find_active(journey_id)
        if journey is None or not journey.needs_iteration(now):
            return False
        sql.execute(senet.journeys, "cut_off", {"journey_id": journey_id, "iteration": journey.iteration, "now": now})
        forget_waiting(journey_id)
        begin_iteration(journey, now)
        Journey.objects.filter(pk=journey_id).update(enrolled_version_id=None)
    return True


def forget_waiting(journey_id: int) -> None:
    """Forget who was still to be called in."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM enrolment WHERE journey_id = %s", [journey_id])
        cursor.execute("DELETE FROM entry WHERE journey_id = %s", [journey_id])


def find_due_end(journey: ActiveJourney, now: datetime) -> datetime | None:
    """Return when an iteration that begins now is to end; None: with the journey."""
    snapshot = journey.plan.snapshot
    if not snapshot.is_recurring or snapshot.interval_days is None:
        return None
    began = journey.iteration_due_end_at or journey.start_at or now
    return next_boundary(journey.plan, began, now)


def next_boundary(plan: Plan, began: datetime, now: datetime) -> datetime:
    """Return the first moment after `now` that lies whole intervals after `began`, by the journey's clocks."""
    interval = plan.snapshot.interval_days or 1
    passed = max(0, (now - began) // timedelta(days=interval) - 1)
    end = began
    while end <= now:
        passed += 1
        end = add_days(plan, began, passed * interval)
    return end


def add_days(plan: Plan, moment: datetime, days: int) -> datetime:
    """Return the same time of day some days later, as the clocks of the journey's time zone show it. UTC."""
    local = moment.astimezone(plan.zone).replace(tzinfo=None) + timedelta(days=days)
    return local.replace(tzinfo=plan.zone).astimezone(UTC)
