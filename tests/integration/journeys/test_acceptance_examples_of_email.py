"""The acceptance examples that concern what is sent, from the audience to the outbox, by the real engine and sender.

1 to 6 are in test_acceptance_examples.py, 7 in test_schedules.py, 8 in test_iterations.py; of 10 the figures are in
insights/test_email_overview.py. Here: 1 and 2 as mails that a provider gets, 9 and 11.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from senet.content.ab_tests import create_ab_test
from senet.delivery.memory import Answer, MemoryClient
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict
from senet.messages.models import Suppression
from tests.support.content import make_default_content_settings, make_live_email
from tests.support.journeys import (
    START,
    World,
    at,
    audience,
    check_ledger,
    email,
    make_segment,
    messages,
    standing,
    task,
)
from tests.support.messages import count_states, empty_outbox, logged, states
from tests.support.people import make_contact, make_contacts
from tests.support.senders import running, sending_through, wait_until_settled

DOOMED = "full@example.com"


@pytest.fixture(autouse=True)
def _outbox(world: World) -> Iterator[None]:  # the world empties everything first
    empty_outbox()
    make_default_content_settings()
    yield
    empty_outbox()


def deliver_all(world: World, monkeypatch: pytest.MonkeyPatch, answer: Answer | None = None) -> list[Outgoing]:
    """Let a real sender send what is queued, on the world's clock; returns what the provider accepted."""
    for module in ("sender", "claimer", "keeper", "recorder"):
        monkeypatch.setattr(f"senet.delivery.{module}.utc_now", lambda: world.now)
    client = MemoryClient(answer)
    with running(sending_through(client)):
        wait_until_settled(seconds=60)
    return client.taken


def test_who_is_in_two_segments_and_who_shares_an_address_get_one_mail(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acceptance examples 1 and 2, as a mailbox sees them."""
    both, first, second = make_contacts(3)
    twins = [make_contact("same@example.com").pk, make_contact("Same@Example.com").pk]
    segments = make_segment([both, first, *twins]), make_segment([both, second, *twins])
    journey = world.run(audience(*segments) >> email(make_live_email().pk) >> task())
    taken = deliver_all(world, monkeypatch)
    assert sorted(Counter(message.to_address.lower() for message in taken).values()) == [1, 1, 1, 1]
    assert count_states() == {"delivered": 4, "blocked": 1}
    assert {reason for *_, reason in messages(journey)} == {None, "EmailBlockedDuplicateAddress"}
    assert at(journey, 3) == {both, first, second, *twins}
    check_ledger(journey)


def test_after_five_soft_bounces_the_sixth_counts_as_hard_unsent_and_after_180_days_one_is_sent(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acceptance example 9."""
    full, well = make_contact(DOOMED).pk, make_contact("well@example.com").pk

    def answer(message: Outgoing) -> Outcome | None:
        if message.to_address != DOOMED:
            return None
        return Outcome(message.id, Verdict.REFUSED, Stage.RCPT, 552, "5.2.2", "Mailbox is full")

    journey = world.run(
        audience(make_segment([full, well])) >> email(make_live_email().pk),
        is_recurring=True, interval_days=30, iteration_count=13, end_at=START + timedelta(days=13 * 30),
    )  # fmt: skip
    tried = []
    for month in range(13):
        before = len(logged(full)) if month else 0
        world.tick(days=30 if month else 0)
        taken = deliver_all(world, monkeypatch, answer)
        assert [message.to_address for message in taken] == ["well@example.com"]
        tried.append([kind for kind, _ in logged(full)][before:])
    soft, unsent = ["EmailSent", "EmailSoftBounced"], ["EmailSent", "EmailHardBounced"]
    assert tried[:5] == [soft] * 5
    assert tried[5:10] == [unsent] * 5, "150 days"
    assert tried[11:] == [soft] * 2, "it is tried again after 180 days, and the row begins anew"
    assert logged(full)[11][1]["bounce_category"] == "suppression-list"
    assert Suppression.objects.get().cause == "soft_bounces"
    assert {contact for _, contact, *_ in messages(journey)} == {full, well}


def test_a_fifth_of_a_thousand_is_tested_a_hundred_each_and_eight_hundred_get_the_winner_or_the_default(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Acceptance example 11."""
    mail = make_live_email(subject="Version A")
    values = {"name": "Subject", "kind": "header", "subject": "Version B", "percent": 20, "inconclusive": "a"}
    with transaction.atomic():
        test = create_ab_test(mail.pk, now=START, by=None, **values)
    journey = world.run(audience(make_segment(make_contacts(1_000))) >> email(mail.pk, ab_test_id=test) >> task())
    sample = Counter(_subject(message) for message in deliver_all(world, monkeypatch))
    assert sample == {"Version A": 100, "Version B": 100}
    assert len(standing(journey)) == 800
    world.tick(days=1)
    rest = Counter(_subject(message) for message in deliver_all(world, monkeypatch))
    assert rest == {"Version A": 800}, "nobody has answered: the default"
    assert len(at(journey, 3)) == 1_000
    assert set(states().values()) == {("delivered", None)}
    check_ledger(journey)


def _subject(message: Outgoing) -> str:
    return "Version B" if b"Subject: Version B" in message.content else "Version A"
