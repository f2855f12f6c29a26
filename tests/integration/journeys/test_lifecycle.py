"""A journey's life: draft, live, edited, stopped, ended, expired."""

from __future__ import annotations

from datetime import timedelta

import pytest

from senet.accounts.values import Author
from senet.journeys import actions
from senet.journeys.errors import JourneyHasErrors, WrongState
from senet.journeys.models import Journey, JourneyVersion, Milestone
from tests.support.journeys import (
    World,
    at,
    audience,
    check_ledger,
    email,
    join,
    make_content_settings,
    make_email,
    make_segment,
    messages,
    standing,
    status,
    task,
    visits,
    wait,
)
from tests.support.people import make_contacts


def test_nobody_enters_before_the_start_and_everybody_then(world: World) -> None:
    people = make_contacts(2)
    journey = world.run(audience(make_segment(people)) >> wait(days=1), start_at=world.now + timedelta(days=1))
    assert visits(journey) == []
    world.tick(days=1)
    assert standing(journey) == dict.fromkeys(people, 2)


def test_a_stopped_journey_moves_nobody_and_resumes_where_people_stood(world: World) -> None:
    first, second = make_contacts(2)
    segment = make_segment([first])
    journey = world.run(audience(segment) >> wait(days=1) >> task())
    actions.stop(journey, now=world.now)
    assert status(journey) == "stopped"
    join("segment", segment, [second])
    world.tick(days=2)
    assert standing(journey) == {first: 2}
    world.go_live(journey)
    world.tick(hours=1)
    assert at(journey, 3) == {first}
    assert standing(journey) == {second: 2}
    check_ledger(journey)


def test_going_live_freezes_a_version_and_a_snapshot(world: World) -> None:
    mail = make_email()
    journey = world.draw(audience(make_segment()) >> email(mail), minimum_consent=2)
    report = actions.go_live(journey, now=world.now)
    version = JourneyVersion.objects.get(journey_id=journey)
    assert (report.version, version.number) == (1, 1)
    assert version.snapshot["minimum_consent"] == 2
    assert version.snapshot["emails"]["2"][0] == mail


def test_going_live_says_whom_it_will_reach(world: World) -> None:
    people = make_contacts(5)
    journey = world.draw(audience(make_segment(people)), suppression_segment_id=make_segment(people[:2]))
    radius = actions.go_live(journey, now=world.now).blast_radius
    assert (radius.would_enter, radius.suppressed, radius.already_in) == (3, 2, 0)
    assert {person.id for person in radius.sample} == set(people[2:])
    assert radius.sample[0].email


def test_a_journey_with_errors_does_not_go_live(world: World) -> None:
    journey = world.draw(audience())
    with pytest.raises(JourneyHasErrors) as caught:
        actions.go_live(journey, now=world.now)
    assert [problem.code for problem in caught.value.problems if problem.severity == "error"] == ["audience_missing"]
    assert status(journey) == "draft"


def test_a_journey_that_was_asked_to_go_live_does_so_at_the_next_tick(world: World) -> None:
    people = make_contacts(1)
    journey = world.draw(audience(make_segment(people)) >> wait(days=1))
    actions.request_go_live(journey, now=world.now)
    assert status(journey) == "going_live"
    world.tick()
    assert status(journey) == "live"
    assert standing(journey) == {people[0]: 2}


def test_one_that_cannot_go_live_after_all_is_in_error_and_can_try_again(world: World) -> None:
    journey = world.draw(audience())
    actions.request_go_live(journey, now=world.now)
    world.tick()
    assert status(journey) == "error"
    segment = make_segment()
    drawn = {"tiles": [{"id": 1, "kind": "audience", "sources": [{"kind": "segment", "id": segment}]}]}
    actions.update_journey(journey, {"definition": drawn}, now=world.now)
    world.go_live(journey)
    assert status(journey) == "live"


