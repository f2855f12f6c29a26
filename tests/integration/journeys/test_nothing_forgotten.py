"""What is read in parts, late, or while something fails, counts like what is read at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection

from senet.content.models import ContentSettings
from senet.journeys import actions
from senet.journeys.engine import tick
from senet.journeys.move import Move
from tests.support.clickhouse import assert_audit_clean
from tests.support.databases import wait_for_older_transactions, with_database
from tests.support.journeys import (
    World,
    at,
    audience,
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
    tile,
    visits,
    wait,
)
from tests.support.people import make_contacts

READ_ALL = "UPDATE engine_position SET xid = pg_current_xact_id()::text::bigint + 1 WHERE reader = 'interaction'"
CHUNKS = pytest.mark.parametrize("chunk", [1, 2, 1000])


def tick_in_chunks(world: World, chunk: int, **step: float) -> None:
    world.clock.advance(timedelta(**step))
    wait_for_older_transactions()
    assert tick(world.now, chunk=chunk).failed == 0


@contextmanager
def old_transaction() -> Iterator[None]:
    """Somebody else's transaction, which keeps the readers of logs from going on."""
    with psycopg.connect(with_database(str(connection.settings_dict["NAME"]))) as other:
        other.execute("SELECT pg_current_xact_id()")
        yield
        other.rollback()


@CHUNKS
def test_nobody_is_timed_out_who_did_in_time_what_was_asked_however_long_the_log(world: World, chunk: int) -> None:
    people = make_contacts(5)
    rules = if_then(opened(2), days=1, yes=task(), no=task())
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> rules)
    world.clock.advance(timedelta(hours=5))
    world.interact("EmailDelivered", journey, 2, people)
    world.interact("EmailOpened", journey, 2, people[1:])
    tick_in_chunks(world, chunk, days=2)
    assert at(journey, 4) == set(people[1:])
    assert at(journey, 5) == {people[0]}


def test_nobody_is_timed_out_whose_interactions_cannot_be_read_yet(world: World) -> None:
    opener, sleeper = make_contacts(2)
    rules = if_then(opened(2), days=1, yes=task(), no=task())
    journey = world.run(audience(make_segment([opener, sleeper])) >> email(make_email()) >> rules)
    with old_transaction():
        world.interact("EmailOpened", journey, 2, [opener])
        tick(world.clock.advance(timedelta(days=2)))
        assert standing(journey) == {opener: 3}
        assert at(journey, 5) == {sleeper}
    world.tick(minutes=1)
    assert at(journey, 4) == {opener}


def test_no_colleague_of_somebody_whose_interactions_cannot_be_read_yet_is_timed_out(world: World) -> None:
    from tests.support.people import make_company, make_contact

    company = make_company()
    people = [make_contact(company=company).pk for _ in range(2)]
    condition = if_then(opened(2), days=1, yes=task(), no=task(), based_on="company")
    journey = world.run(audience(make_segment(people)) >> email(make_email()) >> condition, target="company")
    with old_transaction():
        world.interact("EmailOpened", journey, 2, people[:1])
        tick(world.clock.advance(timedelta(days=2)))
        assert standing(journey) == dict.fromkeys(people, 3)
    world.tick(minutes=1)
    assert at(journey, 4) == set(people)


@CHUNKS
def test_who_joins_and_then_unsubscribes_between_two_ticks_enters_and_is_stopped(world: World, chunk: int) -> None:
    (person,) = make_contacts(1)
    segment, newsletter = make_segment(), make_list([person])
    lane = audience(segment, lists=[newsletter], merge="union") >> wait(days=1) >> email(make_email())
    leave("list", newsletter, [person])
    journey = world.run(lane)
    join("list", newsletter, [person])
    join("segment", segment, [person])
    leave("list", newsletter, [person], by="centre")
    tick_in_chunks(world, chunk, minutes=1)
    assert [(visit.tile, visit.reason) for visit in visits(journey)] == [(1, None), (2, "unsubscribed")]


@CHUNKS
def test_who_unsubscribes_and_then_joins_between_two_ticks_enters(world: World, chunk: int) -> None:
    (person,) = make_contacts(1)
    segment, newsletter, excluded = make_segment([person]), make_list([person]), make_segment([person])
    journey = world.run(audience(segment, lists=[newsletter], exclude=[excluded]) >> wait(days=1))
    leave("list", newsletter, [person], by="centre")
    leave("segment", excluded, [person])
    tick_in_chunks(world, chunk, minutes=1)
    assert standing(journey) == {person: 2}


@CHUNKS
def test_who_unsubscribed_before_the_journey_came_to_them_enters_by_another_source(world: World, chunk: int) -> None:
    people = make_contacts(3)
    newsletter = make_list(people)
    lane = audience(make_segment(people), lists=[newsletter]) >> wait(days=1)
    journey = world.draw(lane)
    leave("list", newsletter, people, by="centre")
    world.go_live(journey)
    tick_in_chunks(world, chunk)
    assert standing(journey) == dict.fromkeys(people, 2)


