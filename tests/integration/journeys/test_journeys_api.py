"""Journeys over HTTP: draw, check, go live, look, stop, copy, delete; and who may."""

from __future__ import annotations

from typing import Any

import pytest

from senet.accounts.values import Role
from senet.journeys.engine import tick
from senet.journeys.models import Journey
from senet.shared.clock import utc_now
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.journeys import audience, make_segment, task, wait
from tests.support.people import make_contact

pytestmark = pytest.mark.usefixtures("committed")
Json = dict[str, Any]


def body_of(response: Any, status: int = 200) -> Json:
    assert response.status_code == status, response.content
    return response.json() if response.content else {}


def draw(client: ApiClient, segment: int | None = None, **more: Any) -> Json:
    lane = audience(segment or make_segment()) >> wait(days=1) >> task()
    definition = {"tiles": lane.number(range(1, 9))}
    body = {"name": "Welcome", "definition": definition, "start_at": "2026-01-01T00:00:00Z", **more}
    body.setdefault("end_at", "2099-01-01T00:00:00Z")
    return body_of(client.post("/journeys", body), 201)


def test_a_journey_goes_from_a_drawing_to_people_on_their_way_and_back() -> None:
    client = sign_in(Role.MARKETER)
    unit = client.user.business_unit if client.user else None
    ada = make_contact(first_name="Ada", last_name="L", business_unit=unit)
    made = draw(client, make_segment([ada.pk]))
    path = f"/journeys/{made['id']}"
    assert (made["status"], made["locked"], made["live_version"]) == ("draft", [], None)
    assert body_of(client.post(f"{path}/check"))["verdict"] == "valid"
    assert body_of(client.get(f"{path}/blast-radius"))["would_enter"] == 1
    live = body_of(client.post(f"{path}/go-live"))
    assert (live["journey"]["status"], live["version"], live["blast_radius"]["would_enter"]) == ("live", 1, 1)
    assert live["blast_radius"]["sample"] == [{"id": ada.pk, "name": "Ada L", "email": ada.email}]
    tick(utc_now())
    stands = body_of(client.get(f"{path}/contacts/{ada.pk}"))
    assert (stands["state"], stands["tile"], stands["waiting_for"]) == ("waiting", 2, "until 1 day has passed")
    assert [step["kind"] for step in stands["way"]] == ["audience", "wait_for"]
    refused = client.patch(path, {"name": "Other"})
    assert body_of(refused, 409)["error"]["code"] == "field_locked"
    assert body_of(client.post(f"{path}/edit"))["status"] == "live_editable"
    assert body_of(client.patch(path, {"name": "Other"}))["name"] == "Other"
    assert body_of(client.post(f"{path}/cancel-edit"))["status"] == "live"
    assert body_of(client.post(f"{path}/stop"))["status"] == "stopped"
    kinds = [one["kind"] for one in body_of(client.get(f"{path}/milestones"))["items"]]
    assert kinds[-3:] == ["started", "went_live", "created"]
    copy = body_of(client.post(f"{path}/copy"), 201)
    assert (copy["name"], copy["status"]) == ("Copy of Welcome", "draft")
    body_of(client.delete(path), 204)
    body_of(client.get(path), 404)


def test_a_journey_with_a_dangling_branch_is_refused_with_every_problem() -> None:
    client = sign_in(Role.MARKETER)
    tiles = [{"id": 1, "kind": "audience", "sources": [{"id": make_segment()}], "next": 7}]
    made = draw(client, definition={"tiles": tiles})
    error = body_of(client.post(f"/journeys/{made['id']}/go-live"), 422)["error"]
    assert error["code"] == "journey_has_errors"
    assert "dangling_branch" in {problem["code"] for problem in error["problems"]}
    assert Journey.objects.get(pk=made["id"]).status == "draft"


@pytest.mark.parametrize(
    "definition",
    [
        {"tiles": [{"id": 1, "kind": "teleport"}]},
        {"tiles": [{"id": 0, "kind": "task"}]},
        {"tiles": [{"id": 1, "kind": "task"}, {"id": 1, "kind": "task"}]},
        {"tiles": [{"id": 1, "kind": "wait_for", "duration": {"amount": "soon", "unit": "days"}}]},
        {"tiles": [{"id": 1, "kind": "wait_until", "at": "2026-12-01T09:00+01:00"}]},
        {"tiles": [{"id": 1, "kind": "task", "surprise": True}]},
        {"tiles": "none"},
        {"tiles": [7]},
        {"tiles": [{"id": n, "kind": "task"} for n in range(1, 600)]},
    ],
)
def test_a_definition_that_cannot_be_read_is_refused_and_changes_nothing(definition: Json) -> None:
    client = sign_in(Role.MARKETER)
    made = draw(client)
    error = body_of(client.patch(f"/journeys/{made['id']}", {"definition": definition}), 422)["error"]
    assert error["problems"]
    assert body_of(client.get(f"/journeys/{made['id']}"))["definition"] == made["definition"]


