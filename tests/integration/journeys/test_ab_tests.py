"""A/B tests in the email tile: exact shares, those who wait, one decision, and what happens around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, connections, transaction

import senet.interactions
from senet.content.ab_tests import change_ab_test, create_ab_test, delete_ab_test, replace_with_b
from senet.content.actions import edit_email, go_live_email
from senet.content.errors import EmailNotReady, FieldLocked
from senet.content.models import AbTest, Email
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys import actions
from senet.journeys.ab_draws import decide_due
from senet.journeys.engine import tick
from senet.shared.errors import Conflict
from senet.shared.sql import fetch_all
from tests.support.content import make_email as make_draft
from tests.support.content import make_live_email
from tests.support.databases import wait_for_older_transactions
from tests.support.journeys import (
    START,
    World,
    at,
    audience,
    email,
    join,
    make_segment,
    messages,
    standing,
    task,
    window,
)
from tests.support.people import make_contacts

Journey = int


def make_test(mail: Email, **values: Any) -> int:
    """A test of another subject: half of a fifth for each version, for a day, by clicks."""
    values = {"name": "Subject", "kind": "header", "subject": "Another subject", **values}
    with transaction.atomic():
        return create_ab_test(mail.pk, now=START, by=None, **values)


def change(test: int, **values: Any) -> None:
    with transaction.atomic():
        change_ab_test(test, now=START, by=None, **values)


def versions(journey: Journey) -> dict[str, set[int]]:
    """Who got which version: a, b."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT variant, array_agg(contact_id) FROM ab_message JOIN message ON message.id = message_id"
            " WHERE journey_id = %s GROUP BY 1",
            [journey],
        )
        return {"a": set(), "b": set()} | {variant: set(people) for variant, people in cursor.fetchall()}


def send_all(journey: Journey, now: datetime) -> None:
    """Let every queued message be delivered."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message SET state = 'delivered', sent_at = %s, delivered_at = %s"
            " WHERE journey_id = %s AND state = 'queued'",
            [now, now, journey],
        )


def answer(
    journey: Journey, people: Iterable[int], at: datetime, *, type_name: str = "EmailClicked", verdict: str = "human"
) -> None:
    """Let people click or open their message."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, contact_id, tile, email_id FROM message WHERE journey_id = %s AND contact_id = ANY (%s)",
            [journey, list(people)],
        )
        rows = cursor.fetchall()
    record(
        [
            Interaction(
                type_name, at, contact_id=contact, message_id=message, journey_id=journey, iteration=1, tile=tile,
                email_id=mail, verdict=verdict,
            )
            for message, contact, tile, mail in rows
        ]
    )  # fmt: skip


def run(world: World, people: int = 100, **values: Any) -> tuple[Journey, int, list[int]]:
    """A journey whose email has a test, with its audience called in: journey, test, people."""
    mail = make_live_email()
    test = make_test(mail, **values)
    crowd = make_contacts(people)
    journey = world.run(audience(make_segment(crowd)) >> email(mail.pk, ab_test_id=test) >> task())
    send_all(journey, world.now)
    return journey, test, crowd


def at_once(workers: int, work: Callable[[], object]) -> None:
    """Let several threads do the same, each with a connection of its own."""

    def run_one(_: int) -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run_one, range(workers)))


def read(test: int) -> AbTest:
    return AbTest.objects.get(pk=test)


def test_a_fifth_is_tested_half_and_half_and_the_others_wait(world: World) -> None:
    journey, test, crowd = run(world)
    assert {name: len(each) for name, each in versions(journey).items()} == {"a": 10, "b": 10}
    assert len(standing(journey)) == 80
    assert len(at(journey, 3)) == 20
    found = read(test)
    assert (found.status, found.ends_at) == ("in_progress", world.now + timedelta(days=1))
    assert (found.offered, found.a_taken, found.b_taken) == (100, 10, 10)
    assert Counter(row[1] for row in messages(journey)) == Counter(versions(journey)["a"] | versions(journey)["b"])
    assert set(crowd) == standing(journey).keys() | at(journey, 3)


