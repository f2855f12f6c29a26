"""A/B tests by API: who may do what, what is refused, and the numbers of both versions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.content.models import AbTest
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.content import BODY, make_email, make_live_email

pytestmark = pytest.mark.django_db

NEW = {"name": "Subject", "kind": "header", "subject": "Another"}


def read(response: Any) -> Any:
    return json.loads(response.content) if response.content else None


def test_a_test_is_made_changed_read_and_deleted() -> None:
    client, email = sign_in(Role.MARKETER), make_live_email()
    made = client.post(f"/emails/{email.pk}/ab-tests", NEW)
    assert made.status_code == 201
    test = read(made)
    assert (test["status"], test["percent"], test["problems"]) == ("draft", 20, [])
    assert test["from_name"] == email.from_name
    changed = client.patch(f"/ab-tests/{test['id']}", {"percent": 40, "subject": "Third"})
    assert read(changed)["percent"] == 40
    assert AbTest.objects.get().variants.get().b_version.compiled["subject"] == "Third"
    assert [each["id"] for each in read(client.get(f"/emails/{email.pk}/ab-tests"))] == [test["id"]]
    assert "The sale" in client.get(f"/ab-tests/{test['id']}/preview.html").content.decode()
    assert client.delete(f"/ab-tests/{test['id']}").status_code == 204
    assert email.versions.count() == 1


def test_the_links_of_version_b_have_numbers_of_their_own() -> None:
    client, email = sign_in(Role.MARKETER), make_live_email()
    body = BODY.replace("/spring?a=1&amp;b=2", "/sale").replace('/sale">The', '/autumn">The')
    test = read(client.post(f"/emails/{email.pk}/ab-tests", {**NEW, "kind": "body", "source": body}))
    found = read(client.get(f"/ab-tests/{test['id']}/links"))
    assert [(link["number"], link["url"].rpartition("/")[2]) for link in found[:2]] == [(1, "sale"), (2, "autumn")]
    assert client.get("/ab-tests/999999/links").status_code == 404
    assert sign_in(Role.VIEWER, unit=make_unit("Other")).get(f"/ab-tests/{test['id']}/links").status_code == 404


def test_a_second_new_test_is_a_conflict() -> None:
    client, email = sign_in(Role.MARKETER), make_email()
    assert client.post(f"/emails/{email.pk}/ab-tests", NEW).status_code == 201
    assert client.post(f"/emails/{email.pk}/ab-tests", NEW).status_code == 409


def test_what_is_wrong_with_version_b_is_said() -> None:
    client, email = sign_in(Role.MARKETER), make_live_email()
    made = read(client.post(f"/emails/{email.pk}/ab-tests", {**NEW, "subject": "{% if %}"}))
    assert made["problems"]
    assert made["problems"][0]["message"].startswith("Version B: ")
    assert not AbTest.objects.get().variants.exists()


@pytest.mark.parametrize(
    "values",
    [
        {"percent": 0},
        {"percent": 101},
        {"metric": "leads"},
        {"duration_minutes": 0},
        {"duration_minutes": 60 * 24 * 31},
        {"kind": "footer"},
        {"name": ""},
        {"winner": "b"},
        {"status": "finished"},
    ],
)
def test_values_that_make_no_sense_are_refused(values: dict[str, object]) -> None:
    client, email = sign_in(Role.MARKETER), make_email()
    assert client.post(f"/emails/{email.pk}/ab-tests", {**NEW, **values}).status_code == 422


def test_viewers_read_and_change_nothing_and_strangers_see_nothing() -> None:
    email = make_email(business_unit_id=make_unit().pk)
    administrator = sign_in(Role.ADMINISTRATOR)
    test = read(administrator.post(f"/emails/{email.pk}/ab-tests", NEW))["id"]
    paths = [
        ("GET", f"/emails/{email.pk}/ab-tests"),
        ("POST", f"/emails/{email.pk}/ab-tests"),
        ("GET", f"/ab-tests/{test}"),
        ("PATCH", f"/ab-tests/{test}"),
        ("DELETE", f"/ab-tests/{test}"),
        ("POST", f"/ab-tests/{test}/replace"),
        ("GET", f"/ab-tests/{test}/preview.html"),
        ("GET", f"/insights/ab-tests/{test}"),
    ]
    stranger, viewer = sign_in(Role.MARKETER, unit=make_unit()), sign_in(Role.VIEWER)
    for method, path in paths:
        body = NEW if method in {"POST", "PATCH"} else {}
        assert ApiClient().send(method, path, body).status_code == 401, path
        assert stranger.send(method, path, body).status_code == 404, path
        if method != "GET":
            assert viewer.send(method, path, body).status_code in {403, 404}, path
    assert administrator.get("/ab-tests/999999").status_code == 404
