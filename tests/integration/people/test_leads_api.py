"""Leads through the API: success, 401, 403, 404, 422, lists and CSV."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from senet.accounts.values import Role
from senet.people.models import CustomColumn, Lead
from tests.support.accounts import ApiClient, main_unit, make_unit, sign_in
from tests.support.people import make_company, make_contact

pytestmark = pytest.mark.django_db


def make_lead(last_name: str, **columns: object) -> Lead:
    columns.setdefault("business_unit", main_unit())
    return Lead.objects.create(last_name=last_name, **columns)


def test_a_lead_is_made_read_changed_and_deleted() -> None:
    client = sign_in(Role.MARKETER)
    contact, company = make_contact(), make_company()
    body = {
        "topic": " Skis ",
        "first_name": "Ada",
        "last_name": "Byron",
        "email": "Ada@example.com",
        "phone": "+49 171 1234567",
        "contact_id": contact.pk,
        "company_id": company.pk,
    }
    made = client.post("/leads", body)
    assert made.status_code == 201, made.content
    lead = made.json()
    assert (lead["topic"], lead["name"], lead["email"]) == ("Skis", "Ada Byron", "Ada@example.com")
    assert (lead["phone"], lead["status"], lead["for_company"]) == ("+491711234567", "open", False)
    assert (lead["journey_id"], lead["business_unit_id"]) == (None, main_unit().pk)
    assert lead["owner_id"] is not None
    path = f"/leads/{lead['id']}"
    assert client.patch(path, {"status": "qualified", "topic": ""}).json()["status"] == "qualified"
    read = client.get(path).json()
    assert (read["topic"], read["last_name"], read["contact_id"]) == ("", "Byron", contact.pk)
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404


def test_a_lead_outlives_its_contact_and_its_company() -> None:
    contact, company = make_contact(), make_company()
    of_contact = make_lead("A", contact=contact, journey_id=1, iteration=1, tile=2)
    others = [make_lead(name, company=company, journey_id=1, iteration=1, tile=2) for name in "BC"]
    of_company = make_lead("D", company=company, for_company=True, journey_id=1, iteration=1, tile=2)
    client = sign_in()
    assert client.delete(f"/contacts/{contact.pk}").status_code == 204
    assert client.delete(f"/companies/{company.pk}").status_code == 204
    assert Lead.objects.filter(contact=None, company=None).count() == len([of_contact, *others, of_company])


@pytest.mark.parametrize(
    "body",
    [{}, {"last_name": " "}, {"last_name": "x" * 201}, {"last_name": "a\u0000"}, {"last_name": "A", "email": "no"},
     {"last_name": "A", "phone": "12"}, {"last_name": "A", "status": "won"}, {"last_name": "A", "contact_id": 10**15},
     {"last_name": "A", "company_id": 10**15}, {"last_name": "A", "owner_id": 10**15},
     {"last_name": "A", "custom": {"x": 1}}, {"last_name": "A", "business_unit_id": 10**15}],
)  # fmt: skip
def test_a_lead_that_cannot_be_is_refused(body: dict[str, object]) -> None:
    assert sign_in().post("/leads", body).status_code == 422
    assert not Lead.objects.exists()


def test_where_a_lead_came_from_is_not_for_callers_to_say() -> None:
    made = sign_in().post("/leads", {"last_name": "A", "journey_id": 7, "tile": 2, "for_company": True})
    assert made.status_code in {201, 422}
    assert not Lead.objects.exclude(journey_id=None, tile=None, for_company=False).exists()


def test_a_contact_of_another_unit_cannot_be_a_leads() -> None:
    contact = make_contact(business_unit=make_unit())
    marketer = sign_in(Role.MARKETER, unit=make_unit())
    assert marketer.post("/leads", {"last_name": "A", "contact_id": contact.pk}).status_code == 422


def test_leads_have_custom_columns_of_their_own() -> None:
    CustomColumn.objects.create(entity="lead", key="budget", label="Budget", kind="number", options=[])
    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="text", options=[])
    client = sign_in()
    made = client.post("/leads", {"last_name": "A", "custom": {"budget": "1200"}})
    assert made.json()["custom"] == {"budget": 1200}
    assert client.post("/leads", {"last_name": "A", "custom": {"tier": "x"}}).status_code == 422
    keys = [field["key"] for field in client.get("/segment-fields").json()["fields"]]
    assert "contact.custom.tier" in keys
    assert "contact.custom.budget" not in keys


def test_leads_are_searched_filtered_and_sorted(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    acme = make_lead("zimmer", company_name="Acme", status="qualified", journey_id=7, tile=2, topic="b")
    byron = make_lead("Byron", first_name="Ada", email="Ada@Example.com", journey_id=8, topic="A")
    client = sign_in()

    def find(**query: object) -> list[int]:
        return [row["id"] for row in client.get("/leads", query).json()["items"]]

    assert find(sort="name") == find(sort="topic") == [byron.pk, acme.pk]
    assert find(sort="-name") == find(sort="-topic") == [acme.pk, byron.pk]
    assert find() == [byron.pk, acme.pk]  # the latest first
    assert find(search="ac") == find(search="ZIM") == [acme.pk]
    assert find(search="ada byr") == find(search="ada@ex") == [byron.pk]
    assert find(search="ada zim") == []
    assert find(status="qualified") == find(journey_id=7) == find(tile=2) == [acme.pk]
    assert find(email="ada@example.com ") == [byron.pk]
    with django_assert_num_queries(4):  # session, user, count, page
        find(status="open", sort="-updated_at")
    assert client.get("/leads", {"sort": "email_id"}).status_code == 422
    assert client.get("/leads", {"status": "won"}).status_code == 422


def test_leads_are_downloaded_as_they_are_listed() -> None:
    make_lead("=1+1", journey_id=7)
    make_lead("Byron", journey_id=8)
    client = sign_in(Role.MARKETER)
    text = client.get("/leads/export.csv", {"journey_id": 7}).getvalue().decode("utf-8-sig")
    headings, row = text.splitlines()
    assert headings.startswith("id,topic,first_name,last_name,email,phone,company_name,status,contact_id,company_id")
    assert "'=1+1" in row
    assert "Byron" not in text


def test_strangers_viewers_and_other_units_change_no_lead() -> None:
    lead = make_lead("A", business_unit=make_unit())
    path = f"/leads/{lead.pk}"
    marketer = sign_in(Role.MARKETER, unit=make_unit())
    for client, status in ((ApiClient(), 401), (sign_in(Role.VIEWER), 403), (marketer, 404)):
        assert client.patch(path, {"topic": "x"}).status_code == status
        assert client.delete(path).status_code == status
    assert marketer.get(path).status_code == 404
    assert marketer.get("/leads").json()["total"] == 0
    assert ApiClient().get("/leads").status_code == 401
    assert sign_in(Role.VIEWER).post("/leads", {"last_name": "A"}).status_code == 403
    assert ApiClient().get("/leads/export.csv").status_code == 401
    assert sign_in(Role.VIEWER).get("/leads/export.csv").status_code == 403
