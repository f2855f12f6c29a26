"""Content settings by API: one default, text columns, values that are read when a message is sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.content.models import ContentSettings
from senet.content.queries import content_settings_are_live, content_settings_for_render, find_default_content_settings
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.content import make_content_settings

pytestmark = pytest.mark.django_db
BODY = {"name": "Main", "address_main": "1 Main Street", "custom": {"slogan": "Hello"}}


def read(response: Any) -> Any:
    return json.loads(response.content) if response.content else None


def test_the_first_settings_become_the_default_and_there_is_always_one() -> None:
    client = sign_in()
    first = read(client.post("/content-settings", BODY))
    second = read(client.post("/content-settings", {**BODY, "is_default": False}))
    assert (first["is_default"], second["is_default"]) == (True, False)

    assert client.patch(f"/content-settings/{first['id']}", {"is_default": False}).status_code == 409
    assert client.delete(f"/content-settings/{first['id']}").status_code == 409
    assert read(client.patch(f"/content-settings/{second['id']}", {"is_default": True}))["is_default"]
    assert find_default_content_settings() == second["id"]
    assert ContentSettings.objects.filter(is_default=True).count() == 1
    assert client.delete(f"/content-settings/{first['id']}").status_code == 204


def test_settings_go_live_and_stop() -> None:
    client = sign_in()
    row = read(client.post("/content-settings", BODY))
    path = f"/content-settings/{row['id']}"

    assert client.post(f"{path}/stop").status_code == 409
    assert not content_settings_are_live(row["id"])
    assert read(client.post(f"{path}/go-live"))["status"] == "live"
    assert content_settings_are_live(row["id"])
    assert client.post(f"{path}/go-live").status_code == 409
    assert client.delete(path).status_code == 409
    assert read(client.post(f"{path}/stop"))["status"] == "stopped"
    assert not content_settings_are_live(row["id"])


def test_settings_without_an_address_do_not_go_live() -> None:
    client = sign_in()
    row = read(client.post("/content-settings", {"name": "x"}))
    assert client.post(f"/content-settings/{row['id']}/go-live").status_code == 422
    live = make_content_settings()
    assert client.patch(f"/content-settings/{live.pk}", {"address_main": " "}).status_code == 422


def test_a_change_is_what_the_next_message_says() -> None:
    row = make_content_settings(custom={"slogan": "Old"})
    assert content_settings_for_render(row.pk)["slogan"] == "Old"
    sign_in().patch(f"/content-settings/{row.pk}", {"custom": {"slogan": "New"}, "address_main": "2 Side Street"})
    values = content_settings_for_render(row.pk)
    assert (values["slogan"], values["address_main"]) == ("New", "2 Side Street")


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x", "custom": {"n": 1}},
        {"name": "x", "custom": {"Bad Name": "x"}},
        {"name": "x", "custom": {"address_main": "x"}},
        {"name": "x", "subscription_center": "javascript:alert(1)"},
        {"name": "x", "subscription_center": "//x.example"},
        {"name": "x", "nope": 1},
        {"name": "x", "custom": {f"c{n}": "x" for n in range(101)}},
    ],
)
def test_bad_settings_are_refused(body: dict[str, Any]) -> None:
    assert sign_in().post("/content-settings", body).status_code == 422


def test_permissions_and_units_are_checked() -> None:
    row = make_content_settings()
    path = f"/content-settings/{row.pk}"
    assert ApiClient().get("/content-settings").status_code == 401
    assert ApiClient().get(path).status_code == 401
    viewer = sign_in(Role.VIEWER)
    assert viewer.get(path).status_code == 200
    assert viewer.patch(path, {"name": "x"}).status_code == 403
    assert viewer.post(f"{path}/stop").status_code == 403
    assert viewer.post("/content-settings", BODY).status_code == 403
    stranger = sign_in(Role.MARKETER, unit=make_unit())
    assert stranger.get(path).status_code == 404
    assert stranger.post(f"{path}/stop").status_code == 404
    assert read(stranger.get("/content-settings"))["items"] == []
    assert sign_in().get("/content-settings/999999").status_code == 404
    assert sign_in().get("/content-settings", {"sort": "nope"}).status_code == 422