@pytest.mark.usefixtures("shipping")
def test_who_unsubscribes_while_suppressed_does_not_go_on_when_the_suppression_ends(world: World) -> None:
    (person,) = make_contacts(1)
    newsletter, suppression = make_list([person]), make_segment()
    lane = audience(lists=[newsletter]) >> wait(days=9) >> email(make_email())
    journey = world.run(lane, suppression_segment_id=suppression)
    join("segment", suppression, [person])
    world.tick(hours=1)
    leave("list", newsletter, [person], by="one_click")
    world.tick(hours=1)
    leave("segment", suppression, [person])
    world.tick(days=10)
    (stopped,) = visits(journey, tile=2)
    assert (stopped.outcome, stopped.reason) == ("stopped", "unsubscribed")
    assert messages(journey) == []
    assert_audit_clean()


def test_two_lanes_that_open_at_once_take_a_person_to_their_common_tile_once(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment([person])
    journey = world.run(
        audience(segment) >> email(make_email()) >> if_then(opened(2), days=9, yes=task()),
        audience(segment) >> email(make_email()) >> if_then(opened(6), days=9, yes=tile(4)),
    )
    world.interact("EmailOpened", journey, 2, [person])
    world.interact("EmailOpened", journey, 6, [person])
    assert world.tick(hours=1).failed == 0
    assert at(journey, 4) == {person}
    assert {visit.outcome for visit in visits(journey)} == {"processed"}


def test_an_unsubscribe_counts_while_the_journey_could_not_go_live_again(world: World) -> None:
    (person,) = make_contacts(1)
    newsletter, settings = make_list([person]), make_content_settings()
    lane = audience(lists=[newsletter]) >> wait(days=1) >> email(make_email())
    journey = world.run(lane, content_settings_id=settings)
    actions.stop(journey, now=world.now)
    ContentSettings.objects.filter(pk=settings).update(status="stopped")
    actions.request_go_live(journey, now=world.now)
    world.tick()
    assert status(journey) == "error"
    leave("list", newsletter, [person], by="centre")
    world.tick(hours=1)
    ContentSettings.objects.filter(pk=settings).update(status="live")
    world.go_live(journey)
    world.tick(days=2)
    assert visits(journey, tile=2)[0].reason == "unsubscribed"
    assert messages(journey) == []


def test_a_journey_in_error_costs_a_tick_nothing_even_after_thirty_days(world: World) -> None:
    settings = make_content_settings()
    journey = world.run(audience(make_segment()) >> email(make_email()), content_settings_id=settings)
    actions.stop(journey, now=world.now)
    ContentSettings.objects.filter(pk=settings).update(status="stopped")
    actions.request_go_live(journey, now=world.now)
    world.tick(hours=1)
    world.tick(days=31)
    assert status(journey) == "error"
    assert world.tick(hours=1).chunks == 0


def test_a_stop_that_a_journey_failed_to_see_to_is_made_up_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    gone, stays = make_contacts(2)
    newsletter = make_list([gone, stays])
    journey = world.run(audience(lists=[newsletter]) >> wait(days=1) >> email(make_email()))
    works = Move.execute

    def execute(self: Move, statement: str, **more: Any) -> int:
        if statement == "stop_standing":
            raise RuntimeError("out of order")
        return works(self, statement, **more)

    leave("list", newsletter, [gone], by="centre")
    monkeypatch.setattr(Move, "execute", execute)
    assert world.tick(hours=1).failed
    monkeypatch.undo()
    world.tick(hours=1)
    assert visits(journey, tile=2, contact=gone)[0].reason == "unsubscribed"
    world.tick(days=1)
    assert [contact for _, contact, _, _ in messages(journey)] == [stays]


def test_a_finished_recurring_journey_moves_nobody_when_it_is_asked_to_go_live_again(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(
        audience(make_segment([person])) >> wait(hours=1) >> task(),
        is_recurring=True,
        interval_days=1,
        iteration_count=1,
        end_at=world.now + timedelta(days=9),
    )
    actions.stop(journey, now=world.now)
    world.clock.advance(timedelta(days=2))
    actions.request_go_live(journey, now=world.now)
    world.tick()
    assert status(journey) == "stopped"
    assert at(journey, 3) == set()


def test_an_interaction_that_is_read_while_a_new_rule_goes_live_is_not_lost(world: World) -> None:
    """The old version's questions read it, and the new version has looked back before it was there."""
    from tests.support.statements import Point, at_statement

    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> email(make_email()) >> if_then(opened(2), days=5, yes=task())
    journey = world.run(lane)
    actions.edit(journey, now=world.now)
    from senet.journeys.models import Journey

    definition = Journey.objects.get(pk=journey).definition
    definition["tiles"][2]["rules"] = [{"source": 2, "condition": "clicked", "link": None}]
    actions.update_journey(journey, {"definition": definition}, now=world.now)
    recalled = False

    def click_and_read() -> None:
        try:
            world.interact("EmailClicked", journey, 2, [person])
            with connection.cursor() as cursor:  # the reader goes no further than transactions that still run
                cursor.execute(READ_ALL)
        finally:
            connection.close()

    def interfere(point: Point) -> None:
        nonlocal recalled
        if recalled:
            recalled = False
            thread = threading.Thread(target=click_and_read)
            thread.start()
            thread.join()
        recalled = point.title.startswith("-- Look back in the log for what a changed if/then tile")

    with at_statement(interfere):
        world.go_live(journey)
    world.tick(minutes=1)
    assert at(journey, 4) == {person}
