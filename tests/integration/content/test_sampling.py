"""A sample render says who would be blocked and why, without sending or noting anything."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from senet.accounts.values import Role
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.audiences import make_segment
from tests.support.content import BODY, make_default_content_settings, make_email
from tests.support.dns import name_server
from tests.support.people import make_contact, make_contacts

pytestmark = pytest.mark.django_db


def read(response: Any) -> Any:
    return json.loads(response.content)


def test_everybody_of_a_sample_is_rendered_or_blocked_with_the_reason() -> None:
    make_default_content_settings()
    make_contact("fine@example.com", first_name="Fine")
    refuses = make_contact("refuses@example.com", do_not_email=True)
    no_bulk = make_contact("bulk@example.com", do_not_bulk_email=True)
    gone = make_contact("gone@example.com", active=False)
    nameless = make_contact("")
    empty = make_contact("empty@example.com", first_name="")
    client = sign_in(Role.MARKETER)
    email = make_email(subject="{{ contact.first_name }}")
    report = read(client.post(f"/emails/{email.pk}/sample-render", {"people": 100}))
    assert (report["people"], report["rendered"]) == (6, 1)
    blocked = {each["contact_id"]: (each["reason"], each["detail"]) for each in report["blocked"]}
    assert blocked[refuses.pk] == ("EmailBlockedByUser", "The contact wants no email at all.")
    assert blocked[no_bulk.pk] == ("EmailBlockedByUser", "The contact wants no bulk email.")
    assert blocked[gone.pk][0] == "EmailBlockedInactiveContact"
    assert blocked[nameless.pk][0] == "InvalidRecipientAddress"
    assert blocked[empty.pk] == ("EmailBlockedOtherReason", "The subject is empty for this person.")
    assert report["reasons"]["EmailBlockedByUser"] == 2
    assert report["largest"] >= report["average"] > 500
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM message")
        assert cursor.fetchone() == (0,)


def test_a_transactional_email_reaches_those_who_want_no_bulk() -> None:
    make_contact("bulk@example.com", do_not_bulk_email=True)
    email = make_email(legal_designation="transactional")
    report = read(sign_in(Role.MARKETER).post(f"/emails/{email.pk}/sample-render", {}))
    assert (report["rendered"], report["blocked"]) == (1, [])


def test_a_sample_is_of_the_size_asked_for_the_same_by_seed_and_of_a_segment() -> None:
    ids = make_contacts(300)
    client = sign_in(Role.MARKETER)
    email = make_email(source=BODY.replace("Dear", "{{ contact.id | divided_by: 0 }} Dear"))

    def sampled(**body: int) -> list[int]:
        answer = read(client.post(f"/emails/{email.pk}/sample-render", body))
        assert set(answer["reasons"]) == {"EmailBlockedOtherReason"}
        assert all("divided_by" in each["detail"] for each in answer["blocked"])
        return [each["contact_id"] for each in answer["blocked"]]

    assert len(sampled(people=250)) == 250
    assert sampled(people=10, seed=1) == sampled(people=10, seed=1) != sampled(people=10, seed=2)
    segment = make_segment(ids[:3])
    assert sorted(sampled(segment_id=segment.pk)) == ids[:3]


def test_only_people_that_the_caller_may_see_are_sampled() -> None:
    make_contact("other@example.com", business_unit=make_unit("Elsewhere"))
    here = make_unit("Here")
    client = sign_in(Role.MARKETER, unit=here)
    email = make_email(business_unit_id=here.pk)
    assert read(client.post(f"/emails/{email.pk}/sample-render", {}))["people"] == 0
    theirs = make_email(business_unit_id=make_unit("There").pk)
    assert client.post(f"/emails/{theirs.pk}/sample-render", {}).status_code == 404
    assert client.post(f"/emails/{email.pk}/sample-render", {"people": 100_000}).status_code == 422
    assert client.post(f"/emails/{email.pk}/sample-render", {"segment_id": 999_999}).status_code == 404
    assert ApiClient().post(f"/emails/{email.pk}/sample-render", {}).status_code == 401


def test_the_check_tells_what_name_servers_say_of_the_from_domain(settings: Any) -> None:
    client, email = sign_in(Role.MARKETER), make_email()
    domain = email.from_address.rpartition("@")[2]

    def codes() -> set[str]:
        return {each["code"] for each in read(client.post(f"/emails/{email.pk}/check"))["problems"]}

    assert not codes() & {"spf_missing", "dkim_missing", "dmarc_missing"}  # off: nobody is asked
    with name_server({domain: ["v=spf1 -all"]}) as address:
        settings.DNS = address
        found = codes()
    assert {"dkim_missing", "dmarc_missing"} <= found
    assert "spf_missing" not in found
