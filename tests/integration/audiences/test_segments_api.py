"""Segments over HTTP: draw, try, go live, look, stop, delete; and who may."""

from __future__ import annotations

from typing import Any

import pytest

from senet.accounts.values import Role
from senet.audiences import tasks, usage
from senet.audiences.models import Segment
from senet.people.models import Contact, CustomColumn
from senet.shared.clock import utc_now
from senet.shared.errors import Problem
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.audiences import all_of, any_of, clause, make_segment, member_of
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db
GERMANS = all_of(clause("contact.country", "is", "de"))


def draw(client: ApiClient, **body: Any) -> dict[str, Any]:
    response = client.post("/segments", {"name": "Germans", "definition": GERMANS, **body})
    assert response.status_code == 201, response.content
    return body_of(response)


def body_of(response: Any) -> dict[str, Any]:
    return response.json()  # type: ignore[no-any-return]


def test_a_segment_goes_from_a_drawing_to_members_and_back() -> None:
    client = sign_in(Role.MARKETER)
    unit = client.user.business_unit if client.user else None
    ada = make_contact(country="DE", first_name="Ada", last_name="L", business_unit=unit)
    make_contact(country="FR", business_unit=unit)
    made = draw(client)
    assert (made["status"], made["size"]) == ("draft", None)
    path = f"/segments/{made['id']}"
    estimate = body_of(client.post("/segments/estimate", {"definition": GERMANS, "time_zone": "Europe/Berlin"}))
    assert estimate == {"size": 1, "sample": [{"id": ada.pk, "name": "Ada L", "email": ada.email}]}
    assert body_of(client.post(f"{path}/check")) == {"problems": []}
    assert body_of(client.post(f"{path}/go-live"))["status"] == "going_live"
    tasks.evaluate_due(utc_now())
    shown = body_of(client.get(path))
    assert (shown["status"], shown["size"], shown["progress"]) == ("live", 1, 1.0)
    members = body_of(client.get(f"{path}/members"))
    assert (members["total"], [one["id"] for one in members["items"]]) == (1, [ada.pk])
    locked = client.patch(path, {"definition": any_of()})
    assert (locked.status_code, body_of(locked)["error"]["code"]) == (409, "segment_locked")
    assert body_of(client.post(f"{path}/stop"))["status"] == "stopped"
    renamed = client.patch(path, {"name": "Others"})
    assert (renamed.status_code, body_of(renamed)["error"]["code"]) == (409, "segment_locked")
    assert client.patch(path, {"time_zone": "Asia/Tokyo"}).status_code == 200
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_every_problem_is_told_at_once_and_where_it_is() -> None:
    client = sign_in()
    wrong = all_of(
        clause("contact.nothing", "is", "x"),
        any_of(clause("contact.country", "between", 1, 2), clause("contact.consent_level", "at_least", "four")),
        clause("contact.created_at", "last", amount=3),
        member_of(987),
    )
    made = draw(client, definition=wrong)
    problems = body_of(client.post(f"/segments/{made['id']}/check"))["problems"]
    assert [(one["code"], one["where"]) for one in problems] == [
        ("unknown_field", "definition.items.0.field"),
        ("unsuitable_operator", "definition.items.1.items.0.operator"),
        ("bad_value", "definition.items.1.items.1.values"),
        ("bad_value", "definition.items.2.values"),
        ("unknown_segment", "definition.items.3"),
    ]
    refused = client.post(f"/segments/{made['id']}/go-live")
    assert (refused.status_code, len(body_of(refused)["error"]["problems"])) == (422, 5)
    assert client.post("/segments/estimate", {"definition": wrong}).status_code == 422


def test_a_circle_of_segments_is_refused() -> None:
    client = sign_in()
    first = make_segment(definition=GERMANS, name="First")
    second = make_segment(definition=all_of(member_of(first.pk)), name="Second")
    Segment.objects.filter(pk=first.pk).update(status="stopped", definition=all_of(member_of(second.pk)))
    problems = body_of(client.post(f"/segments/{first.pk}/check"))["problems"]
    assert [one["message"] for one in problems] == ["The segment would depend on itself: First → Second → First."]


