"""Workers are killed between any two statements; the ledger is in the end what it is when nobody is killed.

The same story is told twice: once undisturbed, and once by workers that kill themselves at every point of every
transaction in turn (before each statement, before and after the commit), each followed by a new one that goes on.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from senet.content.models import ContentSettings
from senet.journeys.engine import due_work
from senet.journeys.models import Journey
from tests.support.ab_tests import halving
from tests.support.clickhouse import assert_audit_clean
from tests.support.journeys import (
    Visit,
    World,
    appointment,
    audience,
    check_ledger,
    clicked,
    create_lead,
    email,
    if_then,
    join,
    leave,
    leave_journey,
    make_content_settings,
    make_email,
    make_list,
    make_segment,
    opened,
    skip_news,
    split,
    status,
    task,
    update_column,
    visits,
    wait,
    wait_until,
)
from tests.support.kill_stories import Driver, killer, make_people
from tests.support.kills import Calm, Killer

__all__ = ["killer"]
pytestmark = pytest.mark.processes
STRIDE = int(os.environ.get("SENET_TEST_KILL_STRIDE", "1"))  # 1: at every point


@dataclass
class Story:
    """All kinds of tiles, and everything that may happen to the people in them."""

    world: World
    driver: Driver
    first_block: int
    people: list[int] = field(default_factory=list)
    journey: int = 0

    def tell(self) -> None:
        """Play it from beginning to end."""
        self.draw()
        self.begin()
        self.hear()
        self.hold_and_let_go()
        self.stop_and_resume()
        self.end()

    def draw(self) -> None:
        self.people = make_people(self.first_block)
        self.segment, self.list = make_segment(self.people[:6]), make_list(self.people[4:9])
        self.suppression, self.excluded = make_segment(), make_segment([self.people[8]])
        self.settings = make_content_settings()
        self.mail = make_email("https://a.example/", "https://b.example/")
        shared = split((50, wait(hours=20) >> task("A")), (20, task("B")), (None, None))
        engaged = if_then(
            clicked(2, link=1), opened(2), logic="and", days=3, yes=shared, no=task("Lukewarm") >> leave_journey()
        )
        made = create_lead(topic="Cold") >> update_column("city", "Bern")
        cold = wait_until("2026-03-05T09:00") >> email(self.mail) >> appointment("Cold") >> made
        lane = (
            audience(self.segment, lists=[self.list], exclude=[self.excluded])
            >> email(self.mail)
            >> if_then(opened(2), days=2, yes=engaged, no=cold)
        )
        self.journey = self.world.draw(
            lane,
            suppression_segment_id=self.suppression,
            content_settings_id=self.settings,
            end_at=self.world.now + timedelta(days=9),
        )

    def begin(self) -> None:
        skip_news()
        self.act("go_live")
        self.act("call", stretch=512)
        self.tick()

    def hear(self) -> None:
        """News of both logs: opens and clicks, joins, a suppression, an unsubscribe."""
        self.world.clock.advance(timedelta(days=1))
        self.interact("EmailOpened", 0, 1, 2, 4, 5)
        self.interact("EmailClicked", 0, 1, 2, link=1)
        self.interact("EmailClicked", 3, verdict="bot")
        join("segment", self.segment, [self.people[9], self.people[10]], at=self.world.now)
        join("segment", self.suppression, [self.people[3], self.people[10]], at=self.world.now)
        leave("list", self.list, [self.people[7]], by="centre", at=self.world.now)
        self.tick()

    def hold_and_let_go(self) -> None:
        """Waits that are over, and an email tile that holds people while the content settings are stopped."""
        self.world.clock.advance(timedelta(days=2))
        self.set_content_settings("stopped")
        self.tick()
        self.world.clock.advance(timedelta(hours=6))
        self.set_content_settings("live")
        self.tick()

    def stop_and_resume(self) -> None:
        """The journey stops, is edited, and finds on its return what was done meanwhile and earlier."""
        self.act("stop")
        self.interact("EmailClicked", 4, link=2)
        definition = Journey.objects.get(pk=self.journey).definition
        engaged = next(tile for tile in definition["tiles"] if tile["kind"] == "if_then" and tile["logic"] == "and")
        engaged["rules"] = [clicked(2)]
        self.act("update", values={"definition": definition})
        self.act("request_go_live")
        self.tick()
        self.act("edit")
        self.world.clock.advance(timedelta(days=1))
        self.interact("EmailClicked", 5, link=2)
        self.act("go_live")
        self.tick()

    def end(self) -> None:
        """Somebody who joined late still stands when the end comes; a month later the journey expires."""
        join("segment", self.segment, [self.people[11]], at=self.world.now)
        self.tick()
        self.world.clock.advance(timedelta(days=6))
        self.tick()
        assert status(self.journey) == "stopped"
        self.world.clock.advance(timedelta(days=30))
        self.tick()
        assert status(self.journey) == "expired"

    def act(self, work: str, **arguments: Any) -> None:
        self.driver.act(work, self.world.now, journey=self.journey, **arguments)

    def tick(self) -> None:
        self.driver.tick(self.world.now, chunk=3)
        assert not due_work(self.world.now)

    def interact(self, kind: str, *people: int, **more: Any) -> None:
        self.world.interact(kind, self.journey, 2, [self.people[place] for place in people], **more)

    def set_content_settings(self, value: str) -> None:
        ContentSettings.objects.filter(pk=self.settings).update(status=value)

    def result(self) -> dict[str, Any]:
        """What is on record, the same whatever the contacts' ids and the lot of the split."""
        place = {contact: number for number, contact in enumerate(self.people)}
        tiles = {tile["id"]: tile for tile in Journey.objects.get(pk=self.journey).definition["tiles"]}
        drawn = {tile for each in tiles.values() if each["kind"] == "split" for tile in _reach(tiles, each["id"])}
        rows = visits(self.journey)
        with connection.cursor() as cursor:
            cursor.execute("SELECT tile, contact_id, state, reason FROM message WHERE journey_id = %s", [self.journey])
            sent = sorted((tile, place[contact], state, reason) for tile, contact, state, reason in cursor.fetchall())
            cursor.execute("SELECT tile, subject, due_at FROM activity WHERE journey_id = %s", [self.journey])
            activities = Counter(cursor.fetchall())
            cursor.execute("SELECT tile, contact_id, topic FROM lead WHERE journey_id = %s", [self.journey])
            leads = sorted((tile, place[contact], topic) for tile, contact, topic in cursor.fetchall())
            cursor.execute(
                "SELECT contact_id FROM interaction JOIN lead USING (journey_id, contact_id)"
                " WHERE journey_id = %s AND type = 'CreateLeadActivityContactProcessed' AND lead_id = lead.id",
                [self.journey],
            )
            told = sorted(place[contact] for (contact,) in cursor.fetchall())
            cursor.execute("SELECT id, city FROM contact WHERE id = ANY (%s)", [self.people])
            cities = {place[contact]: city for contact, city in cursor.fetchall()}
            cursor.execute(
                "SELECT contact_id, tile, type, link, at FROM first_interaction WHERE journey_id = %s", [self.journey]
            )
            heard = sorted((place[contact], *rest) for contact, *rest in cursor.fetchall())
            cursor.execute("SELECT kind FROM milestone WHERE journey_id = %s ORDER BY id", [self.journey])
            milestones = cursor.fetchall()
            cursor.execute("SELECT taken FROM split_share WHERE journey_id = %s ORDER BY tile, branch", [self.journey])
            shares = cursor.fetchall()
        return {
            "visits": {(place[row.contact_id], row.tile): _facts(row) for row in rows if row.tile not in drawn},
            "visits by lot": Counter((row.tile, *_facts(row)) for row in rows if row.tile in drawn),
            "messages": sent,
            "activities": activities,
            "leads": leads,
            "leads in the log": told,
            "cities": cities,
            "heard": heard,
            "milestones": milestones,
            "shares": shares,
        }


