"""What happens to a journey as a whole: it goes live, stops, ends and, a month later, expires.

Each step holds the journey alone, so that nobody is on the move when its status changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from senet.journeys.ab_tests import Place, get_ab_tests
from senet.journeys.active import ActiveJourney
from senet.journeys.check import check_journey
from senet.journeys.definition import Definition, read_definition
from senet.journeys.errors import JourneyHasErrors, JourneyNotFound
from senet.journeys.iterations import forget_waiting
from senet.journeys.models import Journey, JourneyVersion, Milestone
from senet.journeys.move import get_xid, hold_journey
from senet.journeys.plan import Snapshot, get_plan
from senet.journeys.recall import find_position, recall
from senet.journeys.retiming import retime
from senet.journeys.snapshot import make_snapshot
from senet.journeys.tiles import EmailTile
from senet.journeys.values import RUNNING, JourneyStatus, MilestoneKind, TickReport
from senet.messages.actions import keep_terms

EXPIRES_AFTER = timedelta(days=30)


def needs_settling(journey: ActiveJourney, now: datetime) -> bool:
    """Say whether a journey is between two states, or has come to its end."""
    if journey.status in {JourneyStatus.GOING_LIVE, JourneyStatus.STOPPING}:
        return True
    if journey.status in RUNNING:
        return journey.ends_at is not None and journey.ends_at <= now
    if journey.status is not JourneyStatus.STOPPED or journey.stopped_at is None:
        return False
    return journey.stopped_at + EXPIRES_AFTER <= now


def settle(journey: ActiveJourney, now: datetime, report: TickReport) -> bool:
    """Bring a journey that is between two states, or at its end, where it belongs."""
    if journey.status is JourneyStatus.GOING_LIVE:
        finish_going_live(journey.id, now)
    elif journey.status is JourneyStatus.STOPPING:
        finish_stopping(journey.id, now)
    elif journey.status in RUNNING:
        report.ended += 1
        end(journey.id, now)
    else:
        expire(journey.id, now)
    return True


def get_locked(journey_id: int) -> Journey:
    """Return a journey that nobody else changes or moves until commit. Raises: JourneyNotFound."""
    hold_journey(journey_id)
    journey = Journey.objects.select_for_update().filter(pk=journey_id).first()
    if journey is None:
        raise JourneyNotFound
    return journey


def note(journey_id: int, kind: MilestoneKind, now: datetime, user_id: int | None = None, **detail: object) -> None:
    """Write a milestone down."""
    Milestone.objects.create(journey_id=journey_id, at=now, kind=kind.value, user_id=user_id, detail=detail)


def finish_going_live(journey_id: int, now: datetime, user_id: int | None = None) -> int | None:
    """Freeze what is drawn as a new version and let it run; return its number. By default for whoever asked for it.

    Returns None when the journey is not going live, or when the check finds errors: then its status is error.
    """
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status != JourneyStatus.GOING_LIVE:
            return None
        user_id = user_id if user_id is not None else _find_asker(journey_id)
        check = check_journey(journey, now)
        if check.errors:
            journey.status = JourneyStatus.ERROR.value
            journey.save(update_fields=["status", "updated_at"])
            note(
                journey_id,
                MilestoneKind.GO_LIVE_FAILED,
                now,
                user_id,
                problems=[found.message for found in check.errors],
            )
            return None
        return _publish(journey, now, user_id)


def _find_asker(journey_id: int) -> int | None:
    asked = Milestone.objects.filter(journey_id=journey_id, kind=MilestoneKind.GOING_LIVE.value).order_by("-id")
    return asked.values_list("user_id", flat=True).first()


def publish(journey: Journey, now: datetime, user_id: int | None) -> int:
    """Freeze a locked journey as a new version and let it run. Raises: JourneyHasErrors."""
    check = check_journey(journey, now)
    if check.errors:
        raise JourneyHasErrors(problems=check.problems)
    return _publish(journey, now, user_id)


def _publish(journey: Journey, now: datetime, user_id: int | None) -> int:
    definition = read_definition(journey.definition)
    last = journey.versions.aggregate(last=Max("number"))["last"] or 0
    version = JourneyVersion.objects.create(
        journey=journey,
        number=last + 1,
        definition=definition.as_json(),
        snapshot=make_snapshot(journey, definition).model_dump(mode="json"),
        start_at=journey.start_at or now,
        end_at=journey.end_at,
        published_at=now,
        published_by=user_id,
    )
    _attach_ab_tests(journey.pk, definition, get_plan(version.pk).snapshot)
    if last:
        _recall(journey, version)
        _retime(journey, version, now)
    journey.start_at = journey.start_at or now
    if journey.status not in RUNNING:
        journey.live_since, journey.live_xid = now, get_xid()
    journey.status = JourneyStatus.LIVE.value
    journey.live_version = version
    journey.reconsider = last > 0
    journey.stopped_at = None
    journey.save()
    plan = get_plan(version.pk)
    watch_records(journey.pk, plan.watches)
    snapshot = plan.snapshot
    keep_terms(
        journey.pk,
        minimum_consent=snapshot.minimum_consent,
        list_ids=plan.lists,
        time_zone=snapshot.time_zone,
        suppression_segment_id=snapshot.suppression_segment_id,
    )
    note(journey.pk, MilestoneKind.WENT_LIVE, now, user_id, version=version.number)
    return version.number


def _attach_ab_tests(journey_id: int, definition: Definition, snapshot: Snapshot) -> None:
    """Lock the A/B tests that the new version uses, with the emails' versions that it sends."""
    uses = {
        tile.ab_test_id: Place(journey_id, tile.id, *snapshot.emails[tile.id])
        for tile in definition.tiles
        if isinstance(tile, EmailTile) and tile.ab_test_id is not None and tile.id in snapshot.emails
    }
    get_ab_tests().attach(uses, journey_id)


