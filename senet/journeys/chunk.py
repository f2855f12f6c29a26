"""One chunk of work is one transaction: open it, hold the journey, make sure that it still runs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from senet.journeys.active import ActiveJourney, find_active
from senet.journeys.move import Move, empty, get_xid, hold_journey, open_temporary_tables, share_journey


@contextmanager
def open_chunk(journey_id: int, now: datetime, *, alone: bool = False) -> Iterator[Move | None]:
    """Yield what tiles work with, inside a transaction; None when the journey does not run any more.

    `alone` waits until no other worker moves anybody of this journey, and keeps them waiting until commit.
    """
    with transaction.atomic():
        open_temporary_tables()
        yield enter(journey_id, now, alone=alone)


def enter(journey_id: int, now: datetime, *, alone: bool) -> Move | None:
    """Lock a journey within an open transaction and return its move; None when it does not run."""
    (hold_journey if alone else share_journey)(journey_id)
    journey = find_active(journey_id)
    return make_move(journey, now) if journey is not None and journey.is_running(now) else None


def make_move(journey: ActiveJourney, now: datetime) -> Move:
    """Return a move by a journey's live version in this transaction."""
    return Move(journey.plan, now, get_xid(), get_membership_xid() if journey.plan.lists else 0)


def get_membership_xid() -> int:
    """Return how far the reader of membership changes has come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT xid FROM engine_position WHERE reader = 'membership'")
        return int(cursor.fetchone()[0])


def empty_temporary_tables() -> None:
    """Forget the cohort of one journey before the next one of the same transaction."""
    empty("cohort", "leaving", "parted")
