"""Reports that meet a claim, or one another, at the same moment: what a server has said counts, and counts once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection, transaction

from senet.messages.actions import claim_batch, record_results
from senet.messages.leases import LEASE, release_expired_claims
from senet.messages.states import Event
from senet.messages.values import Result
from senet.people.models import Contact
from tests.support.messages import NOW, count_states, empty_outbox, enqueue, logged, make_sender
from tests.support.people import make_contact
from tests.support.processes import wait_for

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + 2 * LEASE


@pytest.fixture(autouse=True)
def _empty_outbox() -> Iterator[None]:
    empty_outbox()
    yield
    empty_outbox()


def _queue_again() -> tuple[int, int]:
    """A message that was taken from a slow sender, which may have handed it over; returns both."""
    enqueue([make_contact("ada@example.com").pk])
    slow = make_sender()
    (message,) = claim_batch(sender=slow, limit=1, now=NOW)
    assert release_expired_claims(LATER) == 1
    return message.id, slow


def _meet(first: Callable[[], object], second: Callable[[], object]) -> None:
    """Start the second while the first one's transaction is open, and see that it waits."""

    def run() -> None:
        try:
            second()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        first()
        thread.start()
        wait_for(_somebody_waits, seconds=20, what="the second one waits")
    thread.join(20)
    assert not thread.is_alive()


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_a_delivery_that_is_reported_while_another_sender_claims_the_message_counts() -> None:
    message, slow = _queue_again()
    other = make_sender(LATER)
    _meet(
        lambda: claim_batch(sender=other, limit=1, now=LATER),
        lambda: record_results([Result(message, Event.DELIVER)], sender=slow, now=LATER),
    )
    assert count_states() == {"delivered": 1}
    assert record_results([Result(message, Event.DELIVER)], sender=other, now=LATER) == 0
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailDelivered"]


def test_a_sender_that_gives_up_while_another_claims_the_message_takes_nothing_from_it() -> None:
    message, slow = _queue_again()
    other = make_sender(LATER)
    _meet(
        lambda: claim_batch(sender=other, limit=1, now=LATER),
        lambda: record_results([Result(message, Event.FAIL, reason="gone")], sender=slow, now=LATER),
    )
    assert count_states() == {"sending": 1}
    assert record_results([Result(message, Event.DELIVER)], sender=other, now=LATER) == 1


def test_a_message_that_is_blocked_at_its_claim_stays_blocked_whatever_is_reported_meanwhile() -> None:
    message, slow = _queue_again()
    other = make_sender(LATER)
    Contact.objects.update(do_not_email=True)
    _meet(
        lambda: claim_batch(sender=other, limit=1, now=LATER),
        lambda: record_results([Result(message, Event.DELIVER)], sender=slow, now=LATER),
    )
    assert count_states() == {"blocked": 1}
    assert [kind for kind, _ in logged()] == ["EmailBlockedByUser"]


def test_two_reports_at_once_are_logged_once() -> None:
    message, slow = _queue_again()
    _meet(
        lambda: record_results([Result(message, Event.DELIVER)], sender=slow, now=LATER),
        lambda: record_results([Result(message, Event.DELIVER)], sender=slow, now=LATER),
    )
    assert count_states() == {"delivered": 1}
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailDelivered"]


def test_two_reports_of_a_message_that_was_handed_over_are_logged_once() -> None:
    message, slow = _queue_again()
    record_results([Result(message, Event.HAND_OVER)], sender=slow, now=LATER)
    assert count_states() == {"sent": 1}
    _meet(
        lambda: record_results([Result(message, Event.HARD_BOUNCE)], sender=slow, now=LATER),
        lambda: record_results([Result(message, Event.DELIVER)], sender=slow, now=LATER),
    )
    assert count_states() == {"hard_bounced": 1}
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailHardBounced"]


def test_a_message_whose_delivery_is_being_written_down_is_claimed_by_nobody() -> None:
    message, slow = _queue_again()
    other = make_sender(LATER)
    claimed: list[object] = []

    def claim() -> None:
        claimed.extend(claim_batch(sender=other, limit=1, now=LATER))
        connection.close()

    thread = threading.Thread(target=claim)
    with transaction.atomic():
        record_results([Result(message, Event.DELIVER)], sender=slow, now=LATER)
        thread.start()
        thread.join(20)  # it passes over what is locked
    assert not thread.is_alive()
    assert claimed == claim_batch(sender=other, limit=1, now=LATER) == []
