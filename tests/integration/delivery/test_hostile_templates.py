"""A template that only one person makes expensive stops that one mail: the sender goes on, and in time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from senet.delivery.memory import MemoryClient
from senet.people.models import Contact
from senet.shared.clock import utc_now
from tests.support.content import BODY, make_default_content_settings
from tests.support.messages import count_states, empty_outbox, enqueue, logged, make_version, states
from tests.support.people import make_contacts
from tests.support.senders import running, sending_through, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)
ATTACKS = {
    "loops in loops": "{% assign n = contact.city | plus: 0 %}"
    + "{% for a in (1..n) %}" * 4
    + "{{ a }}"
    + "{% endfor %}" * 4,
    "a text that doubles": "{% assign t = contact.city %}{% if t == 'double' %}{% for i in (1..50) %}"
    "{% assign t = t | append: t %}{% endfor %}{% endif %}{{ t }}",
    "passes that charge nothing": "{% assign n = contact.city | plus: 0 %}{% for i in (1..n) %}{% case 1 %}"
    + "{% when 2 %}" * 9_000
    + "{% endcase %}{% endfor %}",
    "a date pattern of the recipient's": "{{ 'now' | date: contact.city }}",
    "a number divided by the recipient's": "{% if contact.city != '' %}{{ 1 | divided_by: contact.city }}{% endif %}",
}
VALUES = {
    "loops in loops": "9000",
    "a text that doubles": "double",
    "passes that charge nothing": "20000",
    "a date pattern of the recipient's": "%Y" * 200,
    "a number divided by the recipient's": "0",
}


@pytest.fixture(autouse=True)
def _empty_outbox() -> Iterator[None]:
    empty_outbox()
    yield
    empty_outbox()


@pytest.mark.parametrize("name", ATTACKS)
def test_the_one_is_blocked_with_its_reason_and_all_others_go(name: str) -> None:
    make_default_content_settings()
    people = make_contacts(60)
    Contact.objects.filter(pk=people[30]).update(city=VALUES[name])
    Contact.objects.exclude(pk=people[30]).update(city="")
    version = make_version(
        source=BODY.replace("<p>", f"<p>{ATTACKS[name]}", 1),
        plain_text_automatic=False,
        plain_text="{{ content_settings.address_main }} {{ content_settings.subscription_center }}",
    )
    enqueue(people, version_id=version, now=utc_now())
    client, began = MemoryClient(), time.monotonic()
    with running(sending_through(client)):
        wait_until_settled()
    assert time.monotonic() - began < 15
    assert count_states() == {"delivered": 59, "blocked": 1}
    assert len(client.taken) == 59
    assert states()[people[30]] == ("blocked", "EmailBlockedOtherReason")
    ((kind, detail),) = logged(people[30])
    assert kind == "EmailBlockedOtherReason"
    assert "template" in detail["reason"]
