"""Stops, edits, the end and other workers that come between two statements of a chunk, at each boundary in turn.

People stand at a wait (2); a tick lets them go through an email (3) to a second wait (4), after which comes another
email (5). What interferes does so in that tick, over a connection of its own. Each try is a small world of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest
from django.db import transaction

import senet.people
from senet.content.models import ContentSettings
from senet.journeys import actions
from senet.journeys.engine import tick
from senet.journeys.models import Journey
from senet.people.models import Contact
from senet.shared import sql
from tests.support.databases import wait_for_older_transactions
from tests.support.interleaving import Place, interleave, list_places
from tests.support.journeys import (
    World,
    audience,
    check_ledger,
    email,
    if_then,
    join,
    leave,
    make_content_settings,
    make_email,
    make_list,
    make_segment,
    messages,
    opened,
    standing,
    status,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts

RELEASE = "-- Take people who are due at a waiting tile"
CALL = "-- Take one stretch of contact ids"
SUBJECT, OTHER = 0, 1


class Scene:
    """Two people on their way."""

    def __init__(self, **settings: object) -> None:
        self.world = World()
        self.people = make_contacts(2)
        self.segment, self.suppression = make_segment(self.people), make_segment()
        self.list, self.settings = make_list(self.people), make_content_settings()
        lane = audience(lists=[self.list]) >> wait(days=1) >> email(make_email()) >> wait(days=1) >> email(make_email())
        self.journey = self.world.draw(
            lane,
            suppression_segment_id=self.suppression,
            content_settings_id=self.settings,
            minimum_consent=3,
            **settings,
        )
        self.world.go_live(self.journey)

    @property
    def subject(self) -> int:
        return self.people[SUBJECT]

    def begin(self) -> None:
        """Let everybody come to the first wait, and their time there pass."""
        self.world.tick()
        self.world.clock.advance(timedelta(days=1))
        wait_for_older_transactions()

    def tick(self) -> None:
        assert tick(self.world.now).failed == 0

    def finish(self) -> None:
        """Let enough time pass for all to come to rest."""
        for _ in range(3):
            assert self.world.tick(days=1).failed == 0

    def sent(self, person: int) -> set[int]:
        """The tiles whose email a person got."""
        return {tile for tile, contact, _, _ in messages(self.journey) if contact == person}

    # -- what interferes

    def suppress(self) -> None:
        join("segment", self.suppression, [self.subject])

    def unsubscribe(self) -> None:
        leave("list", self.list, [self.subject], by="one_click")

    def withdraw_consent(self) -> None:
        Contact.objects.filter(pk=self.subject).update(consent_level=2)

    def delete(self) -> None:
        with transaction.atomic():
            sql.execute(senet.people, "leave_all_audiences", {"contact_id": self.subject, "now": self.world.now})
            Contact.objects.filter(pk=self.subject).delete()

    def stop_journey(self) -> None:
        actions.stop(self.journey, now=self.world.now)

    def edit_journey(self) -> None:
        actions.edit(self.journey, now=self.world.now)
        definition = Journey.objects.get(pk=self.journey).definition
        definition["tiles"][3]["duration"] = {"amount": 2, "unit": "days"}
        actions.update_journey(self.journey, {"definition": definition}, now=self.world.now)
        actions.go_live(self.journey, now=self.world.now)

    def stop_content_settings(self) -> None:
        ContentSettings.objects.filter(pk=self.settings).update(status="stopped")

    def tick_elsewhere(self) -> None:
        tick(self.world.now)

    def tick_later(self) -> None:
        tick(self.world.now + timedelta(hours=1))


def try_each_place(make: Callable[[], Scene], marker: str, act: Callable[[Scene], None]) -> list[Scene]:
    """Play the scene once for each place in the transaction that `marker` names; return them as they came to rest."""
    dry = make()
    places = list_places(dry.tick, marker)
    dry.finish()
    scenes = []
    for place in places:
        scene = make()
        interleave(scene.tick, place, partial(act, scene))
        scenes.append(scene)
    return scenes


def on_the_way() -> Scene:
    scene = Scene()
    scene.begin()
    return scene


def at_the_door() -> Scene:
    scene = Scene()
    wait_for_older_transactions()
    return scene


STOPS: dict[str, Callable[[Scene], None]] = {
    "suppressed": Scene.suppress,
    "unsubscribed": Scene.unsubscribe,
    "consent": Scene.withdraw_consent,
    "deleted": Scene.delete,
}


@pytest.mark.usefixtures("committed", "quiet")
@pytest.mark.parametrize("reason", STOPS)
def test_who_must_stop_in_the_middle_of_a_chunk_gets_nothing_more_after_it(reason: str) -> None:
    sent = []
    for scene in try_each_place(on_the_way, RELEASE, STOPS[reason]):
        scene.finish()
        assert scene.sent(scene.people[OTHER]) == {3, 5}
        last = visits(scene.journey, contact=scene.subject)[-1]
        assert (last.outcome, last.reason) == ("stopped", reason)
        assert scene.sent(scene.subject) == ({3} if last.tile == 4 else set()), last
        assert last.tile in {2, 4}
        check_ledger(scene.journey)
        sent.append(last.tile == 4)
    assert sent == sorted(sent), "who comes too late for one statement comes too late for those after it"
    assert not sent[0]
    assert sent[-1]


@pytest.mark.usefixtures("committed", "quiet")
@pytest.mark.parametrize("reason", ["suppressed", "consent", "deleted"])
def test_who_must_stop_while_they_are_called_in_goes_no_further(reason: str) -> None:
    for scene in try_each_place(at_the_door, CALL, STOPS[reason]):
        scene.finish()
        assert scene.sent(scene.people[OTHER]) == {3, 5}
        assert scene.sent(scene.subject) == set()
        assert scene.subject not in standing(scene.journey)
        check_ledger(scene.journey)


@pytest.mark.usefixtures("committed", "quiet")
def test_who_unsubscribes_while_they_are_called_in_goes_no_further() -> None:
    for scene in try_each_place(at_the_door, CALL, Scene.unsubscribe):
        scene.finish()
        assert scene.sent(scene.subject) == set()
        assert all(visit.tile <= 2 for visit in visits(scene.journey, contact=scene.subject))
        assert scene.subject not in standing(scene.journey)


@pytest.mark.usefixtures("committed", "quiet")
@pytest.mark.parametrize(("make", "marker"), [(on_the_way, RELEASE), (at_the_door, CALL)])
def test_a_journey_that_is_stopped_in_the_middle_of_a_chunk_halts_behind_it_and_resumes(
    make: Callable[[], Scene], marker: str
) -> None:
    for scene in try_each_place(make, marker, Scene.stop_journey):
        assert status(scene.journey) == "stopped"
        before = visits(scene.journey)
        scene.finish()
        assert visits(scene.journey) == before, "nobody moves while it is stopped"
        scene.world.go_live(scene.journey)
        scene.world.tick()
        scene.finish()
        assert [scene.sent(person) for person in scene.people] == [{3, 5}] * 2
        assert standing(scene.journey) == {}
        check_ledger(scene.journey)


@pytest.mark.usefixtures("committed", "quiet")
def test_an_edit_that_goes_live_in_the_middle_of_a_chunk_holds_for_everybody_who_stands() -> None:
    for scene in try_each_place(on_the_way, RELEASE, Scene.edit_journey):
        scene.world.tick()
        waiting = visits(scene.journey, tile=4)
        assert {visit.contact_id for visit in waiting} == set(scene.people)
        assert {visit.due_at for visit in waiting} == {scene.world.now + timedelta(days=2)}
        scene.finish()
        assert [scene.sent(person) for person in scene.people] == [{3, 5}] * 2
        check_ledger(scene.journey)


@pytest.mark.usefixtures("committed", "quiet")
def test_content_settings_that_are_stopped_in_the_middle_of_a_chunk_hold_who_comes_after_it() -> None:
    for scene in try_each_place(on_the_way, RELEASE, Scene.stop_content_settings):
        scene.finish()
        assert standing(scene.journey) in [dict.fromkeys(scene.people, tile) for tile in (3, 5)]
        ContentSettings.objects.filter(pk=scene.settings).update(status="live")
        scene.finish()
        assert [scene.sent(person) for person in scene.people] == [{3, 5}] * 2
        check_ledger(scene.journey)


@pytest.mark.usefixtures("committed", "quiet")
def test_an_end_that_another_worker_sees_in_the_middle_of_a_chunk_is_the_end_for_everybody() -> None:
    def about_to_end() -> Scene:
        scene = Scene(end_at=World().now + timedelta(days=1, minutes=30))
        scene.begin()
        return scene

    for scene in try_each_place(about_to_end, RELEASE, Scene.tick_later):
        assert status(scene.journey) == "stopped"
        scene.finish()
        assert {tile for person in scene.people for tile in scene.sent(person)} <= {3}
        assert len(set(standing(scene.journey).values())) == 1
        check_ledger(scene.journey)


@pytest.mark.usefixtures("committed", "quiet")
@pytest.mark.parametrize(("make", "marker"), [(on_the_way, RELEASE), (at_the_door, CALL)])
def test_another_worker_in_the_middle_of_a_chunk_moves_nobody_twice(make: Callable[[], Scene], marker: str) -> None:
    for scene in try_each_place(make, marker, Scene.tick_elsewhere):
        scene.world.tick()
        scene.finish()
        assert [scene.sent(person) for person in scene.people] == [{3, 5}] * 2
        assert [visit.tile for visit in visits(scene.journey, contact=scene.subject)] == [1, 2, 3, 4, 5]
        check_ledger(scene.journey)


class Condition:
    """Two people at an if/then tile (3) whose time is up."""

    def __init__(self) -> None:
        self.world = World()
        self.people = make_contacts(2)
        rules = if_then(opened(2), days=1, yes=task(), no=task())
        self.journey = self.world.run(audience(make_segment(self.people)) >> email(make_email()) >> rules)
        self.due = self.world.now + timedelta(days=1)
        self.world.clock.advance(timedelta(days=1, hours=1))
        wait_for_older_transactions()

    def tick(self) -> None:
        assert tick(self.world.now).failed == 0

    def find_way(self, place: Place, opened_at: datetime) -> int | None:
        """Return the way of somebody whose opening is written at a place in the tick."""
        interleave(
            self.tick,
            place,
            lambda: self.world.interact("EmailOpened", self.journey, 2, self.people[:1], at=opened_at),
        )
        assert self.world.tick(hours=1).failed == 0
        (left,) = visits(self.journey, tile=3, contact=self.people[0])
        check_ledger(self.journey)
        return left.branch


@pytest.mark.usefixtures("committed", "quiet")
@pytest.mark.parametrize("minutes", [-1, 1])
def test_an_opening_that_is_written_while_its_person_is_timed_out_counts_once(minutes: int) -> None:
    """In time or not: a person goes one way, and only by Yes who opened in time."""
    ways: list[int | None] = []
    for place in list_places(Condition().tick, "-- Take people whose time at an if/then tile is up"):
        scene = Condition()
        ways.append(scene.find_way(place, scene.due + timedelta(minutes=minutes)))
    if minutes > 0:
        assert set(ways) == {1}
    else:
        assert ways == [0] * ways.count(0) + [1] * ways.count(1)
        assert set(ways) == {0, 1}, "before the claim it counts; after it the person is gone"