def test_the_better_version_wins_and_the_others_get_it(world: World) -> None:
    journey, test, crowd = run(world, percent=40)
    answer(journey, sorted(versions(journey)["b"])[:12], world.now + timedelta(hours=1))
    answer(journey, sorted(versions(journey)["a"])[:3], world.now + timedelta(hours=1))
    world.tick(days=1)
    found = read(test)
    assert (found.a_sent, found.a_hits, found.b_sent, found.b_hits) == (20, 3, 20, 12)
    assert (found.winner, found.conclusive, found.status) == ("b", True, "finished")
    assert found.confidence == pytest.approx(1 - 0.00785, abs=1e-4)
    assert at(journey, 3) == set(crowd)
    assert len(versions(journey)["b"]) == 80


@pytest.mark.parametrize(("inconclusive", "expected"), [("a", (90, 10)), ("b", (10, 90)), ("random", (50, 50))])
def test_when_nothing_is_proved_the_others_get_what_was_chosen(
    world: World, inconclusive: str, expected: tuple[int, int]
) -> None:
    journey, test, _ = run(world, inconclusive=inconclusive)
    answer(journey, sorted(versions(journey)["b"])[:1], world.now + timedelta(hours=1))
    world.tick(days=1)
    assert (read(test).winner, read(test).conclusive) == (inconclusive, False)
    found = versions(journey)
    assert (len(found["a"]), len(found["b"])) == expected


def test_robots_and_answers_after_the_end_do_not_decide(world: World) -> None:
    journey, test, _ = run(world, percent=40, metric="opens")
    b = sorted(versions(journey)["b"])
    answer(journey, b, world.now + timedelta(hours=1), type_name="EmailOpened", verdict="bot")
    answer(journey, b, world.now + timedelta(days=2), type_name="EmailOpened")
    answer(journey, b, world.now + timedelta(hours=1), type_name="EmailClicked")
    answer(journey, b[:2], world.now + timedelta(hours=1), type_name="EmailOpened", verdict="proxy")
    world.tick(days=1)
    assert (read(test).b_hits, read(test).conclusive) == (2, False)


def test_what_was_not_sent_does_not_count(world: World) -> None:
    journey, test, _ = run(world)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message SET state = 'failed', sent_at = NULL WHERE journey_id = %s AND contact_id = ANY (%s)",
            [journey, sorted(versions(journey)["a"])[:4]],
        )
    world.tick(days=1)
    assert (read(test).a_sent, read(test).b_sent) == (6, 10)


def test_late_arrivals_are_sampled_in_proportion_while_it_runs_and_get_the_winner_afterwards(world: World) -> None:
    mail = make_live_email()
    test = make_test(mail, inconclusive="b", percent=50)
    segment = make_segment()
    journey = world.run(audience(segment) >> email(mail.pk, ab_test_id=test) >> task())
    for person in make_contacts(8):
        join("segment", segment, [person])
        world.tick(minutes=1)
    assert {name: len(each) for name, each in versions(journey).items()} == {"a": 2, "b": 2}
    assert len(standing(journey)) == 4
    world.tick(days=1)
    (late,) = make_contacts(1)
    join("segment", segment, [late])
    world.tick(minutes=1)
    assert late in versions(journey)["b"]
    assert not standing(journey)


def test_the_share_is_exact_over_any_number_of_chunks(world: World) -> None:
    mail = make_live_email()
    test = make_test(mail, percent=33)
    people = make_contacts(101)
    journey = world.draw(audience(make_segment(people)) >> email(mail.pk, ab_test_id=test) >> task())
    world.go_live(journey)
    tick(world.now, chunk=7)
    assert {name: len(each) for name, each in versions(journey).items()} == {"a": 17, "b": 16}


