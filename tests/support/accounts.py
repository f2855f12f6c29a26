"""Builders: business units, users, principals and clients that are signed in."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING, Any

from django.test import Client

from senet.accounts.models import BusinessUnit, User
from senet.accounts.queries import principal_of
from senet.accounts.values import Principal, Role

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse

    Response = _MonkeyPatchedWSGIResponse  # has .json(), as the client's answers do

_numbers = itertools.count(1)


def make_unit(name: str = "", *, parent: BusinessUnit | None = None) -> BusinessUnit:
    """A business unit."""
    return BusinessUnit.objects.create(name=name or f"Unit {next(_numbers)}", parent=parent)


def main_unit() -> BusinessUnit:
    """The unit that records belong to when a test does not care."""
    return BusinessUnit.objects.get_or_create(name="Main")[0]


def make_user(
    role: Role = Role.ADMINISTRATOR, *, unit: BusinessUnit | None = None, email: str = "", password: str | None = None
) -> User:
    """A user; without a password nobody can sign in as them, but `sign_in` can."""
    number = next(_numbers)
    user = User(
        email=email or f"user{number}@example.com",
        name=f"User {number}",
        role=role.value,
        business_unit=unit or main_unit(),
    )
    if password is None:
        user.set_unusable_password()
    else:
        user.set_password(password)
    user.save()
    return user


def make_principal(role: Role = Role.ADMINISTRATOR, *, unit: BusinessUnit | None = None) -> Principal:
    """Somebody to act as."""
    return principal_of(make_user(role, unit=unit))


class ApiClient:
    """Speaks JSON to /api/v1 as one user, by session; the test client waives CSRF unless asked not to."""

    def __init__(self, user: User | None = None, *, enforce_csrf: bool = False) -> None:
        self.user = user
        self.client = Client(enforce_csrf_checks=enforce_csrf, raise_request_exception=False)
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, query: dict[str, Any] | None = None) -> Response:
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, body: Any = None) -> Response:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any = None) -> Response:
        return self.send("PATCH", path, body)

    def put(self, path: str, body: Any = None) -> Response:
        return self.send("PUT", path, body)

    def delete(self, path: str) -> Response:
        return self.send("DELETE", path)

    def upload(self, path: str, form: dict[str, Any]) -> Response:
        return self.client.post(f"/api/v1{path}", form)

    def send(self, method: str, path: str, body: Any = None) -> Response:
        text = "" if body is None else json.dumps(body)
        return self.client.generic(method, f"/api/v1{path}", text, content_type="application/json")


def sign_in(role: Role = Role.ADMINISTRATOR, *, unit: BusinessUnit | None = None) -> ApiClient:
    """A client of a new user in a role."""
    return ApiClient(make_user(role, unit=unit))
