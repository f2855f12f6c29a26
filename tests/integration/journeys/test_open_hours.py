"""Automated scheduling: each person's own hour, what others of their zone do, and where the wait ends."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from senet.accounts.values import Role
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions
from senet.journeys.open_hours import learn_open_hours, list_slots
from tests.support.accounts import sign_in
from tests.support.databases import wait_for_older_transactions
from tests.support.journeys import START, World, at, audience, email, make_email, make_segment, messages, task, visits
from tests.support.people import make_contact, make_contacts


@pytest.fixture(autouse=True)
def everybody_agreed(settings: Settings) -> None:
    settings.PROFILING_CONSENT = 0


def open_at(people: Iterable[int], *moments: datetime, verdict: str = "human") -> None:
    """Let people open some mail of long ago."""
    record(
        [
            Interaction("EmailOpened", moment, contact_id=person, message_id=1, verdict=verdict)
            for person in people
            for moment in moments
        ]
    )
    wait_for_older_transactions()
    learn_open_hours(START)


def person(time_zone: str = "", **columns: Any) -> int:
    return make_contact(time_zone=time_zone, **columns).pk


def due(journey: int) -> dict[int, datetime | None]:
    return {visit.contact_id: visit.due_at for visit in visits(journey, tile=2)}


def run(world: World, people: Iterable[int], **settings: object) -> int:
    lane = audience(make_segment(people)) >> email(make_email(), automated_schedule=True) >> task()
    return world.run(lane, **settings)


def test_each_person_gets_the_mail_in_the_hour_in_which_they_open_most(world: World) -> None:
    early, late = person("UTC"), person("UTC")
    open_at([early], START - timedelta(days=6, hours=2), START - timedelta(days=6, hours=2), START)  # Tuesday at seven
    open_at([late], START - timedelta(days=4, hours=-9, minutes=-30))  # Thursday, half past six in the evening
    journey = run(world, [early, late])
    assert due(journey) == {
        early: START.replace(hour=7) + timedelta(days=1),
        late: START.replace(hour=18) + timedelta(days=3),
    }
    assert messages(journey) == []
    world.tick(hours=22)
    assert [row[1] for row in messages(journey)] == [early]
    assert at(journey, 3) == {early}
    world.tick(days=3)
    assert at(journey, 3) == {early, late}


def test_hours_are_those_of_the_persons_own_clock_also_when_it_is_changed(world: World) -> None:
    """Opened at eight in New York before the clocks changed, which is an hour earlier in UTC after it."""
    someone = person("America/New_York")
    zone = ZoneInfo("America/New_York")
    open_at([someone], datetime(2026, 2, 22, 8, 10, tzinfo=zone))  # a Sunday; the clocks change on March 8, a Sunday
    (moment,) = due(run(world, [someone])).values()
    assert moment is not None
    assert moment.astimezone(zone) == datetime(2026, 3, 8, 8, tzinfo=zone)


def test_who_never_opened_follows_the_others_of_their_time_zone(world: World) -> None:
    new, elsewhere = person("Europe/Berlin"), person("Asia/Tokyo")
    others = [person("Europe/Berlin") for _ in range(3)]
    open_at(others, START + timedelta(hours=4))
    open_at(others[:1], START + timedelta(hours=6))
    found = due(run(world, [new, elsewhere]))
    assert found[new] == START + timedelta(hours=4)
    assert found[elsewhere] == START  # nothing is known: at once


def test_a_single_open_does_not_outweigh_an_hour_that_nearly_everybody_prefers(world: World) -> None:
    once, often = person("UTC"), person("UTC")
    crowd = [person("UTC") for _ in range(30)]
    open_at(crowd, START + timedelta(hours=5))
    open_at([once], START + timedelta(hours=9))
    open_at([often], *[START + timedelta(hours=9)] * 4)
    found = due(run(world, [once, often]))
    assert found[once] == START + timedelta(hours=5)
    assert found[often] == START + timedelta(hours=9)


def test_robots_and_proxies_teach_nothing(world: World) -> None:
    someone = person("UTC")
    open_at([someone], START + timedelta(hours=5), verdict="bot")
    open_at([someone], START + timedelta(hours=5), verdict="proxy")
    assert due(run(world, [someone])) == {someone: START}


def test_nobody_waits_beyond_the_expiration_the_journeys_end_or_seven_days(world: World) -> None:
    someone = person("UTC")
    open_at([someone], *[START + timedelta(hours=30)] * 5, START + timedelta(hours=3))
    lane = audience(make_segment([someone])) >> email(
        make_email(), automated_schedule=True, expires_at="2026-03-03T09:00"
    )
    assert due(world.run(lane)) == {someone: START + timedelta(hours=3)}
    assert due(run(world, [someone], end_at=START + timedelta(hours=20))) == {someone: START + timedelta(hours=3)}
    assert due(run(world, [someone])) == {someone: START + timedelta(hours=30)}


def test_the_hour_that_runs_is_now(world: World) -> None:
    someone = person("UTC")
    open_at([someone], START + timedelta(minutes=40))
    journey = run(world, [someone])
    assert due(journey) == {someone: START}
    assert at(journey, 3) == {someone}  # and goes on in the same tick


def test_who_has_not_agreed_to_profiling_is_sent_the_mail_at_once(world: World, settings: Settings) -> None:
    settings.PROFILING_CONSENT = 5
    agreed, refused = person("UTC", consent_level=5), person("UTC", consent_level=4)
    open_at([agreed, refused], START + timedelta(hours=5))
    assert due(run(world, [agreed, refused])) == {agreed: START + timedelta(hours=5), refused: START}


def test_the_log_is_learned_from_once(world: World) -> None:
    someone = person("UTC")
    open_at([someone], START)
    for _ in range(2):
        learn_open_hours(START)
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id, hour, opens FROM open_hour")
        assert cursor.fetchall() == [(someone, 9, 1)]
        cursor.execute("SELECT time_zone, hour, opens FROM zone_open_hour")
        assert cursor.fetchall() == [("UTC", 9, 1)]


def test_a_zone_that_nobody_knows_counts_as_utc(world: World) -> None:
    someone = person("Middle-earth/Shire")
    open_at([someone], START + timedelta(hours=2))
    assert due(run(world, [someone])) == {someone: START + timedelta(hours=2)}


def test_what_is_known_of_a_person_goes_with_them(world: World) -> None:
    someone = person("UTC")
    open_at([someone], START)
    assert sign_in(Role.ADMINISTRATOR).delete(f"/contacts/{someone}").status_code == 204
    wait_for_older_transactions()
    learn_open_hours(START)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM open_hour")
        assert cursor.fetchone()[0] == 0


def test_a_tile_cannot_have_two_ways_to_choose_the_moment(world: World) -> None:
    mail = make_email()
    lane = audience(make_segment()) >> email(mail, automated_schedule=True, schedule={"weekdays": [0], "times": []})
    assert "schedule_twice" in {each.code for each in actions.check(world.draw(lane), world.now).problems}


def test_a_week_has_each_hour_once_also_when_the_clocks_change() -> None:
    for start in (datetime(2026, 3, 5, 9, 20, tzinfo=START.tzinfo), datetime(2026, 10, 28, 9, 20, tzinfo=START.tzinfo)):
        slots = list(list_slots(["America/New_York", "Asia/Kolkata"], start, start + timedelta(days=7)))
        for zone in ("America/New_York", "Asia/Kolkata"):
            hours = [hour for name, hour, _ in slots if name == zone]
            assert len(hours) == len(set(hours))
            assert len(hours) in {167, 168}
        assert all(start <= moment < start + timedelta(days=7) for _, _, moment in slots)


def test_many_people_take_one_statement(world: World) -> None:
    people = make_contacts(2_000)
    open_at(people[:500], START + timedelta(hours=3))
    found = due(run(world, people))
    assert set(found.values()) == {START + timedelta(hours=3)}
