"""Rehearsals over HTTP: ask for one, look how far it is, read the report, delete it; and who may."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from senet.accounts.values import Role
from senet.insights.values import ReactionsFound
from senet.journeys.models import Journey
from senet.rehearsals import locks
from senet.rehearsals.assuming import assume_of_drawn
from senet.rehearsals.behaviour import LITERATURE
from senet.rehearsals.models import Rehearsal
from senet.rehearsals.tasks import run_rehearsal_job
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.journeys import World, audience, email, make_email, make_segment, task, wait
from tests.support.people import make_contacts
from tests.support.rehearsals import NOBODY

Json = dict[str, Any]


def body_of(response: Any, status: int = 200) -> Json:
    assert response.status_code == status, response.content
    return response.json() if response.content else {}


def work(rehearsal_id: int) -> None:
    """Do the job that was put off, as a worker does."""
    context = SimpleNamespace(should_abort=lambda: False)
    run_rehearsal_job.func(context, rehearsal_id=rehearsal_id)  # type: ignore[arg-type]  # all that it asks for


def count_jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name LIKE '%%run_rehearsal_job'")
        return int(cursor.fetchone()[0])


@pytest.fixture
def path(world: World) -> str:
    lane = audience(make_segment(make_contacts(3))) >> email(make_email()) >> wait(days=1) >> task("Call")
    return f"/journeys/{world.draw(lane)}/rehearsals"


def test_a_rehearsal_is_asked_for_done_by_a_job_and_read(path: str) -> None:
    client = sign_in(Role.MARKETER)
    made = body_of(client.post(path, {"days": 3, "behaviour": NOBODY}), 201)
    assert (made["status"], made["progress"], made["report"]) == ("waiting", 0, None)
    assert made["options"]["days"] == 3
    assert made["user_id"] == client.user.pk if client.user else None
    assert count_jobs() == 1
    work(made["id"])
    done = body_of(client.get(f"{path}/{made['id']}"))
    assert (done["status"], done["progress"], done["error"], done["problems"]) == ("done", 1, "", [])
    report = done["report"]
    assert [tile["arrived"] for tile in report["tiles"]] == [3, 3, 3, 3]
    assert report["tiles"][1]["mail"]["queued"] == 3
    assert report["end_states"] == [{"state": "finished", "tile": 4, "reason": None, "people": 3}]
    assert len(report["days"]) == len(report["tiles"][0]["daily_arrived"]) == 4
    listed = body_of(client.get(path))
    assert [(row["id"], row["status"]) for row in listed["items"]] == [(made["id"], "done")]
    assert "report" not in listed["items"][0]
    body_of(client.delete(f"{path}/{made['id']}"), 204)
    body_of(client.get(f"{path}/{made['id']}"), 404)
    assert body_of(client.get(path))["total"] == 0


def test_a_job_waits_for_a_place(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    client = sign_in()
    made = body_of(client.post(path, {}), 201)
    monkeypatch.setattr(locks, "MOST_AT_ONCE", 0)
    work(made["id"])
    assert count_jobs() == 2
    assert body_of(client.get(f"{path}/{made['id']}"))["status"] == "waiting"


def test_a_job_whose_rehearsal_was_deleted_does_nothing(path: str) -> None:
    client = sign_in()
    made = body_of(client.post(path, {}), 201)
    body_of(client.delete(f"{path}/{made['id']}"), 204)
    work(made["id"])
    assert not Rehearsal.objects.exists()


def test_what_keeps_a_journey_from_going_live_is_in_the_answer(world: World) -> None:
    client = sign_in()
    path = f"/journeys/{world.draw(audience() >> wait(days=1))}/rehearsals"
    made = body_of(client.post(path, {}), 201)
    work(made["id"])
    failed = body_of(client.get(f"{path}/{made['id']}"))
    assert (failed["status"], failed["report"]) == ("failed", None)
    assert "audience_missing" in {problem["code"] for problem in failed["problems"]}


@pytest.mark.parametrize(
    "body",
    [
        {"days": 0},
        {"days": 367},
        {"people": 0},
        {"seed": -1},
        {"seconds": 0},
        {"behaviour": {"open_rate": 1.5}},
        {"behaviour": {"open_rates": 0.5}},
        {"behaviour": {"open_delay": {"median_hours": -1}}},
        {"behaviour": {"hard_bounce_rate": 0.6, "soft_bounce_rate": 0.6}},
        {"tiles": {"2": {"click_rate": "often"}}},
        {"tiles": {"email": {"click_rate": 0.1}}},
        {"speed": 2},
    ],
)
def test_what_cannot_be_assumed_is_refused(path: str, body: Json) -> None:
    error = body_of(sign_in().post(path, body), 422)["error"]
    assert error["code"] == "invalid_input"
    assert not Rehearsal.objects.exists()


def test_a_rehearsal_is_its_journeys_own(path: str, world: World) -> None:
    client = sign_in()
    made = body_of(client.post(path, {}), 201)
    other = world.draw(audience(make_segment()))
    body_of(client.get(f"/journeys/{other}/rehearsals/{made['id']}"), 404)
    body_of(client.delete(f"/journeys/{other}/rehearsals/{made['id']}"), 404)
    body_of(client.post("/journeys/4711/rehearsals", {}), 404)
    body_of(client.get("/journeys/4711/rehearsals"), 404)


def test_rehearsals_are_for_those_who_may_edit_the_journey(path: str) -> None:
    made = body_of(sign_in().post(path, {}), 201)
    one = f"{path}/{made['id']}"
    stranger, viewer, outsider = ApiClient(), sign_in(Role.VIEWER), sign_in(Role.MARKETER, unit=make_unit())
    for client, status in ((stranger, 401), (viewer, 403), (outsider, 404)):
        body_of(client.post(path, {}), status)
        body_of(client.delete(one), status)
    assert body_of(viewer.get(path))["total"] == 1
    assert body_of(viewer.get(one))["status"] == "waiting"
    body_of(sign_in(Role.VIEWER, unit=make_unit()).get(one), 404)


def test_what_would_be_assumed_is_told_before_anything_is_rehearsed(path: str) -> None:
    told = body_of(sign_in(Role.VIEWER).get(f"{path}/assumptions"))
    (assumed,) = told["assumptions"]
    assert assumed["tile"] == 2
    assert assumed["behaviour"]["open_rate"] == LITERATURE.open_rate
    assert assumed["sources"]["open_rate"].startswith("literature: ")
    body_of(ApiClient().get(f"{path}/assumptions"), 401)
    body_of(sign_in(Role.MARKETER, unit=make_unit()).get(f"{path}/assumptions"), 404)
    assert not Rehearsal.objects.exists()


def test_what_would_be_assumed_follows_the_history_of_the_emails_as_they_are_drawn(world: World) -> None:
    mail = make_email("https://a.example/")
    lane = audience(make_segment()) >> email(mail) >> wait(days=1) >> email(None)
    asked: list[tuple[list[int], int]] = []

    def history(_journey: int, emails: Sequence[int], versions: Sequence[int], _now: Any) -> list[ReactionsFound]:
        asked.append((list(emails), len(versions)))
        return [ReactionsFound(mail, 0, 2_000, 2_000, 0, 0, 0, 500, 0, 0, None, None, {})]

    journey = Journey.objects.get(pk=world.draw(lane))
    (assumed,), notes = assume_of_drawn(journey, history, world.now)
    assert asked == [([mail], 1)]
    assert (assumed.tile, assumed.behaviour.open_rate, notes) == (2, 0.25, [])
    assert assumed.sources["open_rate"] == "history: 2,000 of the email's messages from other journeys"
    assert list(assumed.behaviour.link_weights) == [1]