def test_a_schedule_comes_before_the_test(world: World) -> None:
    """Whom the schedule holds is drawn when it opens, and the test begins then."""
    mail = make_live_email()
    test = make_test(mail)
    office = window(0, 1, 2, 3, 4, times=["10:00-12:00"])
    people = make_contacts(50)
    journey = world.run(audience(make_segment(people)) >> email(mail.pk, ab_test_id=test, schedule=office) >> task())
    assert read(test).status == "scheduled"
    world.tick(hours=1)
    assert {name: len(each) for name, each in versions(journey).items()} == {"a": 5, "b": 5}
    assert len(standing(journey)) == 40
    world.tick(hours=23, minutes=59)
    assert len(standing(journey)) == 40
    world.tick(minutes=1)
    assert not standing(journey)
    assert read(test).a_taken == 5


def test_who_waits_is_not_drawn_a_second_time_when_the_journey_goes_live_again(world: World) -> None:
    journey, test, _ = run(world)
    actions.stop(journey, now=world.now)
    world.tick(hours=1)
    actions.go_live(journey, now=world.now)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE visit SET due_at = %s WHERE journey_id = %s AND left_at IS NULL", [world.now, journey])
    world.tick()
    assert (read(test).offered, len(standing(journey))) == (100, 80)
    world.tick(days=1)
    assert not standing(journey)


def test_two_workers_at_once_decide_the_same_once(world: World) -> None:
    journey, test, crowd = run(world, percent=40)
    answer(journey, sorted(versions(journey)["b"])[:12], world.now + timedelta(hours=1))
    world.clock.advance(timedelta(days=1))
    wait_for_older_transactions()
    at_once(4, lambda: tick(world.now, chunk=5))
    at_once(2, lambda: decide_due(world.now))
    found = read(test)
    assert (found.winner, found.b_hits) == ("b", 12)
    assert at(journey, 3) == set(crowd)
    assert len(messages(journey)) == 100
    assert len(versions(journey)["b"]) == 80


def test_a_test_of_everybody_is_decided_although_nobody_waits(world: World) -> None:
    journey, test, crowd = run(world, percent=100)
    assert at(journey, 3) == set(crowd)
    assert decide_due(world.now) == 0
    world.clock.advance(timedelta(days=1))
    assert decide_due(world.now) == 1
    assert decide_due(world.now) == 0
    assert (read(test).status, read(test).a_sent, read(test).b_sent) == ("finished", 50, 50)
    assert len(messages(journey)) == 100


def lowest_reader() -> int:
    ((position,),) = fetch_all(senet.interactions, "find_lowest_reader")
    return int(position)


def test_the_log_is_kept_until_a_test_is_decided(world: World) -> None:
    """Whoever else reads the log is past the test's beginning."""
    _, test, _ = run(world, duration_minutes=60 * 24 * 20)
    start = read(test).start_xid
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE engine_position SET xid = xid + 1000000")
        cursor.execute("INSERT INTO ship_offset (stream, xid) SELECT 'interaction', max(xid) FROM engine_position")
        assert lowest_reader() == start
        AbTest.objects.filter(pk=test).update(status="finished")
        assert lowest_reader() >= 1_000_000
        transaction.set_rollback(True)


def test_a_journey_locks_the_test_and_lets_go_when_it_stops_before_the_test_began(world: World) -> None:
    mail = make_live_email()
    test = make_test(mail)
    journey = world.draw(
        audience(make_segment()) >> email(mail.pk, ab_test_id=test), start_at=START + timedelta(days=9)
    )
    world.go_live(journey)
    assert (read(test).status, read(test).journey_id, read(test).tile) == ("scheduled", journey, 2)
    with pytest.raises(FieldLocked):
        change(test, subject="New")
    with pytest.raises(Conflict), transaction.atomic():
        delete_ab_test(test)
    actions.stop(journey, now=world.now)
    world.tick()
    assert (read(test).status, read(test).journey_id) == ("draft", None)
    change(test, subject="New")


