"""One shape for every error."""

from __future__ import annotations

import pytest
from django.test import Client

from senet.api.api import api
from senet.api.openapi import export
from tests.support.accounts import ApiClient, sign_in

pytestmark = pytest.mark.django_db


def check_envelope(response: object, status: int) -> dict[str, object]:
    assert response.status_code == status, response.content  # type: ignore[attr-defined]  # Django's test response
    error = response.json()["error"]  # type: ignore[attr-defined]  # Django's test response
    assert set(error) == {"code", "message", "problems", "fields"}
    assert error["message"].endswith(".")
    return error  # type: ignore[no-any-return]  # JSON


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/", 404),
        ("GET", "/contacts/0", 404),
        ("PUT", "/contacts", 405),
        ("DELETE", "/contacts", 405),
        ("TRACE", "/contacts", 405),
        ("POST", "/contacts", 400),
        ("GET", "/contacts?limit=x", 422),
        ("GET", "/contacts/%00", 422),
        ("GET", "/contacts/%ff", 422),
        ("GET", "/contacts?search=%ff%fe", 200),
    ],
)
def test_every_error_has_the_envelope(method: str, path: str, status: int) -> None:
    client = sign_in()
    response = client.client.generic(method, f"/api/v1{path}", "{not json", content_type="application/json")
    if status == 200:
        assert response.status_code == 200
    else:
        check_envelope(response, status)


def test_a_wrong_body_names_its_fields() -> None:
    error = check_envelope(sign_in().post("/contacts", {"consent_level": "many", "active": []}), 422)
    assert set(error["fields"]) == {"consent_level", "active"}  # type: ignore[call-overload]  # JSON


@pytest.mark.parametrize("body", [[], "text", 5, None, {"custom": "x"}, {"first_name": {"a": 1}}])
def test_a_body_of_the_wrong_shape_is_refused(body: object) -> None:
    assert sign_in().post("/contacts", body).status_code in {400, 422}


@pytest.mark.parametrize(
    "text", ['{"first_name": "\\ud800"}', "[" * 100_000, '{"first_name": 1e999}', "{" + '"a":{' * 5000]
)
def test_hostile_json_is_refused(text: str) -> None:
    response = sign_in().client.generic("POST", "/api/v1/contacts", text, content_type="application/json")
    assert response.status_code in {400, 422}
    check_envelope(response, response.status_code)


def test_a_bug_is_a_500_that_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr("senet.accounts.api.show_me", break_down)
    error = check_envelope(sign_in().get("/auth/me"), 500)
    assert "secret" not in str(error)


def test_an_error_takes_back_all_that_its_request_wrote(monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("senet.people.actions.record", break_down)
    from senet.people.models import Contact
    from tests.support.people import make_contact

    contact = make_contact()
    assert sign_in().delete(f"/contacts/{contact.pk}").status_code == 500
    assert Contact.objects.filter(pk=contact.pk).exists()


def test_a_session_cookie_that_is_none_is_a_stranger() -> None:
    client = Client()
    for value in ("x", "0" * 32, "\x7f", "'; --"):
        client.cookies["sessionid"] = value
        assert client.get("/api/v1/auth/me").status_code == 401


def test_the_description_is_the_same_every_time_and_names_each_operation_once() -> None:
    first = export()
    assert first == export()
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    names = [op["operationId"] for path in schema["paths"].values() for op in path.values()]
    assert len(names) == len(set(names))
    assert ApiClient().get("/openapi.json").status_code == 200