def test_the_list_searches_sorts_filters_and_pages() -> None:
    client = sign_in(Role.MARKETER)
    for name in ("beta", "Alpha", "gamma"):
        draw(client, name=name)
    assert [one["name"] for one in body_of(client.get("/journeys", {"sort": "name"}))["items"]] == [
        "Alpha",
        "beta",
        "gamma",
    ]
    assert body_of(client.get("/journeys", {"search": "ALPH"}))["total"] == 1
    assert body_of(client.get("/journeys", {"status": "live"}))["total"] == 0
    page = body_of(client.get("/journeys", {"sort": "name", "limit": 2}))
    rest = body_of(client.get("/journeys", {"sort": "name", "limit": 2, "cursor": page["next_cursor"]}))
    assert ([one["name"] for one in rest["items"]], rest["next_cursor"]) == (["gamma"], None)
    body_of(client.get("/journeys", {"sort": "definition"}), 422)


def test_the_export_has_the_lists_rows() -> None:
    client = sign_in(Role.MARKETER)
    draw(client, name="=1+1")
    response = client.get("/journeys/export.csv")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # it streams
    assert text.splitlines()[1].split(",")[1] == "'=1+1"


def test_nobody_without_a_login_sees_anything() -> None:
    client = ApiClient()
    for path in (
        "/journeys",
        "/journeys/1",
        "/journeys/1/milestones",
        "/journeys/1/contacts/1",
        "/journeys/export.csv",
    ):
        body_of(client.get(path), 401)


def test_a_viewer_looks_and_changes_nothing() -> None:
    made = draw(sign_in(Role.MARKETER))
    viewer = sign_in(Role.VIEWER)
    path = f"/journeys/{made['id']}"
    body_of(viewer.get(path))
    body_of(viewer.post(f"{path}/check"))
    body_of(viewer.post("/journeys", {"name": "X"}), 403)
    body_of(viewer.patch(path, {"name": "X"}), 403)
    for act in ("go-live", "stop", "edit", "cancel-edit", "copy"):
        body_of(viewer.post(f"{path}/{act}"), 403)
    body_of(viewer.delete(path), 403)
    body_of(viewer.get("/journeys/export.csv"), 403)


def test_journeys_of_other_business_units_do_not_exist() -> None:
    made = draw(sign_in(Role.MARKETER, unit=make_unit("North")))
    stranger = sign_in(Role.MARKETER, unit=make_unit("South"))
    assert body_of(stranger.get("/journeys"))["total"] == 0
    body_of(stranger.get(f"/journeys/{made['id']}"), 404)
    body_of(stranger.post(f"/journeys/{made['id']}/go-live"), 404)
    body_of(sign_in(Role.MARKETING_MANAGER).get(f"/journeys/{made['id']}"))


def test_what_is_not_there_is_not_found() -> None:
    client = sign_in()
    made = draw(client)
    body_of(client.get("/journeys/987654"), 404)
    body_of(client.get(f"/journeys/{made['id']}/contacts/987654"), 404)
    body_of(client.post("/journeys/987654/check"), 404)


def test_the_wrong_moment_is_a_conflict() -> None:
    client = sign_in()
    path = f"/journeys/{draw(client)['id']}"
    for act in ("stop", "edit", "cancel-edit"):
        assert body_of(client.post(f"{path}/{act}"), 409)["error"]["code"] == "wrong_state"
    body_of(client.post(f"{path}/go-live"))
    body_of(client.post(f"{path}/go-live"), 409)
    body_of(client.delete(path), 409)


def test_a_moment_without_its_zone_is_refused_for_two_people_may_read_it_differently() -> None:
    client = sign_in(Role.MARKETER)
    error = body_of(client.post("/journeys", {"name": "X", "start_at": "2026-12-01T10:00"}), 422)["error"]
    assert "start_at" in str(error)
    made = body_of(client.post("/journeys", {"name": "X", "start_at": "2026-12-01T10:00:00+01:00"}), 201)
    assert made["start_at"] == "2026-12-01T09:00:00Z"


def test_a_value_out_of_range_is_refused() -> None:
    client = sign_in()
    body_of(client.post("/journeys", {"name": "X", "minimum_consent": 6}), 422)
    body_of(client.post("/journeys", {"name": "X", "time_zone": "Mars/Olympus"}), 422)
    body_of(client.post("/journeys", {"name": "X" * 201}), 422)
    body_of(client.post("/journeys", {"name": "X", "content_settings_id": 2**70}), 422)
