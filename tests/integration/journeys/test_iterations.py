"""Recurring journeys: iteration after iteration over the whole audience."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from senet.journeys import actions
from senet.journeys.check import ITERATIONS_DO_NOT_FIT
from senet.journeys.errors import FieldLocked
from senet.journeys.models import Iteration, Milestone
from tests.support.accounts import make_unit
from tests.support.interactions import count_interactions
from tests.support.journeys import (
    Lane,
    World,
    audience,
    email,
    if_then,
    join,
    make_email,
    make_segment,
    messages,
    opened,
    status,
    task,
    visits,
    wait,
)
from tests.support.people import make_contact, make_contacts


def test_each_iteration_calls_the_whole_audience_in_again(world: World) -> None:
    first, second = make_contacts(2)
    segment = make_segment([first])
    journey = _run(world, audience(segment) >> task(), days=7, count=3)
    assert _who(journey, tile=2) == {(1, first)}
    world.tick(days=6, hours=23)
    join("segment", segment, [second])
    world.tick()
    assert _who(journey, tile=2) == {(1, first), (1, second)}
    world.tick(hours=1)
    assert _who(journey, tile=2) == {(1, first), (1, second), (2, first), (2, second)}
    rows = Iteration.objects.filter(journey_id=journey).order_by("number").values_list("number", "started_at")
    assert list(rows) == [(1, world.now - timedelta(days=7)), (2, world.now)]
    assert count_interactions("CustomerJourneyIterationStarted") == 2


def test_who_is_still_held_when_the_next_iteration_begins_is_cut_off(world: World) -> None:
    (person,) = make_contacts(1)
    lane = audience(make_segment([person])) >> email(make_email()) >> if_then(opened(2), days=9, yes=task())
    journey = _run(world, lane, days=7, count=2)
    world.tick(days=7)
    held, fresh = visits(journey, tile=3)
    assert (held.iteration, held.outcome, held.reason) == (1, "stopped", "next_iteration")
    assert (fresh.iteration, fresh.left_at) == (2, None)
    world.interact("EmailOpened", journey, 2, [person], iteration=1)
    world.tick(hours=1)
    assert visits(journey, tile=4) == []
    world.interact("EmailOpened", journey, 2, [person], iteration=2)
    world.tick(hours=1)
    assert _who(journey, tile=4) == {(2, person)}
    assert len(messages(journey)) == 2


def test_after_its_last_iteration_a_journey_is_stopped_and_goes_live_again_only_with_a_higher_count(
    world: World,
) -> None:
    (person,) = make_contacts(1)
    journey = _run(world, audience(make_segment([person])) >> task(), days=2, count=2)
    world.tick(days=2)
    world.tick(days=1)
    assert status(journey) == "live"
    world.tick(days=1)
    assert status(journey) == "stopped"
    actions.go_live(journey, now=world.now)
    world.tick()
    assert status(journey) == "stopped"
    actions.update_journey(journey, {"iteration_count": 3}, now=world.now)
    actions.go_live(journey, now=world.now)
    world.tick()
    assert status(journey) == "live"
    assert _who(journey, tile=2) == {(1, person), (2, person), (3, person)}
    kinds = Milestone.objects.filter(journey_id=journey).order_by("id").values_list("kind", flat=True)
    assert list(kinds).count("iteration_started") == 2


def test_a_second_tick_at_the_same_moment_begins_no_further_iteration(world: World) -> None:
    journey = _run(world, audience(make_segment(make_contacts(2))) >> task(), days=7, count=3)
    world.tick(days=7)
    before = visits(journey)
    world.tick()
    assert visits(journey) == before
    assert Iteration.objects.filter(journey_id=journey).count() == 2


def test_iterations_that_were_missed_while_the_journey_stood_still_are_not_made_up_for(world: World) -> None:
    (person,) = make_contacts(1)
    start = world.now
    journey = _run(world, audience(make_segment([person])) >> task(), days=7, count=5)
    actions.stop(journey, now=world.now)
    world.tick(days=17)
    actions.go_live(journey, now=world.now)
    world.tick()
    assert _who(journey, tile=2) == {(1, person), (2, person)}
    assert Iteration.objects.get(journey_id=journey, number=2).due_end_at == start + timedelta(days=21)


def test_an_iteration_begins_at_the_same_time_of_day_when_the_clocks_change(world: World) -> None:
    """In Berlin clocks go forward on 29 March 2026: nine o'clock is 08:00 UTC before and 07:00 UTC after."""
    start = datetime(2026, 3, 27, 8, 0, tzinfo=UTC)
    segment = make_segment(make_contacts(1))
    journey = world.draw(
        audience(segment) >> task(),
        start_at=start,
        end_at=start + timedelta(days=30),
        time_zone="Europe/Berlin",
        is_recurring=True,
        interval_days=7,
        iteration_count=3,
    )
    world.go_live(journey)
    world.tick(seconds=(start - world.now).total_seconds())
    due = Iteration.objects.get(journey_id=journey).due_end_at
    assert due == datetime(2026, 4, 3, 7, 0, tzinfo=UTC)


