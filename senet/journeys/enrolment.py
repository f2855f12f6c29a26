"""How people enter: each entrance's whole audience once, in stretches of contact ids, and then whoever joins it.

A version's audience is called in when it starts. The reader of membership changes stands still meanwhile, so a change
is either seen by the call or read afterwards; never neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

import senet.journeys
from senet.journeys.active import find_active
from senet.journeys.chunk import empty_temporary_tables, open_chunk
from senet.journeys.flow import arrive, carry_on
from senet.journeys.iterations import begin_iteration
from senet.journeys.models import Journey
from senet.journeys.move import Move, hold_journey
from senet.journeys.plan import Plan
from senet.journeys.tiles.base import Entrance, TileId
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
            begin_iteration(journey, now)
        horizon = _get_horizon()
        _write_stretches(journey.plan, stretch)
        Journey.objects.filter(pk=journey_id).update(enrolled_version_id=journey.version_id, called_xid=horizon)
    return True


def _stop_membership_reader() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM engine_position WHERE reader = 'membership' FOR UPDATE")


def _get_horizon() -> int:
    """Return the transaction below which all have ended: what they wrote is there for the statements that follow."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT senet_horizon()")
        return int(cursor.fetchone()[0])


def _write_stretches(plan: Plan, stretch: int) -> None:
    rows = [
        (plan.journey_id, plan.iteration, entrance.id, low, high)
        for entrance in plan.entrances
        for low, high in cut(sql.fetch_all(senet.journeys, "measure_audience", _members_of(entrance)), stretch)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM enrolment WHERE journey_id = %s AND iteration = %s", [plan.journey_id, plan.iteration]
        )
        cursor.executemany(
            "INSERT INTO enrolment (journey_id, iteration, tile, low, high) VALUES (%s, %s, %s, %s, %s)", rows
        )


def _members_of(entrance: Entrance) -> dict[str, object]:
    """Return an entrance's sources, as the statements ask for them."""
    return {
        "tile": entrance.id,
        "included_segments": entrance.included_segments,
        "included_lists": entrance.included_lists,
        "excluded_segments": entrance.excluded_segments,
        "needed": entrance.needed,
    }


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


def enrol_stretch(journey_id: int, now: datetime, *, limit: int = STRETCH) -> tuple[int, int] | None:
    """Call one stretch in and take everybody as far as they go; return how many entered and how many stopped.

    `limit` bounds those whom forms and changed records brought; a stretch is as long as it was cut.

    None: there was nothing left that another worker does not hold.
    """
    with open_chunk(journey_id, now) as move:
        if move is None:
            return None
        claimed = move.fetch("claim_enrolment")
        if claimed:
            ((tile, low, high),) = claimed
            entrance = move.plan.find_entrance(tile)
            if entrance is None:
                return 0, 0
            move.execute("find_members_in_stretch", **_members_of(entrance), low=low, high=high)
            return enrol_found(move, entrance)
        return _enrol_entries(move, limit)


def _enrol_entries(move: Move, limit: int) -> tuple[int, int] | None:
    """Call in people whom a form or a changed record brought, one chunk of one entrance."""
    claimed = move.fetch("claim_entries", limit=limit)
    if not claimed:
        return None
    entrance = move.plan.find_entrance(claimed[0][0])
    return (0, 0) if entrance is None else enrol_found(move, entrance)


def enrol_news(move: Move) -> tuple[int, int]:
    """Call in those whose membership changed; the caller holds the journey alone."""
    entered = stopped = 0
    for entrance in move.plan.entrances:
        if move.execute("find_members_in_news", **_members_of(entrance)):
            counts = enrol_found(move, entrance)
            entered, stopped = entered + counts[0], stopped + counts[1]
            empty_temporary_tables()
    return entered, stopped


def enrol_found(move: Move, entrance: Entrance) -> tuple[int, int]:
    """Call in the members in `leaving` and take them on; return how many entered and how many of them stopped."""
    ((entered, stopped),) = move.fetch("enrol_members", **_members_of(entrance))
    if entered > stopped and entrance.next is not None:
        ahead: dict[TileId, set[tuple[TileId, int]]] = {}
        arrive(move, entrance.next, ahead)
        carry_on(move, ahead)
    return entered, stopped
