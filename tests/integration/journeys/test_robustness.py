"""What goes wrong in one journey stays there, and what waits elsewhere costs nothing."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from senet.journeys.engine import due_work, tick
from senet.journeys.tiles import TaskTile
from tests.support.journeys import (
    World,
    at,
    audience,
    email,
    if_then,
    make_email,
    make_segment,
    opened,
    standing,
    task,
    wait,
)
from tests.support.people import make_contacts


def test_a_journey_that_fails_holds_up_no_other_and_loses_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = make_contacts(2)
    bad = world.run(audience(make_segment(people)) >> wait(days=1) >> task("Bad"))
    good = world.run(audience(make_segment(people)) >> wait(days=1) >> task("Good"))
    works = TaskTile.arrive

    def arrive(self: TaskTile, move: Any) -> bool:
        if self.subject == "Bad":
            raise RuntimeError("out of order")
        return works(self, move)

    monkeypatch.setattr(TaskTile, "arrive", arrive)
    assert world.tick(days=1).failed == 1
    assert at(good, 3) == set(people)
    assert standing(bad) == dict.fromkeys(people, 2)
    monkeypatch.undo()
    world.tick(hours=1)
    assert at(bad, 3) == set(people)


def test_news_of_a_journey_that_fails_is_not_forgotten(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    people = make_contacts(2)
    lanes = [
        audience(make_segment(people)) >> email(make_email()) >> if_then(opened(2), days=5, yes=task(name))
        for name in ("Bad", "Good")
    ]
    bad, good = (world.run(lane) for lane in lanes)
    works = TaskTile.arrive

    def arrive(self: TaskTile, move: Any) -> bool:
        if self.subject == "Bad":
            raise RuntimeError("out of order")
        return works(self, move)

    monkeypatch.setattr(TaskTile, "arrive", arrive)
    for journey in (bad, good):
        world.interact("EmailOpened", journey, 2, people)
    assert world.tick(hours=1).failed
    assert at(good, 4) == set(people)
    assert standing(bad) == dict.fromkeys(people, 3)
    monkeypatch.undo()
    world.tick(hours=1)
    assert at(bad, 4) == set(people)


def _fill(table: str, statement: str, *parameters: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        cursor.execute(f"ANALYZE {table}")


def _settle_among_many(world: World) -> None:
    """Two hundred thousand people who wait and as many interactions that were read; nothing is due."""
    journey = world.run(audience(make_segment(make_contacts(2))) >> email(make_email()) >> wait(days=9))
    _fill(
        "visit",
        "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, arrived_xid)"
        " SELECT j, 1, 3, n, %s, %s, 1 FROM generate_series(%s, %s) AS j, generate_series(100000, 199999) AS n",
        world.now,
        world.now + timedelta(days=9),
        journey,
        journey + 1,
    )
    _fill(
        "interaction",
        "INSERT INTO interaction (type, at, recorded_at, contact_id)"
        " SELECT 'EmailOpened', now(), now(), n FROM generate_series(1, 200000) AS n",
    )
    world.tick(hours=1)
    assert not due_work(world.now)


def test_an_idle_tick_takes_no_time_however_many_wait(world: World) -> None:
    _settle_among_many(world)
    seconds = []
    for _ in range(20):
        started = time.perf_counter()
        assert tick(world.now).chunks == 0
        seconds.append(time.perf_counter() - started)
    assert min(seconds) < 0.05, seconds


def test_no_statement_of_an_idle_tick_scans_a_table_that_grows_with_the_audience(world: World) -> None:
    _settle_among_many(world)
    read = []
    for _ in range(3):  # a statement that scans does so each time; autovacuum, which is counted too, comes by once
        before = _scans()
        tick(world.now)
        after = _scans()
        read.append({table: after[table] - before[table] for table in after if after[table] != before[table]})
    assert {} in read, read


def _scans() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT relname, coalesce(seq_tup_read, 0) FROM pg_stat_user_tables WHERE relname = ANY (%s)"
            " OR relname LIKE 'interaction%%'",
            [["visit", "segment_member", "list_member", "contact", "message", "membership_change"]],
        )
        return dict(cursor.fetchall())


def _rows_fetched() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'visit'")
        return int(cursor.fetchone()[0])


def test_a_few_leave_a_tile_by_look_ups_though_the_statistics_know_nothing_of_who_waits_there(world: World) -> None:
    people = make_contacts(3)
    lane = audience(make_segment(people)) >> email(make_email()) >> if_then(opened(2), days=9, yes=task("Call"))
    journey = world.run(lane)
    visit = "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, arrived_xid)"
    waits = " SELECT %s, 1, %s, n, now(), '2100-01-01', 1 FROM generate_series(100001, %s) AS n"
    _fill("visit", visit + waits, journey + 1, 9, 300_000)
    with connection.cursor() as cursor:
        cursor.execute(visit + waits, [journey, 3, 150_000])
    world.interact("EmailOpened", journey, 2, people)
    before = _rows_fetched()
    world.tick(hours=1)
    assert at(journey, 4) == set(people)
    assert _rows_fetched() - before < 1000
