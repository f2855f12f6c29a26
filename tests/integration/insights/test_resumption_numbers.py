"""A stop that was undone is taken back in the numbers, and PostgreSQL and ClickHouse still agree."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from senet.insights import audit
from senet.insights.queries import tile_numbers
from senet.insights.values import TileNumbers
from senet.journeys.models import Journey
from senet.journeys.move import Move, get_xid, open_temporary_tables
from senet.journeys.plan import get_plan
from tests.support.clickhouse import refill, ship
from tests.support.insights import leave, make_drawn_journey, visit
from tests.support.interactions import NOON
from tests.support.people import make_contact

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


@pytest.mark.parametrize("shipped_between", [True, False])
def test_who_goes_on_after_a_stop_counts_as_processing_again_and_then_as_processed(shipped_between: bool) -> None:
    journey, person = make_drawn_journey(), make_contact()
    visit(journey, 3, person.pk, outcome="stopped", reason="suppressed")
    if shipped_between:
        ship()
        assert _read(journey).stopped == 1
    resume(journey, person.pk)
    ship()
    tile = _read(journey)
    assert (tile.inflow, tile.processing, tile.stopped, tile.stopped_reasons) == (1, 1, 0, ())
    assert audit.run().clean
    leave(journey, 3, person.pk)
    ship()
    tile = _read(journey)
    assert (tile.inflow, tile.processing, tile.stopped, tile.processed) == (1, 0, 0, 1)
    report = audit.run()
    assert report.clean, [check for check in report.checks if not check.holds]


def test_the_audit_is_clean_between_a_stop_that_is_shipped_and_its_end_that_is_not() -> None:
    journey, person = make_drawn_journey(), make_contact()
    visit(journey, 3, person.pk, outcome="stopped", reason="consent")
    ship()
    resume(journey, person.pk)
    report = audit.run()
    assert report.clean, [check for check in report.checks if not check.holds]


def test_a_rebuild_keeps_what_was_taken_back() -> None:
    journey, person = make_drawn_journey(), make_contact()
    visit(journey, 3, person.pk, outcome="stopped", reason="suppressed")
    ship()
    resume(journey, person.pk)
    refill()
    assert (_read(journey).processing, _read(journey).stopped) == (1, 0)
    assert audit.run().clean


def resume(journey: Journey, contact_id: int) -> None:
    """Undo a person's stop as the engine does."""
    with transaction.atomic():
        open_temporary_tables()
        assert journey.live_version_id is not None
        move = Move(get_plan(journey.live_version_id), NOON, get_xid())
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO news (journey_id, contact_id, role) VALUES (%s, %s, 'released')", [journey.pk, contact_id]
            )
        assert move.execute("resume_stopped", tiles=[3]) == 1


def _read(journey: Journey) -> TileNumbers:
    return next(tile for tile in tile_numbers(journey.pk).tiles if tile.tile == 3)
