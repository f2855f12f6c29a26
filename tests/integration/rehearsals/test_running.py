"""A rehearsal's own life: it waits for a place, runs, ends early, is deleted or killed; and what denies it a report."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from senet.interactions.errors import ClickHouseUnavailable
from senet.journeys import actions as journey_actions
from senet.journeys.errors import JourneyHasErrors, JourneyNotFound
from senet.journeys.models import Journey
from senet.journeys.tiles import TaskTile
from senet.messages.models import SendingLimit
from senet.rehearsals import locks
from senet.rehearsals.actions import delete_rehearsal, run_rehearsal, start_rehearsal
from senet.rehearsals.errors import (
    EngineFailed,
    RehearsalCancelled,
    RehearsalFinished,
    RehearsalInterrupted,
    RehearsalNotFound,
    RehearsalRunning,
    TooManyRehearsals,
)
from senet.rehearsals.models import Rehearsal
from senet.rehearsals.queries import get_rehearsal
from senet.rehearsals.values import RehearsalOptions, RehearsalReport
from tests.support.journeys import START, World, audience, email, if_then, make_email, make_segment, opened, task, wait
from tests.support.people import make_contacts
from tests.support.rehearsals import NOBODY, rehearse


def ask(journey: int, **options: Any) -> int:
    return start_rehearsal(journey, RehearsalOptions.model_validate({"behaviour": NOBODY, **options}))


def run(rehearsal_id: int, now: datetime = START, **more: Any) -> Rehearsal:
    more.setdefault("history", lambda *_asked: ())
    return run_rehearsal(rehearsal_id, clock=lambda: now, **more)


def draw(world: World, people: int = 2, **settings: Any) -> int:
    return world.draw(audience(make_segment(make_contacts(people))) >> wait(days=2) >> task("Call"), **settings)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Progress is noted before every tick."""
    monkeypatch.setattr("senet.rehearsals.actions._BETWEEN_NOTES_SECONDS", 0.0)


def test_there_is_nothing_to_rehearse_without_a_journey(world: World) -> None:
    with pytest.raises(JourneyNotFound):
        ask(4711)
    with pytest.raises(RehearsalNotFound):
        run(4711)


def test_an_empty_audience_is_said(world: World) -> None:
    report = rehearse(world, draw(world, 0))
    assert (report.audience, report.rehearsed, report.entered) == (0, 0, 0)
    assert report.notes[0] == "Nobody is in the audience now, so nobody enters."
    assert all(flow.arrived == 0 for flow in report.tiles)


def test_a_journey_that_could_not_go_live_is_not_rehearsed_and_says_why(world: World) -> None:
    rehearsal = ask(world.draw(audience() >> wait() >> email(None)))
    with pytest.raises(JourneyHasErrors):
        run(rehearsal)
    row = Rehearsal.objects.get(pk=rehearsal)
    assert (row.status, row.report) == ("failed", None)
    assert {"audience_missing", "duration_missing", "email_missing"} <= {each["code"] for each in row.problems}
    with pytest.raises(RehearsalFinished):
        run(rehearsal)


def test_a_live_journey_is_rehearsed_as_it_is_drawn_now(world: World) -> None:
    journey = draw(world)
    world.go_live(journey)
    world.tick()
    journey_actions.edit(journey, now=world.now)
    drawn = Journey.objects.get(pk=journey).definition
    drawn["tiles"][1]["duration"]["amount"] = 5
    journey_actions.update_journey(journey, {"definition": drawn}, now=world.now)
    report = rehearse(world, journey, days=8)
    assert report.tiles[1].daily_waiting == [2, 2, 2, 2, 2, 0, 0, 0, 0]
    assert report.name == Journey.objects.get(pk=journey).name


@pytest.mark.parametrize(
    ("start_at", "end_at", "span"),
    [
        (START + timedelta(days=3), None, (3, 63)),  # not begun: from its start, for the usual time
        (START - timedelta(days=3), None, (0, 60)),  # under way: from now
        (START - timedelta(days=3), START + timedelta(days=10), (0, 10)),  # to its end
        (START - timedelta(days=30), START - timedelta(days=10), (0, 20)),  # past: as long as it had
    ],
)
def test_a_rehearsal_takes_the_journeys_own_time(
    world: World, start_at: datetime, end_at: datetime | None, span: tuple[int, int]
) -> None:
    report = rehearse(world, draw(world, start_at=start_at, end_at=end_at))
    assert (report.start_at, report.until) == tuple(START + timedelta(days=days) for days in span)
    assert report.entered == 2


