"""Who stands where in a journey, and who left it how: complete lists, page by page, each by an index."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

import senet.journeys
from senet.accounts.values import Role
from senet.journeys.models import Journey
from senet.journeys.people import PeopleQuery, PersonInJourney, PersonState, list_people
from senet.people.models import Contact
from senet.shared.errors import InvalidInput
from senet.shared.sql import load_sql
from tests.support.accounts import make_unit, sign_in
from tests.support.journeys import (
    World,
    audience,
    email,
    if_then,
    join,
    make_email,
    make_segment,
    opened,
    split,
    task,
    wait,
)
from tests.support.people import make_contact, make_contacts


def page_through(journey: int, state: str, *, limit: int = 3, **asked: Any) -> list[PersonInJourney]:
    """Every person of a list, read page by page."""
    found: list[PersonInJourney] = []
    cursor = ""
    while True:
        query = PeopleQuery(PersonState(state), cursor=cursor, limit=limit, **asked)
        page = list_people(Journey.objects.get(pk=journey), query, unit_ids=None)
        assert len(page.items) <= limit
        found += page.items
        if page.next_cursor is None:
            return found
        assert len(page.items) == limit
        cursor = page.next_cursor


def places(people: list[PersonInJourney]) -> list[tuple[int, int | None]]:
    return [(each.step.tile, each.contact_id) for each in people]


def test_those_who_wait_are_listed_by_tile_and_by_when_they_may_go(world: World) -> None:
    early, late = make_contacts(4), make_contacts(4, domain="example.org")
    segment = make_segment(early)
    lane = audience(segment) >> wait(days=3) >> email(make_email()) >> if_then(opened(3), days=2, yes=task(), no=task())
    journey = world.run(lane)
    world.tick(days=2)
    join("segment", segment, late)
    world.tick()
    world.tick(days=1)
    expected = [(2, each) for each in late] + [(4, each) for each in early]
    assert places(page_through(journey, "waiting")) == expected
    assert places(page_through(journey, "waiting", tile=4)) == expected[4:]
    assert page_through(journey, "waiting", iteration=2) == []
    first = page_through(journey, "waiting")[0]
    assert (first.step.arrived_at, first.step.due_at) == (world.now - timedelta(days=1), world.now + timedelta(days=2))
    assert first.email == Contact.objects.get(pk=late[0]).email
    assert first.explanation == "Stands at “Wait for” and waits until 3 days have passed."


def test_those_who_were_stopped_are_listed_by_reason(world: World) -> None:
    people = make_contacts(7)
    suppression = make_segment()
    journey = world.run(
        audience(make_segment(people)) >> wait(days=3) >> task(),
        suppression_segment_id=suppression,
        minimum_consent=2,
    )
    join("segment", suppression, people[:4])
    Contact.objects.filter(pk__in=people[4:6]).update(consent_level=0)
    world.tick()
    world.tick(days=3)
    stopped = page_through(journey, "stopped")
    assert [(each.step.reason, each.contact_id) for each in stopped] == [
        *(("consent", each) for each in people[4:6]),
        *(("suppressed", each) for each in people[:4]),
    ]
    assert stopped[0].explanation == "Stopped at “Wait for” because their consent is below the journey's minimum."
    assert places(page_through(journey, "stopped", reason="consent")) == [(2, each) for each in people[4:6]]
    assert page_through(journey, "stopped", reason="consent", tile=3) == []
    assert page_through(journey, "failed") == []
    assert page_through(journey, "expired") == []


def test_those_who_finished_are_listed_at_the_ends_of_their_ways(world: World) -> None:
    people = make_contacts(8)
    lane = audience(make_segment(people)) >> split((50, task("A")), (None, None))
    journey = world.run(lane)
    finished = page_through(journey, "finished")
    assert {each.contact_id for each in finished} == set(people)
    assert len(finished) == len(people)
    assert {each.step.tile for each in finished} == {2, 3}
    by_task = page_through(journey, "finished", tile=3)
    assert by_task == [each for each in finished if each.step.tile == 3]
    way = page_through(journey, "processed", tile=2, branch=0)
    assert {each.contact_id for each in way} == {each.contact_id for each in by_task}
    assert way[0].explanation == "Left “Split” by “A”."
    assert places(page_through(journey, "processed", tile=1)) == [(1, each) for each in people]


def test_iterations_are_listed_apart_or_together(world: World) -> None:
    people = make_contacts(4)
    journey = world.run(
        audience(make_segment(people)) >> task(),
        is_recurring=True,
        interval_days=5,
        iteration_count=2,
        end_at=world.now + timedelta(days=30),
    )
    world.tick(days=5)
    world.tick(hours=1)
    everybody = page_through(journey, "finished")
    assert [(each.step.iteration, each.contact_id) for each in everybody] == [
        (n, each) for n in (1, 2) for each in people
    ]
    assert page_through(journey, "finished", iteration=2) == everybody[4:]


def test_what_makes_no_sense_together_is_refused(world: World) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=3))
    for asked in ({"reason": "consent"}, {"branch": 0}):
        with pytest.raises(InvalidInput):
            page_through(journey, "waiting", **asked)
    with pytest.raises(InvalidInput):
        page_through(journey, "processed")
    with pytest.raises(InvalidInput):
        page_through(journey, "stopped", branch=1)


@pytest.mark.parametrize("cursor", ["x", "e30", "bnVsbA", "eyJzdGF0ZSI6IndhaXRpbmcifQ", "🐟", "W10"])
def test_a_cursor_that_is_not_ours_is_refused(world: World, cursor: str) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=3))
    for state in PersonState:
        query = PeopleQuery(state, tile=2, cursor=cursor)
        with pytest.raises(InvalidInput):
            list_people(Journey.objects.get(pk=journey), query, unit_ids=None)


def test_people_of_other_business_units_are_there_without_a_name(world: World) -> None:
    north, south = make_unit("North"), make_unit("South")
    ours, theirs = make_contact(business_unit=north), make_contact(business_unit=south)
    journey = world.run(audience(make_segment([ours.pk, theirs.pk])) >> wait(days=3))
    Journey.objects.filter(pk=journey).update(business_unit=north)
    found = sign_in(Role.MARKETER, unit=north).get(f"/journeys/{journey}/people").json()["items"]
    assert [(each["contact_id"], each["email"]) for each in found] == [(ours.pk, ours.email), (None, "")]
    everybody = sign_in(Role.ADMINISTRATOR).get(f"/journeys/{journey}/people").json()["items"]
    assert [each["contact_id"] for each in everybody] == [ours.pk, theirs.pk]


def test_the_list_over_http(world: World) -> None:
    people = make_contacts(3)
    journey = world.run(audience(make_segment(people)) >> wait(days=3))
    client = sign_in(Role.VIEWER)
    path = f"/journeys/{journey}/people"
    page = client.get(path, {"state": "waiting", "tile": 2, "limit": 2}).json()
    assert [each["contact_id"] for each in page["items"]] == people[:2]
    assert page["items"][0]["step"]["due_at"] is not None
    rest = client.get(path, {"state": "waiting", "tile": 2, "limit": 2, "cursor": page["next_cursor"]}).json()
    assert ([each["contact_id"] for each in rest["items"]], rest["next_cursor"]) == (people[2:], None)
    assert client.get(path, {"state": "sleeping"}).status_code == 422
    assert client.get(path, {"state": "stopped", "cursor": page["next_cursor"]}).status_code == 422
    assert client.get(path, {"tile": 0}).status_code == 422
    stranger = sign_in(Role.MARKETER, unit=make_unit("South"))
    assert stranger.get(path).status_code == 404


# -- plans -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def _big_ledger(db: None) -> None:
    """60,000 visits of a journey: some stand, few were stopped, most have gone."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, left_at, outcome, reason,"
            " branch, arrived_xid, left_xid)"
            " SELECT 1, 1, 1 + n % 3, n / 3, now(), CASE WHEN n % 3 = 2 THEN now() END,"
            " CASE WHEN n % 3 < 2 THEN now() END,"
            " CASE WHEN n % 3 < 2 THEN CASE WHEN n % 600 = 0 THEN 'stopped' ELSE 'processed' END END,"
            " CASE WHEN n % 600 = 0 THEN 'consent' END, 0, 1, 1 FROM generate_series(1, 60000) AS n"
        )
        cursor.execute("ANALYZE visit")


