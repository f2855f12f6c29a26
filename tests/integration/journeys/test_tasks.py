"""The background jobs: a tick is queued once, and does what is due."""

from __future__ import annotations

from datetime import timedelta

from procrastinate.contrib.django.models import ProcrastinateJob

from senet.journeys import actions, tasks
from senet.shared.clock import utc_now
from tests.support.journeys import World, at, audience, make_segment, status, task, wait
from tests.support.people import make_contacts


def test_a_tick_is_queued_only_once(world: World) -> None:
    assert tasks.defer_tick()
    assert not tasks.defer_tick()
    assert ProcrastinateJob.objects.filter(task_name="senet.journeys.tasks.run_tick").count() == 1


def test_the_job_takes_a_journey_live_and_moves_its_people(world: World) -> None:
    world.clock.advance(utc_now() - timedelta(minutes=5) - world.now)
    people = make_contacts(2)
    journey = world.draw(audience(make_segment(people)) >> task() >> wait(days=1))
    actions.request_go_live(journey, now=world.now)
    tasks.publish_journey(journey)
    assert status(journey) == "live"
    tasks.run_tick()
    assert at(journey, 3) == set(people)