def _facts(visit: Visit) -> tuple[Any, ...]:
    return visit.arrived_at, visit.due_at, visit.left_at, visit.outcome, visit.reason, visit.branch


def _reach(tiles: dict[int, Any], start: int) -> set[int]:
    """The tiles to which a tile leads, itself included."""
    found, ahead = set(), [start]
    while ahead:
        tile = tiles[ahead.pop()]
        found.add(tile["id"])
        ways = [tile.get("next"), tile.get("yes"), tile.get("no"), *(b["next"] for b in tile.get("branches", ()))]
        ahead += [way for way in ways if way is not None]
    return found


@pytest.mark.usefixtures("shipping")
def test_a_kill_between_any_two_statements_changes_nothing_in_the_end(world: World, killer: Killer) -> None:
    calm = Calm()
    undisturbed = Story(World(), calm, first_block=10)
    with halving():  # as in the processes that are killed
        undisturbed.tell()
    started = time.monotonic()
    killed = Story(World(), killer, first_block=20)
    killed.tell()
    print(f"{sum(killer.killed_at.values())} kills in {time.monotonic() - started:.1f} s")  # noqa: T201
    assert undisturbed.result()["leads"]
    assert killed.result() == undisturbed.result()
    check_ledger(killed.journey)
    assert_audit_clean()
    if STRIDE == 1:
        assert calm.passed <= set(killer.killed_at), "somebody must have died before every statement"