def _recall(journey: Journey, version: JourneyVersion) -> None:
    """Look back in the log for what the new version asks about and the old one did not.

    What is read meanwhile by the old version's questions is looked at once more, when those who wait are asked again.
    """
    position = find_position()
    journey.recall_from_xid = min(journey.recall_from_xid or position, position)
    before = get_plan(journey.live_version_id).questions if journey.live_version_id else frozenset()
    recall(journey.pk, journey.iterations.count() or 1, get_plan(version.pk).questions - before)


def watch_records(journey_id: int, watches: Sequence[tuple[int, str, str, str]]) -> None:
    """Let changes be written down of the records that a journey watches, and of no others on its account."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM record_watch WHERE journey_id = %s", [journey_id])
        cursor.executemany(
            "INSERT INTO record_watch (journey_id, tile, entity, event, column_name) VALUES (%s, %s, %s, %s, %s)",
            [(journey_id, *row) for row in watches],
        )


def _retime(journey: Journey, version: JourneyVersion, now: datetime) -> None:
    """Let new waits hold for those who wait already."""
    iteration = journey.iterations.aggregate(last=Max("number"))["last"]
    if iteration is not None and journey.live_version_id is not None:
        retime(get_plan(journey.live_version_id, iteration), get_plan(version.pk, iteration), now)


def finish_stopping(journey_id: int, now: datetime, user_id: int | None = None) -> None:
    """Halt a journey: from here on nobody moves; everybody stays where they stand."""
    _halt(journey_id, now, MilestoneKind.STOPPED, user_id)


def end(journey_id: int, now: datetime) -> None:
    """Halt a journey whose end has come."""
    _halt(journey_id, now, MilestoneKind.ENDED, None)


def _halt(journey_id: int, now: datetime, kind: MilestoneKind, user_id: int | None) -> None:
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status not in {*RUNNING, JourneyStatus.STOPPING}:
            return
        journey.status = JourneyStatus.STOPPED.value
        journey.stopped_at = now
        journey.save(update_fields=["status", "stopped_at", "updated_at"])
        forget_waiting(journey_id)
        get_ab_tests().detach(journey_id)
        Journey.objects.filter(pk=journey_id).update(enrolled_version_id=None)
        note(journey_id, kind, now, user_id)


def expire(journey_id: int, now: datetime) -> None:
    """Close a journey for good, thirty days after it stopped."""
    with transaction.atomic():
        journey = get_locked(journey_id)
        if journey.status != JourneyStatus.STOPPED or (journey.stopped_at or now) + EXPIRES_AFTER > now:
            return
        journey.status = JourneyStatus.EXPIRED.value
        watch_records(journey_id, ())
        journey.save(update_fields=["status", "updated_at"])
        note(journey_id, MilestoneKind.EXPIRED, now)
