"""Contacts through the API: success, 401, 403, 404, 422, sorts, filters, pages."""

from __future__ import annotations

import pytest
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from senet.accounts.values import Role
from senet.people.models import Contact
from tests.support.accounts import ApiClient, make_unit, make_user, sign_in
from tests.support.people import make_company, make_contact, make_contacts

pytestmark = pytest.mark.django_db
WHOLE = {
    "external_id": " C-1 ",
    "first_name": "  Ada ",
    "last_name": "Lovelace",
    "email": " Ada@Example.com ",
    "mobile_phone": "+44 20 7946 0958",
    "city": "London",
    "country": "united kingdom",
    "language": "en_gb",
    "time_zone": "europe/london",
    "consent_level": 5,
    "do_not_bulk_email": True,
}


def test_a_contact_is_made_read_changed_and_deleted() -> None:
    client = sign_in(Role.MARKETER)
    company = make_company("Analytical")
    made = client.post("/contacts", WHOLE | {"company_id": company.pk})
    assert made.status_code == 201, made.content
    body = made.json()
    assert (
        body
        | {
            "external_id": "C-1",
            "name": "Ada Lovelace",
            "email": "Ada@Example.com",
            "mobile_phone": "+442079460958",
            "country": "GB",
            "language": "en-GB",
            "time_zone": "Europe/London",
            "company_name": "Analytical",
            "consent_level": 5,
            "do_not_bulk_email": True,
            "active": True,
        }
        == body
    )
    path = f"/contacts/{body['id']}"
    assert client.get(path).json() == body
    changed = client.patch(path, {"city": "Paris", "company_id": None}).json()
    assert (changed["city"], changed["company_name"], changed["first_name"]) == ("Paris", "", "Ada")
    assert changed["updated_at"] > body["updated_at"]
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_a_deleted_contact_leaves_lists_and_the_log_says_so() -> None:
    contact = make_contact()
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO segment_member VALUES (7, %s, now())", [contact.pk])
        cursor.execute("INSERT INTO list_member VALUES (8, %s, now(), 'user')", [contact.pk])
    assert sign_in().delete(f"/contacts/{contact.pk}").status_code == 204
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, audience_id, change FROM membership_change ORDER BY kind")
        assert cursor.fetchall() == [("list", 8, -1), ("segment", 7, -1)]
        cursor.execute("SELECT type FROM interaction WHERE contact_id = %s", [contact.pk])
        assert cursor.fetchall() == [("ContactDeleted",)]
        cursor.execute("SELECT count(*) FROM segment_member")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a@example.com\nBcc: b@example.com"),
        ("email", "a" * 250 + "@example.com"),
        ("mobile_phone", "call me"),
        ("country", "Atlantis"),
        ("language", "klingonish"),
        ("time_zone", "Mars/Olympus"),
        ("first_name", "a\u0000b"),
        ("first_name", "x" * 201),
        ("consent_level", 6),
        ("consent_level", None),
        ("active", None),
        ("company_id", 10**30),
        ("company_id", 999_999),
        ("owner_id", 999_999),
        ("business_unit_id", 999_999),
        ("business_unit_id", None),
        ("custom", {"nowhere": 1}),
        ("custom", []),
    ],
)
def test_a_value_that_cannot_be_kept_is_named(field: str, value: object) -> None:
    contact = make_contact("before@example.com")
    client = sign_in()
    for response in (client.post("/contacts", {field: value}), client.patch(f"/contacts/{contact.pk}", {field: value})):
        if response.status_code == 201 and value is None:
            continue
        assert response.status_code == 422, response.content
        error = response.json()["error"]
        assert any(field in problem["where"] for problem in error["problems"]), error
    contact.refresh_from_db()
    assert contact.email == "before@example.com"


def test_every_problem_is_reported_at_once() -> None:
    response = sign_in().post("/contacts", {"email": "x", "country": "x", "time_zone": "x"})
    assert {problem["where"] for problem in response.json()["error"]["problems"]} == {"email", "country", "time_zone"}


def test_an_external_id_is_taken_once() -> None:
    make_contact(external_id="C-1")
    client = sign_in()
    assert client.post("/contacts", {"external_id": "C-1"}).status_code == 409
    assert client.post("/contacts", {"external_id": ""}).status_code == 201
    assert client.post("/contacts", {"external_id": " "}).status_code == 201


def test_strangers_and_viewers_write_nothing() -> None:
    path = f"/contacts/{make_contact().pk}"
    for client, status in ((ApiClient(), 401), (sign_in(Role.VIEWER), 403)):
        assert client.post("/contacts", {}).status_code == status
        assert client.patch(path, {"city": "x"}).status_code == status
        assert client.delete(path).status_code == status
        assert client.get("/contacts/export.csv").status_code == status
    assert ApiClient().get("/contacts").status_code == 401
    assert ApiClient().get(path).status_code == 401
    assert sign_in(Role.VIEWER).get(path).status_code == 200


@pytest.mark.parametrize("number", ["0", "-1", "9" * 40])
def test_a_contact_that_is_not_there_is_not_found(number: str) -> None:
    client = sign_in()
    assert client.get(f"/contacts/{number}").status_code == 404
    assert client.patch(f"/contacts/{number}", {"city": "x"}).status_code == 404
    assert client.delete(f"/contacts/{number}").status_code == 404
    assert client.get("/contacts/abc").status_code == 422