def test_a_changed_interval_holds_from_the_next_iteration(world: World) -> None:
    journey = _run(world, audience(make_segment(make_contacts(1))) >> task(), days=7, count=3)
    actions.edit(journey, now=world.now)
    actions.update_journey(journey, {"interval_days": 2}, now=world.now)
    actions.go_live(journey, now=world.now)
    world.tick(days=2)
    assert Iteration.objects.filter(journey_id=journey).count() == 1
    world.tick(days=5)
    world.tick(days=2)
    assert Iteration.objects.filter(journey_id=journey).count() == 3
    with pytest.raises(FieldLocked):
        actions.update_journey(journey, {"is_recurring": False}, now=world.now)


def test_iterations_that_do_not_fit_between_start_and_end_are_an_error(world: World) -> None:
    """Acceptance example 8: thirty days, three times, in sixty days."""

    def found(span: int, **settings: int | None) -> set[str]:
        journey = world.draw(
            audience(make_segment()) >> task(),
            end_at=world.now + timedelta(days=span),
            is_recurring=True,
            **settings,
        )
        return {problem.code for problem in actions.check(journey, world.now).errors}

    assert found(60, interval_days=30, iteration_count=3) == {ITERATIONS_DO_NOT_FIT}
    assert found(90, interval_days=30, iteration_count=3) == set()
    assert found(90, interval_days=None, iteration_count=3) == {"interval_missing"}
    assert found(90, interval_days=30, iteration_count=None) == {"iteration_count_missing"}


def test_contacts_of_other_business_units_stop_at_the_entrance_of_a_journey_that_keeps_to_its_own(world: World) -> None:
    ours = make_contact()
    theirs = make_contact(business_unit=make_unit())
    segment = make_segment([ours.pk, theirs.pk])
    journey = world.run(audience(segment) >> wait(days=1) >> task(), scope="business_unit")
    assert {(visit.contact_id, visit.outcome, visit.reason) for visit in visits(journey, tile=1)} == {
        (ours.pk, "processed", None),
        (theirs.pk, "stopped", "business_unit"),
    }
    type(ours).objects.filter(pk=ours.pk).update(business_unit=theirs.business_unit)
    world.tick(days=1)
    (moved,) = visits(journey, tile=2)
    assert (moved.outcome, moved.reason) == ("stopped", "business_unit")
    open_to_all = world.run(audience(segment) >> task())
    assert {visit.contact_id for visit in visits(open_to_all, tile=2)} == {ours.pk, theirs.pk}


def _run(world: World, lane: Lane, *, days: int, count: int) -> int:
    return world.run(
        lane,
        is_recurring=True,
        interval_days=days,
        iteration_count=count,
        end_at=world.now + timedelta(days=365),
    )


def _who(journey: int, *, tile: int) -> set[tuple[int, int]]:
    return {(visit.iteration, visit.contact_id) for visit in visits(journey, tile=tile)}
