"""Schedules and expirations of email tiles, restriction windows of waits, and A/B shares."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from senet.content.models import Email
from senet.journeys import ab_tests, actions
from senet.journeys.ab_tests import Draw, Place, Share, UndrawnCohort
from tests.support.journeys import (
    START,
    World,
    at,
    audience,
    email,
    join,
    make_email,
    make_segment,
    messages,
    publish_email,
    standing,
    task,
    visits,
    wait,
    wait_until,
    window,
)
from tests.support.people import make_contacts

OFFICE = window(0, 1, 2, 3, 4, times=["10:00-12:00"])  # the tests begin on a Monday at nine


def test_a_schedule_holds_people_until_it_opens(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(audience(make_segment([person])) >> email(make_email(), schedule=OFFICE) >> task())
    assert standing(journey) == {person: 2}
    assert messages(journey) == []
    (held,) = visits(journey, tile=2)
    assert held.due_at == world.now + timedelta(hours=1)
    world.tick(minutes=59)
    assert messages(journey) == []
    world.tick(minutes=1)
    assert [row[2] for row in messages(journey)] == ["queued"]
    assert at(journey, 3) == {person}


def test_who_comes_while_the_schedule_is_open_is_sent_the_mail_at_once(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment()
    journey = world.run(audience(segment) >> email(make_email(), schedule=OFFICE) >> task())
    world.tick(hours=2)
    join("segment", segment, [person])
    world.tick(minutes=1)
    assert at(journey, 3) == {person}


def test_a_schedule_that_closed_while_nothing_ran_holds_until_it_opens_again(world: World) -> None:
    (person,) = make_contacts(1)
    journey = world.run(audience(make_segment([person])) >> email(make_email(), schedule=OFFICE) >> task())
    world.tick(hours=4)
    assert messages(journey) == []
    world.tick(hours=21)
    assert at(journey, 3) == {person}


def test_a_schedule_follows_the_journeys_time_zone(world: World) -> None:
    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> email(make_email(), schedule=OFFICE)
    journey = world.run(lane, time_zone="America/New_York")  # four in the morning there
    (held,) = visits(journey, tile=2)
    assert held.due_at is not None
    assert held.due_at.astimezone(ZoneInfo("America/New_York")).hour == 10


def test_who_comes_after_the_expiration_gets_a_blocked_message_counts_as_expired_and_goes_on(world: World) -> None:
    """Acceptance example 7."""
    early, late = make_contacts(2)
    segment = make_segment([early])
    expires_at = (world.now + timedelta(hours=3)).isoformat(timespec="minutes").removesuffix("+00:00")
    journey = world.run(audience(segment) >> email(make_email(), expires_at=expires_at) >> task())
    world.tick(hours=3)
    join("segment", segment, [late])
    world.tick()
    assert messages(journey) == [
        (2, early, "queued", None),
        (2, late, "blocked", "EmailBlockedByActivityExpiration"),
    ]
    assert {(visit.contact_id, visit.outcome) for visit in visits(journey, tile=2)} == {
        (early, "processed"),
        (late, "expired"),
    }
    assert at(journey, 3) == {early, late}


def test_whom_the_schedule_holds_beyond_the_expiration_expire_at_it(world: World) -> None:
    (person,) = make_contacts(1)
    expires_at = (world.now + timedelta(minutes=30)).isoformat(timespec="minutes").removesuffix("+00:00")
    journey = world.run(
        audience(make_segment([person])) >> email(make_email(), schedule=OFFICE, expires_at=expires_at) >> task()
    )
    assert standing(journey) == {person: 2}
    world.tick(minutes=30)
    assert [(visit.outcome, visit.branch) for visit in visits(journey, tile=2)] == [("expired", 0)]
    assert [row[2:] for row in messages(journey)] == [("blocked", "EmailBlockedByActivityExpiration")]
    assert at(journey, 3) == {person}


def test_a_restricted_wait_lets_go_at_the_first_allowed_moment_after_its_time(world: World) -> None:
    (person,) = make_contacts(1)
    weekend = window(5, 6)
    journey = world.run(audience(make_segment([person])) >> wait(weekend, days=1) >> task())
    (held,) = visits(journey, tile=2)
    assert held.due_at == START.replace(hour=0) + timedelta(days=5)
    world.tick(days=4)
    assert at(journey, 3) == set()
    world.tick(days=1)
    assert at(journey, 3) == {person}


def test_a_restricted_wait_until_keeps_to_its_window_too(world: World) -> None:
    first, second = make_contacts(2)
    segment = make_segment([first])
    journey = world.run(audience(segment) >> wait_until("2026-03-02T12:00", window(times=["14:00-15:00"])) >> task())
    world.tick(hours=4)
    assert at(journey, 3) == set()
    world.tick(hours=1)
    assert at(journey, 3) == {first}
    world.tick(hours=2)
    join("segment", segment, [second])
    world.tick(minutes=1)
    assert standing(journey) == {second: 2}
    world.tick(hours=22)
    assert at(journey, 3) == {first, second}


def test_settings_that_keep_everybody_from_the_mail_are_warned_of(world: World) -> None:
    def found(**settings: object) -> set[str]:
        lane = audience(make_segment()) >> email(make_email(), **settings)
        journey = world.draw(lane, end_at=world.now + timedelta(days=30))
        problems = actions.check(journey, world.now).problems
        return {each.code for each in problems if each.severity != "information"}

    assert found(schedule=OFFICE) == set()
    assert found(expires_at="2026-03-01T09:00") == {"expiration_past"}
    assert found(expires_at="2026-03-02T09:30", schedule=OFFICE) == {"schedule_after_expiration"}
    assert found(ab_test_id=5) == {"ab_test_unusable"}


class HalfAndHeld:
    """A test that gives a tenth to each version, holds the rest for a day and then sends them the second."""

    def __init__(self, first: int, second: int) -> None:
        self.first, self.second = first, second

    def find_problem(self, ab_test_id: int, place: Place) -> str | None:  # noqa: ARG002
        return None

    def attach(self, uses: Mapping[int, Place], journey_id: int) -> None: ...

    def detach(self, journey_id: int) -> None: ...

    def draw(self, ab_test_id: int, cohort: UndrawnCohort) -> Draw:  # noqa: ARG002
        if cohort.held_before:
            return Draw([Share(self.second, cohort.people)])
        tenth = cohort.people // 10
        return Draw([Share(self.first, tenth), Share(self.second, tenth)], cohort.now + timedelta(days=1))


@pytest.fixture
def half_and_held(world: World) -> Iterator[tuple[int, int]]:
    """An email and its two versions, under a test."""
    mail = make_email()
    first = Email.objects.get(pk=mail).live_version_id
    assert first is not None
    second = publish_email(mail)
    ab_tests.register(HalfAndHeld(first, second))
    yield mail, second
    ab_tests._answers.pop()


def test_an_ab_test_shares_people_out_and_holds_the_rest_until_it_is_decided(
    world: World, half_and_held: tuple[int, int]
) -> None:
    mail, second = half_and_held
    people = make_contacts(100)
    journey = world.run(audience(make_segment(people)) >> email(mail, ab_test_id=1) >> task())
    assert sorted(_versions(journey).values()) == [10, 10]
    assert len(standing(journey)) == 80
    assert len(at(journey, 3)) == 20
    world.tick(hours=23)
    assert len(at(journey, 3)) == 20
    world.tick(hours=1)
    assert at(journey, 3) == set(people)
    assert _versions(journey)[second] == 90
    assert len(messages(journey)) == 100


def _versions(journey: int) -> Counter[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT email_version_id FROM message WHERE journey_id = %s", [journey])
        return Counter(version for (version,) in cursor.fetchall())
