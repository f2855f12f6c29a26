"""Signing in."""

from __future__ import annotations

import pytest

from tests.support.accounts import ApiClient, sign_in


@pytest.mark.django_db
def test_me_shows_who_is_signed_in() -> None:
    client = sign_in()
    body = client.get("/auth/me").json()
    assert client.user is not None
    assert body["email"] == client.user.email
    assert "administer" in body["permissions"]


@pytest.mark.django_db
def test_a_stranger_is_not_let_in() -> None:
    response = ApiClient().get("/auth/me")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_signed_in"