def test_a_journey_ends_in_its_rehearsal_too(world: World) -> None:
    report = rehearse(world, draw(world, end_at=START + timedelta(days=1)), days=5)
    assert report.tiles[1].waiting == 2
    assert [state.state for state in report.end_states] == ["waiting"]


def test_a_recurring_journey_plays_its_iterations(world: World) -> None:
    journey = draw(world, is_recurring=True, interval_days=7, iteration_count=3, end_at=START + timedelta(days=30))
    report = rehearse(world, journey, days=30)
    assert [flow.arrived for flow in report.tiles] == [6, 6, 6]
    assert [day for day, count in enumerate(report.tiles[0].daily_arrived) if count] == [0, 7, 14]


def test_a_large_audience_is_rehearsed_with_a_sample_and_scaled(world: World) -> None:
    journey = draw(world, 300)
    report = rehearse(world, journey, people=30)
    assert (report.audience, report.rehearsed, report.scale) == (300, 30, 10)
    assert [flow.arrived for flow in report.tiles] == [300, 300, 300]
    assert report.tiles[1].daily_waiting[:3] == [300, 300, 0]
    assert "30 of 300 people were rehearsed" in " ".join(report.notes)


def test_a_report_says_that_sending_limits_are_not_played(world: World) -> None:
    journey = draw(world)
    assert "sending limits" not in " ".join(rehearse(world, journey).notes)
    SendingLimit.objects.create(per_week=2, quiet_from="21:00", quiet_until="08:00", updated_at=world.now)
    (said,) = [note for note in rehearse(world, journey).notes if "sending limits" in note]
    assert "for the frequency cap and quiet hours some mails" in said


def test_a_rehearsal_whose_time_is_over_ends_with_a_report(world: World) -> None:
    report = rehearse(world, draw(world), seconds=0.000001)
    assert report.ended_early.startswith("Ended after 1e-06 seconds")
    assert report.until < START + timedelta(days=60)
    assert report.tiles[1].waiting == 2


def test_a_rehearsal_that_is_deleted_ends_before_its_next_step(world: World, impatient: None) -> None:
    rehearsal = ask(draw(world))
    seen: list[float] = []

    def delete(share: float, _moment: datetime) -> None:
        seen.append(share)
        with psycopg.connect(_url(), autocommit=True) as other:
            other.execute("DELETE FROM rehearsal WHERE id = %s", [rehearsal])

    with pytest.raises(RehearsalCancelled):
        run(rehearsal, progress=delete)
    assert len(seen) == 1
    assert not locks.is_held(rehearsal)
    with pytest.raises(RehearsalNotFound):
        delete_rehearsal(rehearsal)


def _url() -> str:
    from tests.support.databases import with_database

    return with_database(connection.settings_dict["NAME"])


def test_progress_is_told_while_it_runs(world: World, impatient: None) -> None:
    rehearsal = ask(draw(world), days=4)
    seen: list[tuple[str, float, datetime]] = []

    def look(_share: float, _moment: datetime) -> None:
        with psycopg.connect(_url()) as other:
            row = other.execute("SELECT status, progress, virtual_now FROM rehearsal").fetchone()
            assert row is not None
            seen.append(row)

    row = run(rehearsal, progress=look)
    assert {status for status, _, _ in seen} == {"running"}
    assert [share for _, share, _ in seen] == sorted(share for _, share, _ in seen)
    assert all(0 < share <= 1 and START < moment <= START + timedelta(days=4) for _, share, moment in seen)
    assert (row.status, row.progress) == ("done", 1.0)