def test_what_is_live_keeps_running_while_it_is_edited(world: World) -> None:
    people = make_contacts(1)
    journey = world.run(audience(make_segment(people)) >> wait(days=2) >> task("Old"))
    actions.edit(journey, now=world.now)
    assert status(journey) == "live_editable"
    definition = Journey.objects.get(pk=journey).definition
    definition["tiles"][2]["subject"] = "New"
    actions.update_journey(journey, {"definition": definition, "name": "Renamed"}, now=world.now)
    world.tick(days=2)
    from senet.journeys.models import Activity

    assert list(Activity.objects.values_list("subject", flat=True)) == ["Old"]
    actions.go_live(journey, now=world.now)
    assert status(journey) == "live"
    assert Journey.objects.get(pk=journey).live_version.number == 2  # type: ignore[union-attr]  # it is live


def test_a_cancelled_edit_leaves_what_runs(world: World) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=2))
    actions.edit(journey, now=world.now)
    definition = Journey.objects.get(pk=journey).definition
    definition["tiles"][1]["duration"]["amount"] = 9
    actions.update_journey(journey, {"definition": definition}, now=world.now)
    actions.cancel_edit(journey, now=world.now)
    kept = Journey.objects.get(pk=journey)
    assert (kept.status, kept.definition["tiles"][1]["duration"]["amount"]) == ("live", 2)


def test_an_ended_journey_expires_after_thirty_days_and_stays_so(world: World) -> None:
    journey = world.run(audience(make_segment()), end_at=world.now + timedelta(days=1))
    world.tick(days=1)
    world.tick(days=29)
    assert status(journey) == "stopped"
    world.tick(days=1)
    assert status(journey) == "expired"
    with pytest.raises(WrongState):
        actions.go_live(journey, now=world.now)
    kinds = list(Milestone.objects.filter(journey_id=journey).order_by("id").values_list("kind", flat=True))
    assert kinds == ["created", "went_live", "started", "ended", "expired"]


def test_the_end_of_a_stopped_journey_can_be_moved_and_it_goes_on(world: World) -> None:
    people = make_contacts(1)
    end = world.now + timedelta(days=1)
    journey = world.run(audience(make_segment(people)) >> wait(days=3) >> task(), end_at=end)
    world.tick(days=2)
    actions.update_journey(journey, {"end_at": end + timedelta(days=9)}, now=world.now)
    world.go_live(journey)
    world.tick(days=2)
    assert at(journey, 3) == set(people)


def test_a_live_journey_cannot_be_deleted_and_a_stopped_one_can(world: World) -> None:
    journey = world.run(audience(make_segment(make_contacts(1))) >> task())
    with pytest.raises(WrongState):
        actions.delete_journey(journey)
    actions.stop(journey, now=world.now)
    actions.delete_journey(journey)
    assert not Journey.objects.filter(pk=journey).exists()


def test_a_copy_is_a_draft_with_the_same_drawing(world: World) -> None:
    journey = world.run(audience(make_segment()) >> wait(days=3))
    original = Journey.objects.get(pk=journey)
    author = Author(original.owner_id or 0, original.business_unit_id)
    copy = Journey.objects.get(pk=actions.copy_journey(journey, author=author, now=world.now))
    assert (copy.status, copy.definition, copy.start_at) == ("draft", original.definition, None)


def test_while_the_content_settings_are_stopped_people_wait_at_the_email(world: World) -> None:
    from senet.content.models import ContentSettings

    people = make_contacts(2)
    settings = make_content_settings()
    lane = audience(make_segment(people)) >> wait(days=1) >> email(make_email()) >> task()
    journey = world.run(lane, content_settings_id=settings)
    ContentSettings.objects.filter(pk=settings).update(status="stopped")
    world.tick(days=1)
    assert standing(journey) == dict.fromkeys(people, 3)
    assert messages(journey) == []
    assert world.tick(days=1).chunks == 0
    ContentSettings.objects.filter(pk=settings).update(status="live")
    world.tick(days=1)
    assert [contact for _, contact, _, _ in messages(journey)] == people
    assert at(journey, 4) == set(people)
    check_ledger(journey)
