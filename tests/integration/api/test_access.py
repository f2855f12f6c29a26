"""Every endpoint of every room, against strangers, viewers and forged requests."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from senet.accounts.actions import make_api_key
from senet.accounts.values import Role
from senet.api.api import api
from senet.api.guard import ASKS
from tests.support.accounts import ApiClient, make_user

pytestmark = pytest.mark.django_db
PUBLIC = {"auth_csrf", "auth_login", "auth_logout"}
Operation = tuple[str, str, str]  # name, method, path with numbers filled in


def list_operations() -> list[Operation]:
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return [
        (operation["operationId"], method.upper(), re.sub(r"\{\w+\}", "1", path))
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    ]


OPERATIONS = list_operations()
PRIVATE = [one for one in OPERATIONS if one[0] not in PUBLIC]
WRITES = [one for one in PRIVATE if one[1] != "GET" and ASKS.fullmatch(one[2]) is None]


def test_there_are_operations_to_test() -> None:
    assert len(PRIVATE) > 50
    assert len(WRITES) > 25
    assert {name for name, _, _ in OPERATIONS} >= PUBLIC


@pytest.mark.parametrize("operation", PRIVATE, ids=lambda one: one[0])
def test_a_stranger_is_refused(operation: Operation) -> None:
    _, method, path = operation
    for headers in ({}, {"Authorization": "Bearer senet_" + "A" * 43}, {"Cookie": "sessionid=" + "a" * 32}):
        response = Client().generic(method, path, "{}", content_type="application/json", headers=headers)
        assert response.status_code == 401, response.content
        assert response.json()["error"]["code"] == "not_signed_in"


@pytest.mark.parametrize("operation", WRITES, ids=lambda one: one[0])
def test_a_viewer_changes_nothing(operation: Operation) -> None:
    _, method, path = operation
    viewer = make_user(Role.VIEWER)
    response = ApiClient(viewer).client.generic(method, path, "{}", content_type="application/json")
    assert response.status_code == 403, response.content
    assert response.json()["error"]["code"] == "not_allowed"
    key = make_api_key(viewer.pk, name="Sync").text
    response = Client().generic(
        method, path, "{}", content_type="application/json", headers={"Authorization": f"Bearer {key}"}
    )
    assert response.status_code == 403, response.content


@pytest.mark.parametrize("operation", [one for one in PRIVATE if one[1] != "GET"], ids=lambda one: one[0])
def test_a_forged_request_is_refused(operation: Operation) -> None:
    _, method, path = operation
    client = ApiClient(make_user(), enforce_csrf=True).client
    response = client.generic(method, path, "{}", content_type="application/json")
    assert response.status_code == 403, response.content
    assert response.json()["error"]["code"] == "csrf_failed"
