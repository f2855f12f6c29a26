"""Four real worker processes, killed now and then, and twenty thousand people: nobody moves twice, sums are exact."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connection

from senet.journeys import actions
from senet.journeys.engine import due_work
from senet.journeys.models import Activity
from tests.support.clickhouse import assert_audit_clean
from tests.support.databases import connected_to, copy_database, drop_database, wait_for_older_transactions
from tests.support.journeys import (
    START,
    Lane,
    World,
    audience,
    check_ledger,
    email,
    if_then,
    make_email,
    make_segment,
    opened,
    skip_news,
    split,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts_at
from tests.support.ticker import Tickers

pytestmark = pytest.mark.processes
FAR = 1 << 40  # the ids of the second half: shards are stretches of ids, and these are another database's
DAYS = (0, 1, 2, 3, 4)


def draw(people: list[int]) -> Lane:
    """Audience → email → if/then → split by percentage, its rest by value → wait → task."""
    by_value = split((700, wait(days=1) >> task("D")), (None, task("E")), by="value")
    by_share = split((25, wait(days=1) >> task("A")), (33.3, task("B")), (None, by_value))
    condition = if_then(opened(2), days=2, yes=by_share, no=wait(days=1) >> task("No"))
    return audience(make_segment(people)) >> email(make_email()) >> condition


@dataclass
class Fleet:
    """Workers on one database, some of which are killed while they work."""

    tickers: Tickers
    size: int
    chunk: int
    chance: random.Random
    workers: list[int] = field(default_factory=list)
    killed: int = 0

    def start(self, world: World) -> None:
        """Let all of them begin."""
        self.workers = [self.tickers.start(world.now, chunk=self.chunk) for _ in range(self.size)]

    def kill_one(self, world: World) -> None:
        """Kill one, whatever it does just now, and let another take its place."""
        place = self.chance.randrange(self.size)
        self.killed += self.tickers.kill(self.workers[place])
        self.workers[place] = self.tickers.start(world.now, chunk=self.chunk)

    def wait(self) -> None:
        """Wait until all of them have nothing more to do."""
        for worker in self.workers:
            self.tickers.wait(worker)


@pytest.fixture
def opened_fleets() -> Iterator[ExitStack]:
    """What ends the workers of a test."""
    with ExitStack() as stack:
        yield stack


def make_fleet(stack: ExitStack, size: int, chunk: int, database: str | None = None) -> Fleet:
    """Workers that end with the test."""
    tickers = Tickers(database)
    stack.callback(tickers.close)
    return Fleet(tickers, size, chunk, random.Random(7))


def prepare(world: World, count: int) -> tuple[int, list[int]]:
    """A live journey whose people are still to be called in."""
    people = make_contacts_at([*range(1, count // 2 + 1), *range(FAR, FAR + count // 2)])
    journey = world.draw(draw(people))
    skip_news()  # what made the segment: everybody comes by stretches
    actions.go_live(journey, now=world.now)
    return journey, people


def go_to(world: World, journey: int, day: int, openers: list[int]) -> None:
    """Let days pass; on the first of them some open their mail."""
    world.clock.advance(START + timedelta(days=day) - world.now)
    if day == 1:
        world.interact("EmailOpened", journey, 2, openers)
    wait_for_older_transactions()


def check(journey: int, people: list[int], openers: list[int]) -> None:
    """Assert that everybody went their way, once, and that the shares are what they have to be."""
    rows = visits(journey)
    assert max(Counter((row.tile, row.contact_id) for row in rows).values()) == 1
    assert {row.outcome for row in rows} == {"processed"}
    assert standing(journey) == {}
    came = Counter(row.tile for row in rows)
    assert [came[tile] for tile in (1, 2, 3)] == [len(people)] * 3
    share_a, share_b = round(len(openers) * 0.25), round(len(openers) * 0.333)
    rest = len(openers) - share_a - share_b
    assert came[4] == len(openers)
    assert [came[tile] for tile in (5, 7, 8)] == [share_a, share_b, rest]
    assert [came[tile] for tile in (9, 11)] == [700, rest - 700]
    assert {row.contact_id for row in rows if row.tile == 4} == set(openers)
    assert came[12] == len(people) - len(openers)
    made = Counter(Activity.objects.filter(journey_id=journey).values_list("contact_id", flat=True))
    assert made == Counter(people), "everybody comes to one task, once"
    check_ledger(journey)


def count_deadlocks() -> int:
    """Return how often the server had to end a deadlock in this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


@pytest.mark.usefixtures("shipping")
def test_four_workers_that_are_killed_now_and_then_move_twenty_thousand_people_once_and_exactly(
    world: World, opened_fleets: ExitStack
) -> None:
    started = time.monotonic()
    deadlocks = count_deadlocks()
    journey, people = prepare(world, 20_000)
    openers = people[::2]
    fleet = make_fleet(opened_fleets, size=4, chunk=500)
    for day in DAYS:
        go_to(world, journey, day, openers)
        fleet.start(world)
        while due_work(world.now):
            time.sleep(fleet.chance.uniform(0.05, 0.4))
            fleet.kill_one(world)
        fleet.wait()
    print(f"{fleet.killed} of the workers killed, {time.monotonic() - started:.1f} s")  # noqa: T201
    assert fleet.killed >= 5
    check(journey, people, openers)
    assert fleet.tickers.read_log() == "", "no journey_failed, no news_failed"
    assert count_deadlocks() == deadlocks
    assert_audit_clean()


def test_two_databases_of_one_server_with_the_same_people_and_journey_know_nothing_of_each_other(
    world: World, opened_fleets: ExitStack
) -> None:
    journey, people = prepare(world, 4000)
    openers = people[::2]
    here = str(connection.settings_dict["NAME"])
    connection.close()  # nobody may be connected to what is copied
    copy_database(here, f"{here}_twin")
    opened_fleets.callback(drop_database, f"{here}_twin")
    names = (here, f"{here}_twin")
    fleets = [make_fleet(opened_fleets, size=2, chunk=200, database=name) for name in names]
    for day in DAYS:
        world.clock.advance(START + timedelta(days=day) - world.now)
        for name in names:
            with connected_to(name):
                go_to(world, journey, day, openers)
        for fleet in fleets:
            fleet.start(world)
        for fleet in fleets:
            fleet.kill_one(world)
        for fleet in fleets:
            fleet.wait()
    for name, fleet in zip(names, fleets, strict=True):
        with connected_to(name):
            check(journey, people, openers)
        assert fleet.tickers.read_log() == ""
