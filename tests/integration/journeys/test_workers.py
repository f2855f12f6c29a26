"""Real worker processes on one database: nobody is moved twice, nobody is lost, and a click is acted on at once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions, enrolment
from senet.journeys.engine import due_work
from senet.journeys.models import Activity
from senet.shared.clock import utc_now
from tests.support.databases import wait_for_older_transactions
from tests.support.journeys import (
    START,
    Lane,
    World,
    at,
    audience,
    check_ledger,
    clicked,
    email,
    if_then,
    make_email,
    make_segment,
    messages,
    opened,
    skip_news,
    split,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts
from tests.support.processes import wait_for
from tests.support.ticker import Tickers

pytestmark = pytest.mark.processes
PEOPLE = 3000


@pytest.fixture
def tickers(world: World) -> Iterator[Tickers]:
    """Workers on this test's database."""
    started = Tickers()
    yield started
    started.close()


def _long_way(people: list[int]) -> Lane:
    """Audience → email → if/then → (split → wait → task | task)."""
    shared = split((10, wait(days=1) >> task("A")), (500, wait(days=1) >> task("B")), (None, task("C")), by="value")
    condition = if_then(opened(2), days=2, yes=shared, no=task("No"))
    return audience(make_segment(people)) >> email(make_email()) >> condition


def _prepare(world: World) -> tuple[int, list[int]]:
    people = make_contacts(PEOPLE)
    journey = world.draw(_long_way(people))
    skip_news()  # what made the segment: everybody comes by stretches
    actions.go_live(journey, now=world.now)
    assert enrolment.call_audience(journey, world.now, stretch=512)
    return journey, people


def _check_result(journey: int, people: list[int], openers: list[int]) -> None:
    assert Counter(visit.contact_id for visit in visits(journey, tile=1)) == Counter(people)
    assert [row[:3] for row in messages(journey)] == [(2, contact, "queued") for contact in people]
    assert standing(journey) == {}
    assert [len(at(journey, tile)) for tile in (5, 7, 9)] == [10, 500, len(openers) - 510]
    assert at(journey, 10) == set(people) - set(openers)
    made = Counter(Activity.objects.filter(journey_id=journey).values_list("contact_id", flat=True))
    assert made == Counter(people)
    check_ledger(journey)


def test_several_workers_share_a_journey_and_move_nobody_twice(world: World, tickers: Tickers) -> None:
    journey, people = _prepare(world)
    openers = people[::2]
    for step in (0, 1, 3, 4):
        world.clock.advance(START + timedelta(days=step) - world.now)
        if step == 1:
            world.interact("EmailOpened", journey, 2, openers)
            wait_for_older_transactions()
        for worker in [tickers.start(world.now, chunk=100) for _ in range(3)]:
            tickers.wait(worker)
        assert not due_work(world.now)
    _check_result(journey, people, openers)


def test_workers_that_are_killed_at_any_moment_lose_and_repeat_nothing(world: World, tickers: Tickers) -> None:
    chance = random.Random(7)
    journey, people = _prepare(world)
    openers = people[::2]
    killed = 0
    for step in (0, 1, 3, 4):
        world.clock.advance(START + timedelta(days=step) - world.now)
        if step == 1:
            world.interact("EmailOpened", journey, 2, openers)
            wait_for_older_transactions()
        while due_work(world.now):
            worker = tickers.start(world.now, chunk=60)
            _wait_until_it_works(world)
            time.sleep(chance.uniform(0.0, 0.1))
            killed += tickers.kill(worker)
            _end_orphaned_backends()
    assert killed >= 8
    _check_result(journey, people, openers)


def _wait_until_it_works(world: World) -> None:
    """Wait until the worker's server process has written something, so that the kill comes in the middle."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and due_work(world.now):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND pid <> pg_backend_pid() AND backend_xid IS NOT NULL"
            )
            if cursor.fetchone()[0]:
                return


def _end_orphaned_backends() -> None:
    """The server notices that its client is gone at the next statement; do not wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )


def test_a_click_takes_its_person_to_the_next_tile_within_two_seconds(world: World, tickers: Tickers) -> None:
    world.clock.advance(utc_now() - timedelta(minutes=1) - world.now)
    people = make_contacts(200)
    lane = audience(make_segment(people)) >> email(make_email()) >> if_then(clicked(2), days=7, yes=task(), no=task())
    journey = world.run(lane)
    worker = tickers.start(None)
    try:
        seconds = [_measure_latency(journey, person) for person in people[:4]]
    finally:
        tickers.kill(worker)
    assert max(seconds[1:]) < 2, seconds  # the first waits for the process to start


def _measure_latency(journey: int, person: int) -> float:
    started = time.monotonic()
    record(
        [Interaction("EmailClicked", at=utc_now(), journey_id=journey, iteration=1, tile=2, contact_id=person, link=1)]
    )
    wait_for(lambda: person in at(journey, 4), seconds=30, what="the person arrives", pause_seconds=0.02)
    return time.monotonic() - started
