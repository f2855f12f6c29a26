"""/suppressions: managers see who is not written to and why; administrators add and release, with a trail."""

from __future__ import annotations

from datetime import timedelta

import pytest

from senet.accounts.values import Role
from senet.messages.models import Suppression
from senet.shared.clock import utc_now
from tests.support.accounts import ApiClient, make_user, sign_in

pytestmark = pytest.mark.django_db


def _make(key: str, cause: str = "hard_bounce", **columns: object) -> Suppression:
    values = {"since": utc_now(), "until": utc_now() + timedelta(days=180), **columns}
    return Suppression.objects.create(key=key, cause=cause, **values)


def test_suppressions_are_searched_and_filtered() -> None:
    _make("ada@example.com")
    _make("bob@example.com", "complaint", until=None)
    _make("old@example.com", until=utc_now() - timedelta(days=1))
    _make("full@example.com", "soft_bounces", category="full-mailbox", released_at=utc_now())
    client = sign_in()

    def keys(**query: object) -> list[str]:
        return [item["key"] for item in client.get("/suppressions", query).json()["items"]]

    assert keys(sort="key") == ["ada@example.com", "bob@example.com", "full@example.com", "old@example.com"]
    assert keys(search="BOB@") == ["bob@example.com"]
    assert keys(cause="complaint") == ["bob@example.com"]
    assert keys(category="full-mailbox") == ["full@example.com"]
    assert sorted(keys(state="over")) == ["full@example.com", "old@example.com"]
    assert sorted(keys(state="active")) == ["ada@example.com", "bob@example.com"]
    assert client.get("/suppressions", {"cause": "whim"}).status_code == 422


def test_an_administrator_adds_and_releases_and_the_trail_names_them() -> None:
    user = make_user(Role.ADMINISTRATOR)
    client = ApiClient(user)
    made = client.post("/suppressions", {"key": "@Rival.example", "note": "A competitor"})
    assert made.status_code == 201
    found = made.json()
    assert (found["key"], found["cause"], found["until"]) == ("@rival.example", "pattern", None)
    assert client.post("/suppressions", {"key": "@rival.example"}).status_code == 409
    released = client.post(f"/suppressions/{found['id']}/release", {"note": "They became a customer"})
    assert released.status_code == 200
    assert released.json()["released_at"] is not None
    trail = client.get(f"/suppressions/{found['id']}").json()["changes"]
    assert [(line["change"], line["user_name"], line["note"]) for line in trail] == [
        ("suppressed", user.name, "A competitor"),
        ("released", user.name, "They became a customer"),
    ]
    assert client.post(f"/suppressions/{found['id']}/release", {"note": "Again"}).status_code == 409
    assert client.post("/suppressions", {"key": "@rival.example"}).status_code == 201, "it can be suppressed again"
    assert [row["times"] for row in client.get("/suppressions").json()["items"]] == [2]


def test_only_administrators_change_and_only_managers_see() -> None:
    found = _make("ada@example.com")
    body = {"note": "Please"}
    assert ApiClient().get("/suppressions").status_code == 401
    for role, seen, changed in (
        (Role.MARKETING_MANAGER, 200, 403),
        (Role.MARKETER, 403, 403),
        (Role.VIEWER, 403, 403),
    ):
        client = sign_in(role)
        assert client.get("/suppressions").status_code == seen
        assert client.get(f"/suppressions/{found.pk}").status_code == seen
        assert client.post(f"/suppressions/{found.pk}/release", body).status_code == changed
        assert client.post("/suppressions", {"key": "x@example.com"}).status_code == changed
    found.refresh_from_db()
    assert found.released_at is None


def test_what_does_not_exist_or_cannot_be_read_is_refused() -> None:
    client = sign_in()
    assert client.get("/suppressions/12345").status_code == 404
    assert client.post("/suppressions/12345/release", {"note": "x"}).status_code == 404
    assert client.post("/suppressions", {"key": "no address"}).status_code == 422
    found = _make("ada@example.com")
    assert client.post(f"/suppressions/{found.pk}/release", {"note": ""}).status_code == 422
