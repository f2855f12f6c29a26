"""Quick send: all of it or nothing, to a few people, for a day."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from senet.accounts.values import Role
from senet.audiences.models import Segment
from senet.content.models import Email
from senet.journeys.models import Journey
from senet.shared.clock import utc_now
from tests.support.accounts import make_unit, sign_in
from tests.support.content import make_confirmation_email, make_default_content_settings, make_email, make_live_email
from tests.support.journeys import World, at, messages
from tests.support.people import make_contact, make_contacts


def read(response: Any) -> Any:
    return json.loads(response.content)


@pytest.fixture(autouse=True)
def content_settings(world: World) -> None:
    make_default_content_settings()


def test_a_few_people_get_the_email_and_its_journey_lasts_a_day(world: World) -> None:
    people, email = make_contacts(3), make_email(name="Hello")
    answer = sign_in(Role.MARKETING_MANAGER).post(
        f"/emails/{email.pk}/quick-send", {"contact_ids": [*people, people[0]]}
    )
    assert answer.status_code == 201, answer.content
    made = read(answer)
    assert made["people"] == 3
    journey = Journey.objects.get(pk=made["journey_id"])
    assert (journey.name, journey.status) == ("Hello", "live")
    assert journey.end_at is not None
    assert journey.start_at is not None
    assert journey.end_at - journey.start_at == timedelta(hours=24)
    assert Segment.objects.get(pk=made["segment_id"]).name == "Hello"
    assert Email.objects.get(pk=email.pk).live_version_id == made["email_version_id"]
    world.clock.advance(utc_now() - world.now)
    world.tick()
    assert at(journey.pk, 2) == set(people)
    assert [row[2] for row in messages(journey.pk)] == ["queued"] * 3


def test_asked_twice_under_one_key_it_is_sent_once() -> None:
    people, email = make_contacts(2), make_email(name="Hello")
    client, path = sign_in(Role.MARKETING_MANAGER), f"/emails/{email.pk}/quick-send"
    body = {"contact_ids": people, "idempotency_key": "of this click"}
    first = client.post(path, body)
    again = client.post(path, body)
    assert (first.status_code, again.status_code) == (201, 201)
    assert read(first) == read(again)
    assert Journey.objects.count() == Segment.objects.count() == 1
    assert read(client.post(path, {**body, "idempotency_key": "of another"}))["journey_id"] != read(first)["journey_id"]
    assert read(sign_in(Role.MARKETING_MANAGER).post(path, body)) != read(first), "a key is its author's own"
    assert Journey.objects.count() == 3
    client.post(path, {"contact_ids": people})
    client.post(path, {"contact_ids": people})
    assert Journey.objects.count() == 5


def test_what_was_refused_may_be_asked_for_again_under_its_key() -> None:
    (person,) = make_contacts(1)
    email = make_email(subject="")
    client, path = sign_in(Role.MARKETING_MANAGER), f"/emails/{email.pk}/quick-send"
    body = {"contact_ids": [person], "idempotency_key": "k"}
    assert client.post(path, body).status_code == 422
    Email.objects.filter(pk=email.pk).update(subject="Now")
    assert client.post(path, body).status_code == 201


def test_an_email_that_is_not_ready_leaves_nothing_behind() -> None:
    (person,) = make_contacts(1)
    email = make_email(subject="")
    answer = sign_in(Role.MARKETING_MANAGER).post(f"/emails/{email.pk}/quick-send", {"contact_ids": [person]})
    assert answer.status_code == 422
    assert not Segment.objects.exists()
    assert not Journey.objects.exists()


def test_more_than_thirty_nobody_or_a_past_end_are_refused() -> None:
    people, email = make_contacts(31), make_live_email()
    client = sign_in(Role.MARKETING_MANAGER)
    bodies: list[dict[str, Any]] = [
        {"contact_ids": people},
        {"contact_ids": []},
        {"contact_ids": people[:1], "end_at": "2020-01-01T00:00:00Z"},
    ]
    for body in bodies:
        assert client.post(f"/emails/{email.pk}/quick-send", body).status_code in {400, 422}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM message")
        assert cursor.fetchone() == (0,)


def test_only_who_may_go_live_sends_and_only_to_people_of_their_own() -> None:
    unit, email = make_unit(), make_live_email()
    (mine,), other = make_contacts(1), make_contact(business_unit=unit)
    path = f"/emails/{email.pk}/quick-send"
    assert sign_in(Role.VIEWER).post(path, {"contact_ids": [mine]}).status_code == 403
    assert sign_in(Role.MARKETER, unit=make_unit()).post(path, {"contact_ids": [mine]}).status_code == 404
    assert sign_in(Role.MARKETER, unit=unit).post(path, {"contact_ids": [other.pk]}).status_code == 404
    assert sign_in(Role.MARKETING_MANAGER).post(path, {"contact_ids": [10**9]}).status_code == 404
    assert not Journey.objects.exists()


def test_a_confirmation_request_is_not_sent_quickly(world: World) -> None:
    email, (person,) = make_confirmation_email(), make_contacts(1)
    answer = sign_in(Role.MARKETING_MANAGER).post(f"/emails/{email.pk}/quick-send", {"contact_ids": [person]})
    assert (answer.status_code, read(answer)["error"]["code"]) == (409, "conflict")
    assert not Segment.objects.exists()
