"""`senet rehearse`, as an operator types it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from senet.rehearsals.models import Rehearsal
from senet.rehearsals.values import RehearsalReport
from tests.support.databases import with_database
from tests.support.journeys import World, audience, email, if_then, make_email, make_segment, opened, task, wait
from tests.support.people import make_contacts

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


class Typed:
    """Types `senet rehearse …` and returns what it prints: the output, or the error when it fails."""

    def __init__(self, folder: Path) -> None:
        database = with_database(connection.settings_dict["NAME"])
        more = {"DATABASE_URL": database, "SENET_DATA": str(folder / "data"), "COLUMNS": "160"}
        self.environment = {**os.environ, **more}

    def __call__(self, *words: str, code: int = 0) -> str:
        command = [sys.executable, "-m", "senet", "rehearse", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if code == 0 else done.stderr


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    return Typed(tmp_path)


def test_a_report_is_printed_for_people_or_given_as_json(world: World, typed: Typed) -> None:
    people = make_contacts(3)
    mail = audience(make_segment(people)) >> email(make_email())
    journey = world.draw(mail >> if_then(opened(2), days=2, yes=task("Call"), no=wait(days=1) >> task("Write")))
    readers = ("--assume", "open_rate=1", "--assume", "click_rate=0")
    words = (str(journey), "--days", "5", "--start", "2026-03-02T09:00:00", *readers)
    printed = typed(*words, "--assume", "2.open_delay=1,0")
    assert "3 of 3 people enter" in printed
    assert "Yes 3, No 0" in printed
    assert "click rate, open delay, open rate: given" in printed
    assert "Mailchimp" in printed
    report = RehearsalReport.model_validate(json.loads(typed(*words, "--assume", "2.open_delay=100,0", "--json")))
    assert report.tiles[2].daily_waiting == [3, 3, 0, 0, 0, 0]
    assert [path.people for path in report.tiles[2].paths] == [0, 3]
    assert [row.status for row in Rehearsal.objects.all()] == ["done", "done"]


def test_what_cannot_be_rehearsed_is_told_in_a_sentence(world: World, typed: Typed) -> None:
    broken = str(world.draw(audience() >> task("")))
    assert "no such journey" in typed("4711", code=1)
    assert "NAME=VALUE" in typed(broken, "--assume", "open_rate", code=1)
    told = typed(broken, code=1)
    assert "The journey cannot go live yet" in told
    assert "The audience is empty" in told
