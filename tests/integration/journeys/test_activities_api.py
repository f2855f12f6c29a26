"""Activities and their templates through the API: success, 401, 403, 404, 422, lists."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from senet.accounts.models import BusinessUnit
from senet.accounts.values import Role
from senet.journeys.models import Activity, ActivityTemplate
from tests.support.accounts import ApiClient, main_unit, make_unit, make_user, sign_in
from tests.support.journeys import START, make_template

pytestmark = pytest.mark.django_db
TASK = {"kind": "task", "name": " Follow up ", "subject": "Call them", "due_in_minutes": 60}
MEETING = {
    "kind": "appointment",
    "name": "Meeting",
    "subject": "Meet",
    "start_after_minutes": 0,
    "duration_minutes": 30,
    "location": "Room 7",
}


def make_activity(subject: str, *, unit: BusinessUnit | None = None, **columns: Any) -> Activity:
    columns = {"iteration": 1, "tile": 2, "contact_id": 7, "created_at": START, **columns}
    return Activity.objects.create(subject=subject, business_unit=unit or main_unit(), **columns)


def test_a_template_is_made_read_changed_and_deleted() -> None:
    client = sign_in(Role.MARKETER)
    made = client.post("/activity-templates", TASK)
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["kind"], body["name"], body["subject"], body["priority"]) == (
        "task",
        "Follow up",
        "Call them",
        "normal",
    )
    assert (body["due_in_minutes"], body["duration_minutes"], body["location"]) == (60, None, "")
    assert body["owner_id"] is not None
    path = f"/activity-templates/{body['id']}"
    assert client.patch(path, {"priority": "high", "due_in_minutes": None}).json()["priority"] == "high"
    read = client.get(path).json()
    assert (read["subject"], read["due_in_minutes"]) == ("Call them", None)
    activity = make_activity("A", template_id=body["id"])
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    activity.refresh_from_db()
    assert activity.template_id is None


def test_an_appointments_template_says_when_and_where() -> None:
    body = sign_in().post("/activity-templates", MEETING).json()
    assert (body["start_after_minutes"], body["duration_minutes"], body["location"]) == (0, 30, "Room 7")


@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "letter", "name": "A", "subject": "B"}, {"kind": "task", "name": "A"},
     {"kind": "task", "name": " ", "subject": "B"}, {**TASK, "due_in_minutes": 0}, {**TASK, "due_in_minutes": 10**12},
     {**TASK, "priority": "extreme"}, {**TASK, "owner_id": 10**15}, {**TASK, "location": "Here"},
     {**TASK, "name": "x" * 201}, {**TASK, "start_after_minutes": 5}, {**MEETING, "due_in_minutes": 5},
     {**MEETING, "duration_minutes": None}, {**MEETING, "start_after_minutes": None},
     {**MEETING, "start_after_minutes": -1}],
)  # fmt: skip
def test_a_template_that_cannot_be_is_refused(body: dict[str, object]) -> None:
    assert sign_in().post("/activity-templates", body).status_code == 422
    assert not ActivityTemplate.objects.exists()


def test_every_problem_of_a_template_is_reported_at_once() -> None:
    answer = sign_in().post("/activity-templates", {"kind": "appointment", "name": "", "subject": " "}).json()
    assert {problem["where"] for problem in answer["error"]["problems"]} == {
        "name",
        "subject",
        "start_after_minutes",
        "duration_minutes",
    }


def test_a_change_that_makes_a_template_impossible_is_refused() -> None:
    template = make_template("task", subject="A")
    client = sign_in()
    assert client.patch(f"/activity-templates/{template}", {"subject": ""}).status_code == 422
    assert client.patch(f"/activity-templates/{template}", {"location": "Here"}).status_code == 422
    assert ActivityTemplate.objects.get().subject == "A"


def test_a_templates_kind_stays_what_it_is() -> None:
    template = make_template("task")
    sign_in().patch(f"/activity-templates/{template}", {"kind": "phone_call"})
    assert ActivityTemplate.objects.get().kind == "task"


def test_templates_are_searched_filtered_and_sorted() -> None:
    call = make_template("phone_call", name="b call", subject="Ring")
    task = make_template("task", name="A task", subject="Call them")
    client = sign_in()

    def find(**query: object) -> list[int]:
        return [row["id"] for row in client.get("/activity-templates", query).json()["items"]]

    assert find() == find(sort="name") == [task, call]
    assert find(sort="-name") == find(sort="kind") == [call, task]
    assert find(kind="phone_call") == find(search="ring") == [call]
    assert find(search="CALL", sort="id") == [call, task]
    assert client.get("/activity-templates", {"sort": "owner_id"}).status_code == 422
    assert client.get("/activity-templates", {"kind": "letter"}).status_code == 422


def test_strangers_viewers_and_other_units_change_no_template() -> None:
    template = make_template(business_unit=make_unit())
    path = f"/activity-templates/{template}"
    marketer = sign_in(Role.MARKETER, unit=make_unit())
    for client, status in ((ApiClient(), 401), (sign_in(Role.VIEWER), 403), (marketer, 404)):
        assert client.patch(path, {"name": "x"}).status_code == status
        assert client.delete(path).status_code == status
    assert marketer.get(path).status_code == 404
    assert marketer.get("/activity-templates").json()["total"] == 0
    assert ApiClient().get("/activity-templates").status_code == 401
    assert ApiClient().post("/activity-templates", TASK).status_code == 401
    assert sign_in(Role.VIEWER).post("/activity-templates", TASK).status_code == 403
    assert sign_in(Role.VIEWER).get("/activity-templates").status_code == 200


def test_activities_are_filtered_sorted_and_paged(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    colleague = make_user()
    soon, later = START + timedelta(days=1), START + timedelta(days=2)
    call = make_activity("Call", kind="phone_call", due_at=later, assigned_to=colleague, tile=3)
    task = make_activity("Ask", due_at=soon, done_at=START, contact_id=8)
    whole = make_activity("Visit", kind="appointment", due_at=None, contact_id=None, company_id=5)
    client = sign_in()

    def find(**query: object) -> list[int]:
        return [row["id"] for row in client.get("/activities", query).json()["items"]]

    assert find() == [whole.pk, task.pk, call.pk]  # the latest first
    assert find(sort="due_at") == [task.pk, call.pk, whole.pk]
    assert find(sort="-due_at") == [call.pk, task.pk, whole.pk]
    assert find(sort="subject") == [task.pk, call.pk, whole.pk]
    assert find(kind="phone_call") == find(assigned_to_id=colleague.pk) == find(tile=3) == [call.pk]
    assert find(state="done") == find(contact_id=8) == [task.pk]
    assert find(state="open") == [whole.pk, call.pk]
    assert find(company_id=5) == [whole.pk]
    assert find(due_before=later.isoformat()) == [task.pk]
    assert find(search="ALL") == [call.pk]
    first = client.get("/activities", {"limit": 2, "sort": "due_at"}).json()
    rest = client.get("/activities", {"limit": 2, "sort": "due_at", "cursor": first["next_cursor"]}).json()
    assert [row["id"] for row in (*first["items"], *rest["items"])] == [task.pk, call.pk, whole.pk]
    assert (first["total"], rest["next_cursor"]) == (3, None)
    with django_assert_num_queries(4):  # session, user, count, page
        find(state="open", assigned_to_id=colleague.pk)
    for query in ({"sort": "description"}, {"kind": "letter"}, {"state": "late"}, {"due_before": "soon"}):
        assert client.get("/activities", query).status_code == 422


def test_an_activity_is_marked_as_done_once_and_opened_again() -> None:
    activity = make_activity("Call")
    client = sign_in(Role.MARKETER)
    path = f"/activities/{activity.pk}"
    assert client.get(path).json()["done_at"] is None
    done = client.post(f"{path}/done").json()["done_at"]
    assert datetime.fromisoformat(done).year > 2020
    assert client.post(f"{path}/done").json()["done_at"] == done
    assert client.get(path).json()["done_at"] == done
    assert client.post(f"{path}/reopen").json()["done_at"] is None
    assert client.post(f"{path}/reopen").json()["done_at"] is None


def test_strangers_viewers_and_other_units_do_no_activity() -> None:
    activity = make_activity("Call", unit=make_unit())
    marketer = sign_in(Role.MARKETER, unit=make_unit())
    for client, status in ((ApiClient(), 401), (sign_in(Role.VIEWER), 403), (marketer, 404)):
        for act in ("done", "reopen"):
            assert client.post(f"/activities/{activity.pk}/{act}").status_code == status
    assert marketer.get(f"/activities/{activity.pk}").status_code == 404
    assert marketer.get("/activities").json()["total"] == 0
    assert ApiClient().get("/activities").status_code == 401
    assert sign_in().post("/activities/987654/done").status_code == 404
    activity.refresh_from_db()
    assert activity.done_at is None
