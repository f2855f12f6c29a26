"""The log's days: made ahead, never in the way of writers, dropped only when everybody has read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from senet.interactions import partitions
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.shared.clock import utc_now
from tests.support.interactions import NOON, count_interactions, read_interactions

pytestmark = pytest.mark.django_db

FAR = datetime(2031, 5, 17, 23, 59, tzinfo=UTC)


def names() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'interaction'::regclass")
        return {name for (name,) in cursor.fetchall()}


def set_positions(shipped: int, reader: int | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM ship_offset")
        cursor.execute("DELETE FROM engine_position")
        cursor.execute("INSERT INTO ship_offset (stream, xid) VALUES ('interaction', %s)", [shipped])
        if reader is not None:
            cursor.execute(
                "INSERT INTO engine_position (reader, xid, moved_at) VALUES ('journeys', %s, now())", [reader]
            )


def test_the_coming_week_is_made_ahead() -> None:
    partitions.ensure(FAR)
    assert {f"interaction_2031_05_{day}" for day in range(17, 25)} <= names()


def test_making_them_again_changes_nothing() -> None:
    partitions.ensure(FAR)
    before = names()
    partitions.ensure(FAR + timedelta(seconds=1))
    assert names() == before


def test_rows_that_strayed_into_the_default_partition_go_home_as_they_are() -> None:
    record([Interaction("EmailOpened", NOON, recorded_at=FAR, contact_id=5)])
    before = read_interactions("id", "xid", "recorded_at")
    partitions.ensure(utc_now())
    assert read_interactions("id", "xid", "recorded_at") == before
    assert read_interactions("tableoid::regclass::text") == [("interaction_2031_05_17",)]
    record([Interaction("EmailOpened", NOON, recorded_at=FAR)])
    assert count_interactions() == 2


@pytest.mark.parametrize(
    ("shipped", "reader", "dropped"), [(2**40, None, True), (2**40, 2**40, True), (0, None, False), (2**40, 1, False)]
)
def test_an_old_day_goes_when_it_is_shipped_and_read(shipped: int, reader: int | None, dropped: bool) -> None:
    old = utc_now() - timedelta(days=20)
    record([Interaction("EmailOpened", NOON, recorded_at=old)])
    partitions.ensure(old)
    set_positions(shipped, reader)
    partitions.ensure(utc_now())
    assert count_interactions() == (0 if dropped else 1)


def test_a_day_within_the_time_of_keeping_stays() -> None:
    recent = utc_now() - timedelta(days=6)
    record([Interaction("EmailOpened", NOON, recorded_at=recent)])
    partitions.ensure(recent)
    set_positions(2**40)
    partitions.ensure(utc_now())
    assert count_interactions() == 1