def test_contacts_of_another_unit_do_not_exist_for_a_marketer() -> None:
    north, south = make_unit(), make_unit()
    hidden, seen = make_contact(business_unit=south), make_contact(business_unit=north)
    company = make_company(business_unit=south)
    owner = make_user(unit=south)
    client = sign_in(Role.MARKETER, unit=north)
    path = f"/contacts/{hidden.pk}"
    assert client.get(path).status_code == 404
    assert client.patch(path, {"city": "x"}).status_code == 404
    assert client.delete(path).status_code == 404
    assert [row["id"] for row in client.get("/contacts").json()["items"]] == [seen.pk]
    assert hidden.email not in _download(client, "/contacts/export.csv")
    for body in ({"company_id": company.pk}, {"owner_id": owner.pk}, {"business_unit_id": south.pk}):
        assert client.patch(f"/contacts/{seen.pk}", body).status_code == 422
        assert client.post("/contacts", body).status_code == 422


def _download(client: ApiClient, path: str) -> str:
    response = client.client.get(f"/api/v1{path}")
    assert response.status_code == 200
    return response.getvalue().decode("utf-8-sig")


@pytest.mark.parametrize(
    "sort", ["name", "-name", "email", "-email", "city", "-created_at", "country", "-country", "id", ""]
)
def test_pages_hold_every_contact_once_in_order(sort: str) -> None:
    make_contacts(23)
    make_contact("", last_name="Ünal", city="Çorum")
    client = sign_in()
    seen: list[int] = []
    cursor = ""
    while True:
        page = client.get("/contacts", {"sort": sort, "limit": 5, "cursor": cursor}).json()
        assert page["total"] == 24
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    whole = [row["id"] for row in client.get("/contacts", {"sort": sort, "limit": 200}).json()["items"]]
    assert seen == whole
    assert len(set(seen)) == 24


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "password"},
        {"sort": "owner__password"},
        {"sort": "id; DROP TABLE contact"},
        {"sort": "name,email"},
        {"sort": "--name"},
        {"sort": "pk"},
        {"cursor": "nonsense"},
        {"cursor": "WyItaWQiLFtdLCJ4Il0"},
        {"cursor": "é"},
        {"limit": 0},
        {"limit": 201},
        {"limit": "all"},
        {"active": "perhaps"},
        {"company_id": "1 OR 1=1"},
        {"country": "D\0E"},
        {"search": "x" * 201},
        {"created_from": "yesterday"},
    ],
)
def test_a_query_outside_the_allowed_is_refused(query: dict[str, object]) -> None:
    make_contacts(3)
    response = sign_in().get("/contacts", query)
    assert response.status_code == 422, response.content
    assert response.json()["error"]["code"] == "invalid_input"


def test_a_cursor_of_another_order_is_refused() -> None:
    make_contacts(3)
    client = sign_in()
    cursor = client.get("/contacts", {"sort": "name", "limit": 1}).json()["next_cursor"]
    assert client.get("/contacts", {"sort": "email", "limit": 1, "cursor": cursor}).status_code == 422


@pytest.mark.parametrize("text", ["' OR 1=1 --", "%", "_", "\\", "%%%", "'; DROP TABLE contact; --", "\0"])
def test_a_hostile_search_finds_nobody_or_everybody_but_breaks_nothing(text: str) -> None:
    make_contacts(3)
    found = sign_in().get("/contacts", {"search": text}).json()
    assert found["total"] == (3 if text == "\0" else 0)


def test_search_and_filters_narrow_the_list() -> None:
    ada = make_contact("ada@example.com", first_name="Ada", last_name="Lovelace", country="GB", external_id="C-9")
    bob = make_contact("bob@example.com", first_name="Bob", last_name="Adams", country="US", active=False)
    client = sign_in()

    def find(**query: object) -> list[int]:
        return sorted(row["id"] for row in client.get("/contacts", query).json()["items"])

    assert find(search="ada") == [ada.pk, bob.pk]
    assert find(search="ADA love") == [ada.pk]
    assert find(search="bob@") == [bob.pk]
    assert find(search="C-9") == [ada.pk]
    assert find(country="us") == [bob.pk]
    assert find(active=True) == [ada.pk]
    assert find(email="ADA@example.com") == [ada.pk]
    assert find(active=True, country="US") == []
    assert find(created_from="2100-01-01T00:00:00Z") == []


def test_the_list_costs_the_same_for_one_and_for_many(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    company = make_company()
    client = sign_in(Role.MARKETER)
    for count in (1, 20):
        for _ in range(count):
            make_contact(company=company)
        with django_assert_num_queries(4):  # session, user, count, page
            client.get("/contacts", {"sort": "name"})


def test_search_and_sort_use_their_indexes() -> None:
    make_contacts(3)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contact; SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    from senet.people.listings import CONTACTS, search_contacts
    from senet.shared.paging import PageQuery

    plan = Contact.objects.filter(search_contacts("ada")).explain()
    for index in ("contact_by_name", "contact_by_first_name", "contact_email_key", "contact_external_id_once"):
        assert index in plan
    assert "contact_by_name" in CONTACTS.order(Contact.objects.all(), PageQuery(sort="name"))[:50].explain()
