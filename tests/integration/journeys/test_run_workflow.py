"""The run-workflow tile: each person launches one call and goes on at once."""

from __future__ import annotations

import pytest
from django.db import transaction

from senet.integrations import actions as integrations
from senet.integrations.errors import WorkflowInUse
from senet.journeys import actions
from senet.journeys.errors import JourneyHasErrors
from tests.support.interactions import logged
from tests.support.journeys import (
    World,
    audience,
    check_ledger,
    join,
    make_segment,
    run_workflow,
    split,
    standing,
    task,
    visits,
    wait,
)
from tests.support.people import make_company, make_contact, make_contacts
from tests.support.webhooks import calls, make_workflow


def test_each_person_launches_the_workflow_and_goes_on_at_once(world: World) -> None:
    people = make_contacts(5)
    workflow, _ = make_workflow()
    journey = world.run(audience(make_segment(people)) >> run_workflow(workflow) >> wait(days=1))
    assert standing(journey) == dict.fromkeys(people, 3)
    assert [(call.contact_id, call.iteration, call.tile, call.state) for call in calls(journey_id=journey)] == [
        (person, 1, 2, "queued") for person in people
    ]
    assert [(visit.outcome, visit.left_at) for visit in visits(journey, tile=2)] == [("processed", world.now)] * 5
    check_ledger(journey)


def test_who_comes_later_launches_it_too_and_nobody_twice(world: World) -> None:
    first, second = make_contacts(2)
    segment = make_segment([first])
    journey = world.run(audience(segment) >> run_workflow(make_workflow()[0]))
    join("segment", segment, [second])
    world.tick(minutes=1)
    world.tick(days=1)
    actions.stop(journey, now=world.now)
    world.go_live(journey)
    world.tick()
    assert [call.contact_id for call in calls()] == [first, second]
    assert len(logged("TriggerCrmWorkflowActivityContactProcessed")) == 2


def test_only_those_who_come_to_the_tile_launch_it(world: World) -> None:
    people = make_contacts(10)
    lane = audience(make_segment(people)) >> split((3, run_workflow(make_workflow()[0])), (None, task()), by="value")
    journey = world.run(lane)
    assert {call.contact_id for call in calls()} == {visit.contact_id for visit in visits(journey, tile=3)}
    assert len(calls()) == 3


def test_a_journey_of_companies_launches_once_for_each_and_everybody_goes_on(world: World) -> None:
    first, second = make_company(), make_company()
    people = [make_contact(company=company).pk for company in (first, first, second, None)]
    segment = make_segment(people)
    lane = audience(segment) >> run_workflow(make_workflow()[0], launch_for="company") >> task()
    journey = world.run(lane, target="company")
    late = make_contact(company=second).pk
    join("segment", segment, [late])
    world.tick(hours=1)
    assert [(call.contact_id, call.company_id) for call in calls()] == [(people[0], first.pk), (people[2], second.pk)]
    assert {visit.contact_id for visit in visits(journey, tile=3)} == {*people, late}


def test_a_journey_with_an_inactive_workflow_does_not_go_live(world: World) -> None:
    workflow, _ = make_workflow(active=False)
    journey = world.draw(audience(make_segment()) >> run_workflow(workflow))
    with pytest.raises(JourneyHasErrors) as caught:
        world.go_live(journey)
    assert [problem.code for problem in caught.value.problems if problem.severity == "error"] == ["workflow_inactive"]


def test_a_workflow_that_a_live_journey_uses_cannot_be_deleted(world: World) -> None:
    workflow, _ = make_workflow()
    journey = world.run(audience(make_segment()) >> run_workflow(workflow))
    with pytest.raises(WorkflowInUse) as caught, transaction.atomic():
        integrations.delete_workflow(workflow)
    assert caught.value.problems[0].where == f"journeys.{journey}"
    actions.stop(journey, now=world.now)
    with transaction.atomic():
        integrations.delete_workflow(workflow)