def _explain(name: str, **parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + load_sql(senet.journeys, name), {"journey_id": 1, "limit": 51, **parameters})
        return "\n".join(row[0] for row in cursor.fetchall())


ANYWHERE = {"first_tile": 0, "last_tile": 32_767, "iteration": None}


@pytest.mark.usefixtures("_big_ledger")
def test_a_page_of_those_who_wait_begins_where_the_last_one_ended() -> None:
    after = {"after_tile": 3, "after_due_at": "2026-01-01T00:00Z", "after_contact": 9}
    for scope in (ANYWHERE, {**ANYWHERE, "first_tile": 3, "last_tile": 3}):
        plan = _explain("list_waiting", **scope, **after)
        assert "Index Scan using visit_due" in plan
        assert "Sort" not in plan


@pytest.mark.usefixtures("_big_ledger")
def test_a_page_of_those_who_were_stopped_reads_no_others() -> None:
    after = {"after_reason": "", "after_tile": 0, "after_iteration": 0, "after_contact": -1}
    for scope in ({"reason": None}, {"reason": "consent"}):
        plan = _explain("list_unprocessed", outcome="stopped", **ANYWHERE, **scope, **after)
        assert "Index Scan using visit_unprocessed" in plan
        assert "Sort" not in plan


@pytest.mark.usefixtures("_big_ledger")
def test_a_page_of_those_whom_a_tile_processed_follows_the_key() -> None:
    plan = _explain("list_processed", iteration=1, tile=2, branch=None, after_contact=500)
    assert "Index Scan using visit_pkey" in plan
    assert "Sort" not in plan


@pytest.mark.usefixtures("_big_ledger")
def test_who_stands_at_each_tile_is_counted_without_reading_who_has_gone() -> None:
    assert "visit_due" in _explain("count_standing")