def test_the_check_says_why_a_test_cannot_be_used(world: World) -> None:
    mail, other = make_live_email(), make_live_email()
    test = make_test(mail)

    def found(*tiles: tuple[int, int]) -> list[str]:
        lane = audience(make_segment())
        for email_id, ab_test_id in tiles:
            lane = lane >> email(email_id, ab_test_id=ab_test_id)
        problems = actions.check(world.draw(lane), world.now).problems
        return [each.message for each in problems if each.code == "ab_test_unusable"]

    assert found((mail.pk, test)) == []
    assert found((mail.pk, 10**6)) == ["There is no A/B test 1000000."]
    assert found((other.pk, test)) == ["The A/B test “Subject” is of another email."]
    assert found((mail.pk, test), (mail.pk, test)) == ["Two tiles use the same A/B test; a test runs once."] * 2
    world.run(audience(make_segment()) >> email(mail.pk, ab_test_id=test))
    assert found((mail.pk, test)) == ["The A/B test “Subject” is used by another tile: a test runs once."]


def test_a_version_with_errors_is_not_published_and_cannot_be_used(world: World) -> None:
    mail = make_live_email()
    test = make_test(mail, subject="{{ contact.nothing_like_it }}")
    journey = world.draw(audience(make_segment()) >> email(mail.pk, ab_test_id=test))
    problems = actions.check(journey, world.now).problems
    assert [each.message for each in problems if each.code == "ab_test_unusable"] == [
        "Version B of the A/B test “Subject” has errors, so it is not published."
    ]


def test_an_email_goes_live_with_both_versions_or_not_at_all(world: World) -> None:
    mail = make_draft()
    test = make_test(mail, subject="{% if %}")
    with pytest.raises(EmailNotReady) as caught, transaction.atomic():
        go_live_email(mail.pk, now=START)
    assert caught.value.problems[0].message.startswith("Version B: ")
    change(test, subject="Fine")
    with transaction.atomic():
        go_live_email(mail.pk, now=START)
    assert mail.versions.count() == 2
    b = read(test).variants.get().b_version
    assert b.compiled["subject"] == "Fine"
    assert b.compiled["html"] == mail.versions.get(number=1).compiled["html"]


def test_the_parts_that_are_not_tested_are_the_emails_own_in_both_versions(world: World) -> None:
    mail = make_live_email()
    make_test(mail, kind="body", source=mail.source.replace("The sale", "The big sale"), subject="ignored")
    with transaction.atomic():
        edit_email(mail.pk)
    Email.objects.filter(pk=mail.pk).update(subject="Changed")
    with transaction.atomic():
        go_live_email(mail.pk, now=START)
    mail.refresh_from_db()
    b = mail.ab_tests.get().variants.get(a_version=mail.live_version_id).b_version
    assert b.compiled["subject"] == "Changed"
    assert "The big sale" in b.compiled["html"]


def test_one_test_is_new_at_a_time_and_version_b_can_replace_the_email_when_it_has_run(world: World) -> None:
    journey, test, _ = run(world, percent=40)
    mail = read(test).email
    with pytest.raises(Conflict, match="not run yet"):
        make_test(mail)
    with pytest.raises(Conflict, match="not finished"), transaction.atomic():
        replace_with_b(test, now=world.now)
    world.tick(days=1)
    with pytest.raises(Conflict, match="Choose Edit"), transaction.atomic():
        replace_with_b(test, now=world.now)
    with transaction.atomic():
        edit_email(mail.pk)
    with transaction.atomic():
        replace_with_b(test, now=world.now)
    assert Email.objects.get(pk=mail.pk).subject == "Another subject"
    with pytest.raises(Conflict, match="already"), transaction.atomic():
        replace_with_b(test, now=world.now)
    make_test(mail)
    assert journey


def test_a_test_that_has_run_sends_its_winner_when_the_journey_goes_live_again(world: World) -> None:
    mail = make_live_email()
    test = make_test(mail, inconclusive="b")
    segment = make_segment(make_contacts(10))
    journey = world.run(audience(segment) >> email(mail.pk, ab_test_id=test) >> task())
    world.tick(days=1)
    actions.stop(journey, now=world.now)
    world.tick()
    actions.go_live(journey, now=world.now)
    (late,) = make_contacts(1)
    join("segment", segment, [late])
    world.tick(minutes=1)
    assert late in versions(journey)["b"]