def test_two_processes_never_run_one_rehearsal(world: World) -> None:
    rehearsal = ask(draw(world))
    with psycopg.connect(_url(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s, %s)", [locks._LOCKS, rehearsal])
        with pytest.raises(RehearsalRunning):
            run(rehearsal)
        other.execute("SELECT pg_advisory_unlock_all()")
    assert run(rehearsal).status == "done"


def test_few_rehearsals_run_at_once(world: World) -> None:
    rehearsal = ask(draw(world))
    with psycopg.connect(_url(), autocommit=True) as other:
        for place in range(locks.MOST_AT_ONCE):
            other.execute("SELECT pg_advisory_lock(%s, %s)", [locks._PLACES, place])
        with pytest.raises(TooManyRehearsals):
            run(rehearsal)
        assert not locks.is_held(rehearsal)
        other.execute("SELECT pg_advisory_unlock_all()")
    assert run(rehearsal).status == "done"


def test_a_rehearsal_that_is_told_to_stop_can_be_run_again(world: World) -> None:
    rehearsal = ask(draw(world))
    with pytest.raises(RehearsalInterrupted):
        run(rehearsal, should_stop=lambda: True)
    assert Rehearsal.objects.get(pk=rehearsal).status == "interrupted"
    assert run(rehearsal).status == "done"


def test_a_failure_of_the_engine_is_no_report(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_self: TaskTile, _move: object) -> bool:
        raise RuntimeError("out of order")

    monkeypatch.setattr(TaskTile, "arrive", fail)
    rehearsal = ask(draw(world))
    with pytest.raises(EngineFailed):
        run(rehearsal)
    row = Rehearsal.objects.get(pk=rehearsal)
    assert (row.status, row.report) == ("failed", None)
    assert row.error.startswith("The engine failed")
    monkeypatch.undo()
    connection.cursor().execute("UPDATE contact SET active = true")  # this thread's connection is the live one again


def test_without_history_the_report_says_so(world: World) -> None:
    def silent(*_asked: object) -> Any:
        raise ClickHouseUnavailable

    journey = world.draw(audience(make_segment(make_contacts(1))) >> email(make_email()))
    report = RehearsalReport.model_validate(run(start_rehearsal(journey, RehearsalOptions()), history=silent).report)
    assert report.notes[0].startswith("No history was used. ClickHouse does not answer")
    assert "Mailchimp" in report.assumptions[0].sources["open_rate"]


def test_old_reports_make_room_for_new_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("senet.rehearsals.actions._KEPT", 2)
    monkeypatch.setattr("senet.rehearsals.actions._MOST_WAITING", 2)
    journey = draw(world)
    done = [run(ask(journey)).pk for _ in range(3)]
    waiting = [ask(journey), ask(journey)]
    with pytest.raises(TooManyRehearsals):
        ask(journey)
    assert list(Rehearsal.objects.order_by("id").values_list("id", flat=True)) == [done[2], *waiting]


@pytest.mark.processes
def test_a_rehearsal_that_is_killed_leaves_nothing_behind(world: World, tmp_path: Path) -> None:
    lane = audience(make_segment(make_contacts(3000))) >> email(make_email()) >> if_then(opened(2), days=50)
    journey = world.draw(lane)
    words = ["rehearse", str(journey), "--assume", "open_delay=300,2", "--seconds", "4"]
    command = [sys.executable, "-m", "senet", *words]
    environment = {**os.environ, "DATABASE_URL": _url(), "SENET_DATA": str(tmp_path / "data")}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _wait_until(lambda: Rehearsal.objects.filter(status="running", progress__gt=0).exists())
        assert _count_stages() == 1
        os.kill(process.pid, signal.SIGKILL)
    _wait_until(lambda: _count_stages() == 0)
    rehearsal = Rehearsal.objects.get()
    assert rehearsal.status == "running"  # nobody was left to say otherwise
    shown = get_rehearsal(journey, rehearsal.pk)
    assert (shown.status, shown.error) == (
        "interrupted",
        "The process that rehearsed is gone. Start the rehearsal again.",
    )
    assert run(rehearsal.pk).status == "done"
    _wait_until(lambda: _count_stages() == 0)


def _count_stages() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relpersistence = 't' AND relname = 'visit'")
        return int(cursor.fetchone()[0])


def _wait_until(test: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not test():
        assert time.monotonic() < deadline
        time.sleep(0.05)
