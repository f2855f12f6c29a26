"""API keys."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from senet.accounts.actions import make_api_key, revoke_api_key
from senet.accounts.models import ApiKey
from senet.accounts.values import Role
from senet.shared.clock import utc_now
from tests.support.accounts import ApiClient, make_user, sign_in

if TYPE_CHECKING:
    from tests.support.accounts import Response

pytestmark = pytest.mark.django_db


def call(key: str, method: str = "GET", path: str = "/auth/me", body: str = "") -> Response:
    client = Client(enforce_csrf_checks=True)
    return client.generic(
        method, f"/api/v1{path}", body, content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )


def test_a_key_acts_for_its_user_without_a_csrf_token() -> None:
    user = make_user()
    key = make_api_key(user.pk, name="Sync").text
    assert call(key).json()["id"] == user.pk
    assert call(key, "POST", "/business-units", '{"name": "North"}').status_code == 201


def test_a_key_is_shown_once_and_only_its_digest_is_kept() -> None:
    client = sign_in()
    made = client.post("/api-keys", {"name": "Sync"})
    assert made.status_code == 201
    text = made.json()["key"]
    assert call(text).status_code == 200
    listed = client.get("/api-keys").json()["items"]
    assert [row["name"] for row in listed] == ["Sync"]
    assert "key" not in listed[0]
    row = ApiKey.objects.get()
    assert text.encode() not in bytes(row.digest)
    assert len(text) - len(row.prefix) > 30
    assert row.last_used_at is not None


@pytest.mark.parametrize("key", ["", "senet_", "senet_" + "A" * 43, "x" * 10_000, "senet_" + "é" * 43, "Ünicode"])
def test_a_key_that_was_never_made_opens_nothing(key: str) -> None:
    assert call(key).status_code == 401


def test_a_revoked_an_expired_and_a_deactivated_users_key_open_nothing() -> None:
    now = utc_now()
    user = make_user(Role.MARKETER)
    revoked, expired, alive = (make_api_key(user.pk, name=name) for name in ("revoked", "expired", "alive"))
    revoke_api_key(revoked.id, now=now)
    ApiKey.objects.filter(pk=expired.id).update(expires_at=now - timedelta(seconds=1))
    assert [call(key.text).status_code for key in (revoked, expired, alive)] == [401, 401, 200]
    administrator = sign_in()
    administrator.patch(f"/users/{user.pk}", {"is_active": False})
    administrator.patch(f"/users/{user.pk}", {"is_active": True})
    assert call(alive.text).status_code == 401


def test_a_key_has_its_users_role_of_today() -> None:
    user = make_user()
    key = make_api_key(user.pk, name="Sync").text
    make_user()
    sign_in().patch(f"/users/{user.pk}", {"role": "viewer"})
    assert call(key, "POST", "/business-units", '{"name": "North"}').status_code == 403


def test_nobody_sees_or_revokes_the_keys_of_another_but_administrators() -> None:
    owner, other = make_user(Role.MARKETER), sign_in(Role.MARKETER)
    key = make_api_key(owner.pk, name="Mine")
    assert other.get("/api-keys").json()["total"] == 0
    assert other.delete(f"/api-keys/{key.id}").status_code == 404
    assert sign_in().delete(f"/api-keys/{key.id}").status_code == 204
    assert call(key.text).status_code == 401


def test_a_key_that_has_expired_already_is_not_made() -> None:
    past = (utc_now() - timedelta(days=1)).isoformat()
    response = sign_in().post("/api-keys", {"name": "Late", "expires_at": past})
    assert response.status_code == 422
    assert "expires_at" in response.json()["error"]["fields"]


def test_strangers_and_viewers_make_no_keys() -> None:
    assert ApiClient().post("/api-keys", {"name": "x"}).status_code == 401
    assert sign_in(Role.VIEWER).post("/api-keys", {"name": "x"}).status_code == 403
