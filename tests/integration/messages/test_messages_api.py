"""GET /messages lists where messages stand, and why."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.messages.actions import claim_batch, record_results
from senet.messages.states import Event
from senet.messages.values import Result
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.messages import NOW, enqueue, make_sender, make_version
from tests.support.people import make_contact, make_contacts

pytestmark = pytest.mark.django_db


def _get(client: ApiClient, **query: Any) -> Any:
    response = client.get("/messages", query)
    assert response.status_code == 200, response.content
    return response.json()


def test_a_contacts_messages_are_listed_with_state_and_reason() -> None:
    contact = make_contact(do_not_email=True)
    enqueue([contact.pk])
    (item,) = _get(sign_in(), contact_id=contact.pk)["items"]
    assert (item["state"], item["reason"], item["tile"]) == ("blocked", "EmailBlockedByUser", 2)


def test_a_tiles_messages_are_paged_the_newest_first_and_counted_by_state() -> None:
    version = make_version()
    enqueue([*make_contacts(5), make_contact("").pk], version_id=version)
    enqueue(make_contacts(2, domain="b.example"), tile=3, version_id=version)
    client = sign_in()
    first = _get(client, journey_id=1, tile=2, limit=4)
    rest = _get(client, journey_id=1, tile=2, limit=4, cursor=first["next_cursor"])
    ids = [item["id"] for item in first["items"] + rest["items"]]
    assert ids == sorted(ids, reverse=True)
    assert (len(ids), first["total"], rest["next_cursor"]) == (6, 6, None)
    assert first["states"] == {"queued": 5, "blocked": 1}
    blocked = _get(client, journey_id=1, tile=2, state="blocked")
    assert (len(blocked["items"]), blocked["total"]) == (1, 1)


def test_a_message_that_a_sender_holds_is_being_sent_and_one_that_waits_says_until_when() -> None:
    version = make_version()
    enqueue(make_contacts(2), version_id=version)
    sender = make_sender()
    held, other = claim_batch(sender=sender, limit=2, now=NOW)
    later = NOW + timedelta(minutes=1)
    record_results([Result(other.id, Event.DEFER, reason="Greylisted", due_at=later)], sender=sender, now=NOW)
    client = sign_in()
    listed = _get(client, journey_id=1)
    assert listed["states"] == {"sending": 1, "queued": 1}
    assert {item["id"]: (item["state"], item["reason"]) for item in listed["items"]} == {
        held.id: ("sending", None),
        other.id: ("queued", "Greylisted"),
    }
    assert [item["id"] for item in _get(client, journey_id=1, state="sending")["items"]] == [held.id]
    (waiting,) = _get(client, journey_id=1, state="queued")["items"]
    assert datetime.fromisoformat(waiting["due_at"]) == later
    record_results([Result(held.id, Event.DELIVER)], sender=sender, now=NOW)
    (sent,) = _get(client, journey_id=1, state="delivered")["items"]
    assert (sent["id"], sent["due_at"]) == (held.id, None)


def test_people_of_other_business_units_are_not_shown() -> None:
    theirs, ours = make_unit(), make_unit()
    enqueue([make_contact(business_unit=theirs).pk, make_contact(business_unit=ours).pk])
    assert _get(sign_in(Role.VIEWER, unit=ours), journey_id=1)["total"] == 1
    assert _get(sign_in(Role.MARKETING_MANAGER, unit=ours), journey_id=1)["total"] == 2


def test_a_list_of_everybodys_messages_is_not_offered() -> None:
    assert sign_in().get("/messages").status_code == 422


@pytest.mark.parametrize("query", [{"state": "lost"}, {"limit": 1000}, {"cursor": "x"}, {"tile": -1}])
def test_values_that_cannot_be_used_are_refused(query: dict[str, Any]) -> None:
    assert sign_in().get("/messages", {"journey_id": 1, **query}).status_code == 422


def test_a_stranger_is_refused() -> None:
    assert ApiClient().get("/messages", {"journey_id": 1}).status_code == 401
