"""Signing in and out, sessions and the CSRF token."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from pytest_django import Settings

from senet.accounts.models import SignInAttempts
from senet.accounts.throttle import ATTEMPTS_AN_ACCOUNT, WINDOW, count_attempt
from senet.shared.clock import utc_now
from tests.support.accounts import ApiClient, make_user, sign_in

if TYPE_CHECKING:
    from tests.support.accounts import Response

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cheap_hashes(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Browser:
    """A client that sends cookies and the CSRF token, as a page does."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.csrf = self.client.get("/api/v1/auth/csrf").json()["csrf"]

    def post(self, path: str, body: dict[str, object], *, csrf: bool = True) -> Response:
        headers = {"X-CSRFToken": self.csrf} if csrf else {}
        return self.client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    def sign_in(self, email: str, password: str = PASSWORD) -> Response:
        response = self.post("/auth/login", {"email": email, "password": password})
        self.csrf = self.client.cookies["csrftoken"].value
        return response

    def me(self) -> Response:
        return self.client.get("/api/v1/auth/me")


def test_me_shows_who_is_signed_in() -> None:
    client = sign_in()
    body = client.get("/auth/me").json()
    assert client.user is not None
    assert body["email"] == client.user.email
    assert "administer" in body["permissions"]


def test_a_stranger_is_not_let_in() -> None:
    response = ApiClient().get("/auth/me")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_signed_in"


def test_a_browser_signs_in_and_out() -> None:
    user = make_user(password=PASSWORD)
    browser = Browser()
    response = browser.sign_in(user.email.upper())
    assert response.status_code == 200, response.content
    assert response.json()["id"] == user.pk
    cookie = browser.client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert browser.me().status_code == 200
    assert browser.post("/auth/logout", {}).status_code == 204
    assert browser.me().status_code == 401


@pytest.mark.parametrize("email", ["nobody@example.com", "", "a\0b@example.com", "x" * 254])
def test_an_unknown_account_gets_the_answer_of_a_wrong_password(email: str) -> None:
    user = make_user(password=PASSWORD)
    unknown = Browser().sign_in(email, "wrong wrong wrong")
    wrong = Browser().sign_in(user.email, "wrong wrong wrong")
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.content == wrong.content


def test_an_unknown_account_costs_a_hash_too(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []
    monkeypatch.setattr("senet.accounts.actions.make_password", hashed.append)
    assert Browser().sign_in("nobody@example.com", "wrong").status_code == 401
    assert hashed == ["wrong"]


def test_signing_in_needs_the_csrf_token() -> None:
    user = make_user(password=PASSWORD)
    response = Browser().post("/auth/login", {"email": user.email, "password": PASSWORD}, csrf=False)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "csrf_failed"


def test_a_session_may_change_nothing_without_the_csrf_token() -> None:
    client = ApiClient(make_user(), enforce_csrf=True)
    response = client.post("/business-units", {"name": "Forged"})
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "csrf_failed"
    assert client.get("/auth/me").status_code == 200


def test_too_many_vain_attempts_are_refused_even_with_the_right_password() -> None:
    user = make_user(password=PASSWORD)
    for _ in range(ATTEMPTS_AN_ACCOUNT):
        assert Browser().sign_in(user.email, "wrong").status_code == 401
    response = Browser().sign_in(user.email)
    assert response.status_code == 429
    assert "minutes" in response.json()["error"]["message"]
    assert int(response["Retry-After"]) > 0


def test_an_unknown_account_is_throttled_alike() -> None:
    answers = [Browser().sign_in("nobody@example.com", "wrong").status_code for _ in range(ATTEMPTS_AN_ACCOUNT + 1)]
    assert answers == [401] * ATTEMPTS_AN_ACCOUNT + [429]


def test_the_throttle_opens_when_its_window_ends() -> None:
    user = make_user(password=PASSWORD)
    for _ in range(ATTEMPTS_AN_ACCOUNT + 5):
        Browser().sign_in(user.email, "wrong")
    SignInAttempts.objects.update(since=utc_now() - WINDOW - timedelta(seconds=1))
    assert Browser().sign_in(user.email).status_code == 200


def test_a_successful_sign_in_starts_the_count_anew() -> None:
    user = make_user(password=PASSWORD)
    for _ in range(3):
        for _ in range(ATTEMPTS_AN_ACCOUNT - 1):
            Browser().sign_in(user.email, "wrong")
        assert Browser().sign_in(user.email).status_code == 200


def test_an_address_that_guesses_many_accounts_is_refused() -> None:
    now = utc_now()
    codes: list[int | str] = []
    for number in range(101):
        try:
            count_attempt(email=f"u{number}@example.com", address="192.0.2.1", now=now)
            codes.append(0)
        except Exception as error:  # noqa: BLE001  its kind is what is asserted
            codes.append(type(error).__name__)
    assert codes == [0] * 100 + ["TooManyAttempts"]


@pytest.mark.parametrize("change", [{"role": "viewer"}, {"is_active": False}, {"password": "another long one"}])
def test_a_change_of_rights_ends_the_sessions(change: dict[str, object]) -> None:
    user = make_user(password=PASSWORD)
    browser = Browser()
    browser.sign_in(user.email)
    assert browser.me().status_code == 200
    assert sign_in().patch(f"/users/{user.pk}", change).status_code == 200
    assert browser.me().status_code == 401


def test_a_deactivated_user_who_comes_back_has_no_old_session() -> None:
    user = make_user(password=PASSWORD)
    browser = Browser()
    browser.sign_in(user.email)
    administrator = sign_in()
    administrator.patch(f"/users/{user.pk}", {"is_active": False})
    administrator.patch(f"/users/{user.pk}", {"is_active": True})
    assert browser.me().status_code == 401
    assert browser.sign_in(user.email).status_code == 200


def test_a_deactivated_user_cannot_sign_in() -> None:
    user = make_user(password=PASSWORD)
    sign_in().patch(f"/users/{user.pk}", {"is_active": False})
    assert Browser().sign_in(user.email).status_code == 401


def test_changing_ones_password_ends_the_other_sessions_only() -> None:
    user = make_user(password=PASSWORD)
    here, there = Browser(), Browser()
    here.sign_in(user.email)
    there.sign_in(user.email)
    assert here.post("/auth/password", {"old": "wrong", "new": "another long one"}).status_code == 401
    assert here.post("/auth/password", {"old": PASSWORD, "new": "short"}).status_code == 422
    assert here.post("/auth/password", {"old": PASSWORD, "new": "another long one"}).status_code == 204
    assert here.me().status_code == 200
    assert there.me().status_code == 401
    assert Browser().sign_in(user.email, "another long one").status_code == 200


def test_a_stolen_session_cannot_guess_the_old_password() -> None:
    user = make_user(password=PASSWORD)
    browser = Browser()
    browser.sign_in(user.email)
    body: dict[str, object] = {"old": PASSWORD, "new": "short"}
    for _ in range(ATTEMPTS_AN_ACCOUNT + 2):
        assert browser.post("/auth/password", body).status_code == 422, "a weak password is no guess"
    statuses = [
        browser.post("/auth/password", {"old": f"guess {n}", "new": "another long one"}).status_code
        for n in range(ATTEMPTS_AN_ACCOUNT + 1)
    ]
    assert (statuses[0], statuses[-1]) == (401, 429)
    assert browser.post("/auth/password", {"old": PASSWORD, "new": "another long one"}).status_code == 429
    assert browser.me().status_code == 200
