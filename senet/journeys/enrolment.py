"""How people enter: the whole audience once, in stretches of contact ids, and then whoever joins it.

A version's audience is called in when it starts. The reader of membership changes stands still meanwhile, so a change
is either seen by the call or read afterwards; never neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

import senet.journeys
from senet.journeys.active import find_active
from senet.journeys.chunk import open_chunk
from senet.journeys.flow import arrive, carry_on
from senet.journeys.models import Iteration, Journey, Milestone
from senet.journeys.move import Move, hold_journey
from senet.journeys.plan import Plan
from senet.journeys.tiles.base import TileId
from senet.journeys.values import MilestoneKind
from senet.shared import sql

STRETCH = 16_384  # people called in by one transaction


def call_audience(journey_id: int, now: datetime, *, stretch: int = STRETCH) -> bool:
    """Cut the whole audience of a journey that has just started, or come back, into stretches to be called in."""
    with transaction.atomic():
        _stop_membership_reader()
        hold_journey(journey_id)
        journey = find_active(journey_id)
        if journey is None or not journey.is_running(now) or journey.is_called:
            return False
        if not journey.iteration:
            Iteration.objects.create(journey_id=journey_id, number=1, started_at=now)
            Milestone.objects.create(journey_id=journey_id, at=now, kind=MilestoneKind.STARTED.value)
        _write_stretches(journey.plan, stretch)
        Journey.objects.filter(pk=journey_id).update(enrolled_version_id=journey.version_id)
    return True


def _stop_membership_reader() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM engine_position WHERE reader = 'membership' FOR UPDATE")


def _write_stretches(plan: Plan, stretch: int) -> None:
    audience = plan.audience
    blocks = sql.fetch_all(
        senet.journeys,
        "measure_audience",
        {"segments": audience.included_segments, "included_lists": audience.included_lists},
    )
    rows = [(plan.journey_id, plan.iteration, low, high) for low, high in cut(blocks, stretch)]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM enrolment WHERE journey_id = %s AND iteration = %s", [plan.journey_id, plan.iteration]
        )
        cursor.executemany("INSERT INTO enrolment (journey_id, iteration, low, high) VALUES (%s, %s, %s, %s)", rows)


def cut(blocks: Sequence[tuple[int, ...]], stretch: int) -> list[tuple[int, int]]:
    """Return stretches of contact ids with about as many people each, from counts per block of 1,024 ids."""
    stretches: list[tuple[int, int]] = []
    low: int | None = None
    people = 0
    for block, count in blocks:
        low = block << 10 if low is None else low
        people += count
        if people + 512 >= stretch:
            stretches.append((low, (block << 10) + 1023))
            low, people = None, 0
    if low is not None:
        stretches.append((low, (blocks[-1][0] << 10) + 1023))
    return stretches


def enrol_stretch(journey_id: int, now: datetime) -> tuple[int, int] | None:
    """Call one stretch in and take everybody as far as they go; return how many entered and how many stopped.

    None: there was nothing left that another worker does not hold.
    """
    with open_chunk(journey_id, now) as move:
        if move is None:
            return None
        claimed = move.fetch("claim_enrolment")
        if not claimed:
            return None
        (low, high) = claimed[0]
        move.execute("find_members_in_stretch", tile=move.plan.audience.id, low=low, high=high)
        return enrol_found(move)


def enrol_news(move: Move) -> tuple[int, int]:
    """Call in those whose membership changed; the caller holds the journey alone."""
    move.execute("find_members_in_news", tile=move.plan.audience.id)
    return enrol_found(move)


def enrol_found(move: Move) -> tuple[int, int]:
    """Call in the members in `leaving` and take them on; return how many entered and how many of them stopped."""
    audience = move.plan.audience
    ((entered, stopped),) = move.fetch("enrol_members", tile=audience.id)
    if entered > stopped and audience.next is not None:
        ahead: dict[TileId, set[tuple[TileId, int]]] = {}
        arrive(move, audience.next, ahead)
        carry_on(move, ahead)
    return entered, stopped