@pytest.mark.parametrize(
    "definition",
    [
        {"kind": "group", "items": [{"kind": "clause", "field": "contact.email", "operator": "is", "values": [[]]}]},
        {"kind": "group", "items": [{"kind": "clause", "field": "contact.email", "operator": "drop table"}]},
        {"kind": "nonsense"},
        {"items": "x"},
        all_of(clause("contact.email", "is", "a\0b")),
        all_of(clause("contact.consent_level", "equals", 1e300)),
        all_of(*[clause("contact.email", "is", "x")] * 201),
        all_of(clause("contact.email", "is_in", *["x"] * 1001)),
    ],
)
def test_a_definition_that_is_none_is_refused_with_a_sentence(definition: dict[str, Any]) -> None:
    client = sign_in()
    for response in (
        client.post("/segments", {"name": "x", "definition": definition}),
        client.post("/segments/estimate", {"definition": definition}),
    ):
        assert response.status_code == 422
        assert body_of(response)["error"]["message"]


def test_a_definition_that_is_too_deep_is_refused() -> None:
    definition: dict[str, Any] = clause("contact.email", "is", "x")
    for _ in range(400):
        definition = all_of(definition)
    assert sign_in().post("/segments", {"name": "x", "definition": definition}).status_code == 422


def test_members_of_a_static_segment_are_added_and_removed_by_ids_and_by_a_definition() -> None:
    client = sign_in()
    ada, bob, eve = (make_contact(country=country) for country in ("DE", "FR", "DE"))
    made = draw(client, kind="static", definition={})
    path = f"/segments/{made['id']}/members"
    assert body_of(client.post(path, {"add": [bob.pk, ada.pk, 999999]})) == {"added": 2, "removed": 0}
    assert body_of(client.post(path, {"add_by": GERMANS})) == {"added": 1, "removed": 0}
    assert body_of(client.post(path, {"remove": [ada.pk], "remove_by": GERMANS})) == {"added": 0, "removed": 2}
    assert [one["id"] for one in body_of(client.get(path))["items"]] == [bob.pk]
    assert body_of(client.get(f"/segments/{made['id']}"))["size"] == 1
    assert eve.pk
    dynamic = draw(client)
    assert client.post(f"/segments/{dynamic['id']}/members", {"add": [bob.pk]}).status_code == 409


def test_members_are_paged_by_a_cursor_and_downloaded_whole() -> None:
    client = sign_in()
    people = [make_contact(first_name="=cmd()", last_name=f"N{number}").pk for number in range(5)]
    segment = make_segment(people)
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = body_of(client.get(f"/segments/{segment.pk}/members", {"limit": 2, "cursor": cursor}))
        seen += [one["id"] for one in page["items"]]
        cursor = page["next_cursor"]
    assert seen == people
    assert client.get(f"/segments/{segment.pk}/members", {"cursor": "zz"}).status_code == 422
    found = body_of(client.get(f"/segments/{segment.pk}/members", {"search": "n3"}))
    assert [one["id"] for one in found["items"]] == [people[3]]
    download = client.get(f"/segments/{segment.pk}/members.csv")
    lines = b"".join(download.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 6
    assert lines[1].startswith(f"{people[0]},'=cmd() N0,")


def test_stopping_what_something_live_uses_warns_first() -> None:
    client = sign_in()
    segment = make_segment(definition=GERMANS)
    make_segment(definition=all_of(member_of(segment.pk)), name="User of it")

    def find(kind: str, audience_id: int) -> list[Problem]:
        return [Problem("used_by_journey", "The live journey 'Welcome' uses it.")] if kind == "segment" else []

    usage.register_finder(find)
    try:
        warned = client.post(f"/segments/{segment.pk}/stop")
        assert warned.status_code == 409
        codes = [one["code"] for one in body_of(warned)["error"]["problems"]]
        assert {"used_by_segment", "used_by_journey"} <= set(codes)
        assert client.post(f"/segments/{segment.pk}/stop?force=true").status_code == 200
        assert client.delete(f"/segments/{segment.pk}").status_code == 409
        assert client.delete(f"/segments/{segment.pk}?force=true").status_code == 204
    finally:
        usage._finders.remove(find)


def test_a_builder_is_told_columns_operators_and_custom_columns() -> None:
    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="choice", options=["gold", "tin"])
    fields = body_of(sign_in(Role.VIEWER).get("/segment-fields"))
    by_key = {one["key"]: one for one in fields["fields"]}
    assert by_key["contact.custom.tier"] == {
        "key": "contact.custom.tier",
        "label": "Tier",
        "kind": "choice",
        "entity": "contact",
        "options": ["gold", "tin"],
    }
    assert {one["kind"] for one in fields["fields"]} <= fields["operators"].keys()
    assert {"operator": "last", "label": "in the last", "needs": "span"} in fields["operators"]["datetime"]


