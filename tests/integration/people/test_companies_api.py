"""Companies and custom columns through the API: success, 401, 403, 404, 409, 422."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from senet.accounts.values import Role
from senet.people.models import Contact
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.people import make_company, make_contact

pytestmark = pytest.mark.django_db


def test_a_company_is_made_read_changed_and_deleted() -> None:
    client = sign_in(Role.MARKETER)
    made = client.post("/companies", {"name": " Acme ", "country": "France", "employees": 12, "external_id": "A-1"})
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["name"], body["country"], body["employees"], body["external_id"]) == ("Acme", "FR", 12, "A-1")
    path = f"/companies/{body['id']}"
    contact = make_contact(company_id=body["id"])
    assert client.patch(path, {"city": "Paris", "employees": None}).json()["city"] == "Paris"
    assert client.get(path).json()["employees"] is None
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert Contact.objects.get(pk=contact.pk).company_id is None


@pytest.mark.parametrize(
    "body",
    [{}, {"name": " "}, {"name": "x" * 301}, {"name": "a\u0000"}, {"name": "A", "country": "Atlantis"},
     {"name": "A", "employees": -1}, {"name": "A", "employees": 10**12}, {"name": "A", "owner_id": 10**30},
     {"name": "A", "custom": {"x": 1}}, {"name": None}],
)  # fmt: skip
def test_a_company_that_cannot_be_is_refused(body: dict[str, object]) -> None:
    assert sign_in().post("/companies", body).status_code == 422


def test_a_companys_external_id_is_taken_once() -> None:
    make_company(external_id="A-1")
    assert sign_in().post("/companies", {"name": "B", "external_id": "A-1"}).status_code == 409


def test_companies_are_searched_filtered_and_sorted(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    acme = make_company("Acme", country="DE", industry="Tools", employees=5)
    beta = make_company("beta", country="US", external_id="B-2")
    client = sign_in()

    def find(**query: object) -> list[int]:
        return [row["id"] for row in client.get("/companies", query).json()["items"]]

    assert find(sort="name") == [acme.pk, beta.pk]
    assert find(sort="-name") == [beta.pk, acme.pk]
    assert find(sort="employees") == find(sort="-employees") == [acme.pk, beta.pk]
    assert find(search="ac") == [acme.pk]
    assert find(search="B-2") == [beta.pk]
    assert find(industry="tools") == [acme.pk]
    with django_assert_num_queries(4):  # session, user, count, page
        find(country="us")
    assert client.get("/companies", {"sort": "custom"}).status_code == 422


def test_strangers_viewers_and_other_units_change_no_company() -> None:
    company = make_company(business_unit=make_unit())
    path = f"/companies/{company.pk}"
    marketer = sign_in(Role.MARKETER, unit=make_unit())
    for client, status in ((ApiClient(), 401), (sign_in(Role.VIEWER), 403), (marketer, 404)):
        assert client.patch(path, {"name": "x"}).status_code == status
        assert client.delete(path).status_code == status
    assert marketer.get(path).status_code == 404
    assert marketer.get("/companies").json()["total"] == 0
    assert ApiClient().get("/companies/export.csv").status_code == 401
    assert sign_in(Role.VIEWER).get("/companies/export.csv").status_code == 403


COLUMN = {"key": "tier", "label": "Tier", "kind": "choice", "options": ["Gold", " Silver "]}


def test_a_custom_column_is_defined_used_and_forgotten() -> None:
    client = sign_in()
    made = client.post("/custom-columns", COLUMN)
    assert made.status_code == 201, made.content
    assert made.json()["options"] == ["Gold", "Silver"]
    path = f"/custom-columns/{made.json()['id']}"
    contact = client.post("/contacts", {"custom": {"tier": "gold"}}).json()
    assert contact["custom"] == {"tier": "Gold"}
    assert client.patch(path, {"label": "Level", "options": ["Gold", "Silver", "Tin"]}).json()["label"] == "Level"
    assert client.patch(path, {"options": ["Tin"]}).status_code == 422
    own = f"/contacts/{contact['id']}"
    assert client.patch(own, {"custom": {"tier": "Tin"}}).json()["custom"] == {"tier": "Tin"}
    assert client.patch(own, {"custom": {"tier": None}}).json()["custom"] == {}
    assert client.patch(own, {"custom": {"tier": "Bronze"}}).status_code == 422
    assert client.get("/custom-columns", {"entity": "company"}).json()["total"] == 0
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    assert client.patch(own, {"custom": {"tier": "Gold"}}).status_code == 422


@pytest.mark.parametrize(
    "change",
    [{"key": "Tier"}, {"key": "1st"}, {"key": ""}, {"key": "email"}, {"key": "a b"}, {"key": "a.b"}, {"key": "x" * 64},
     {"key": "x'; --"}, {"kind": "json"}, {"options": []}, {"options": ["a;b"]}, {"options": ["a", "A"]},
     {"kind": "number"}, {"entity": "email"}],
)  # fmt: skip
def test_a_custom_column_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    assert sign_in().post("/custom-columns", COLUMN | change).status_code == 422


def test_custom_columns_are_for_administrators_and_exist_once() -> None:
    assert sign_in(Role.MARKETING_MANAGER).post("/custom-columns", COLUMN).status_code == 403
    assert ApiClient().post("/custom-columns", COLUMN).status_code == 401
    client = sign_in()
    assert client.post("/custom-columns", COLUMN).status_code == 201
    assert client.post("/custom-columns", COLUMN).status_code == 409
    assert client.post("/custom-columns", COLUMN | {"entity": "company"}).status_code == 201
    assert client.patch("/custom-columns/0", {"label": "x"}).status_code == 404
    assert sign_in(Role.VIEWER).get("/custom-columns").json()["total"] == 2