def test_lists_are_searched_sorted_filtered_and_downloaded() -> None:
    client = sign_in()
    for name in ("beta", "Alpha", "gamma ray"):
        make_segment(name=name)
    make_segment(name="draft", definition=GERMANS, status="draft")
    listed = body_of(client.get("/segments", {"sort": "name", "status": "live"}))
    assert [one["name"] for one in listed["items"]] == ["Alpha", "beta", "gamma ray"]
    assert body_of(client.get("/segments", {"search": "RAY"}))["total"] == 1
    assert client.get("/segments", {"sort": "definition"}).status_code == 422
    download = client.get("/segments/export.csv", {"kind": "dynamic"})
    lines = b"".join(download.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert [line.split(",")[1] for line in lines] == ["name", "draft"]


def test_a_viewer_looks_and_changes_nothing() -> None:
    segment = make_segment(definition=GERMANS)
    viewer = sign_in(Role.VIEWER)
    path = f"/segments/{segment.pk}"
    assert viewer.get(path).status_code == 200
    for response in (
        viewer.post("/segments", {"name": "x", "definition": GERMANS}),
        viewer.patch(path, {"description": "x"}),
        viewer.post(f"{path}/stop"),
        viewer.post(f"{path}/members", {"add": [1]}),
        viewer.delete(path),
        viewer.get("/segments/export.csv"),
        viewer.get(f"{path}/members.csv"),
    ):
        assert response.status_code == 403


def test_another_units_segment_does_not_exist_and_its_contacts_are_not_shown() -> None:
    home, abroad = make_unit(), make_unit()
    ours, theirs = make_contact(country="DE", business_unit=home), make_contact(country="DE", business_unit=abroad)
    segment = make_segment(definition=GERMANS)
    Segment.objects.filter(pk=segment.pk).update(business_unit=abroad)
    stranger = sign_in(Role.MARKETER, unit=home)
    for path in ("", "/members"):
        assert stranger.get(f"/segments/{segment.pk}{path}").status_code == 404
    assert stranger.post(f"/segments/{segment.pk}/stop").status_code == 404
    Segment.objects.filter(pk=segment.pk).update(business_unit=home)
    shown = body_of(stranger.get(f"/segments/{segment.pk}/members"))
    assert (shown["total"], [one["id"] for one in shown["items"]]) == (1, [ours.pk])
    estimate = body_of(stranger.post("/segments/estimate", {"definition": GERMANS}))
    assert (estimate["size"], [one["id"] for one in estimate["sample"]]) == (2, [ours.pk])
    assert theirs.pk


def test_nobody_gets_in_without_signing_in() -> None:
    anonymous = ApiClient()
    for path in ("/segments", "/segments/1", "/segments/1/members", "/segment-fields", "/lists", "/lists/1"):
        assert anonymous.get(path).status_code == 401


def test_a_subscription_list_is_made_joined_left_and_deleted() -> None:
    client = sign_in()
    ada, bob = make_contact(), make_contact()
    made = body_of(client.post("/lists", {"name": "News"}))
    path = f"/lists/{made['id']}"
    assert body_of(client.post(f"{path}/members", {"add": [ada.pk, bob.pk]})) == {"added": 2, "removed": 0}
    assert body_of(client.post(f"{path}/members", {"remove": [ada.pk]})) == {"added": 0, "removed": 1}
    assert body_of(client.get(path))["size"] == 1
    (member,) = body_of(client.get(f"{path}/members"))["items"]
    assert (member["id"], member["source"]) == (bob.pk, "user")
    assert body_of(client.patch(path, {"name": "Letters", "public": False}))["public"] is False
    assert body_of(client.get("/lists", {"public": False}))["total"] == 1
    assert client.patch(path, {"name": " "}).status_code == 422
    user = make_segment(definition=all_of(member_of(made["id"], audience="list")), name="Readers")
    assert client.delete(path).status_code == 409
    Segment.objects.filter(pk=user.pk).update(status="stopped")
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert Contact.objects.count() == 2


def test_a_page_of_a_list_takes_as_many_statements_however_long_it_is(django_assert_num_queries: Any) -> None:
    client = sign_in()
    people = [make_contact().pk for _ in range(3)]
    segments = [make_segment(people) for _ in range(4)]
    for _ in range(3):
        body_of(client.post("/lists", {"name": "News"}))
    for path in ("/segments", "/lists", f"/segments/{segments[0].pk}/members"):
        client.get(path)
        allowed = {"/segments": 4, "/lists": 5}.get(path, 5)
        with django_assert_num_queries(allowed):
            assert client.get(path).status_code == 200
