"""Senders claim messages, report results, and lose what they hold when they die."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from senet.audiences.actions import join_list, leave_list
from senet.messages.actions import claim, claim_batch, find_message, keep_links, keep_terms, record_results
from senet.messages.leases import LEASE, end_sender, name_host, release_expired_claims, renew_lease
from senet.messages.queries import find_message_link
from senet.messages.states import Event, State, find_arrow
from senet.messages.values import BlockReason, ClaimedMessage, Pace, Result
from senet.people.models import Contact
from tests.support.audiences import make_list, make_segment
from tests.support.messages import NOW, count_states, enqueue, logged, make_sender, make_version, states
from tests.support.people import make_contact, make_contacts

pytestmark = pytest.mark.django_db


def _claim(sender: int, limit: int = 100, *, now: datetime = NOW, pace: Pace | None = None) -> list[ClaimedMessage]:
    return claim_batch(sender=sender, limit=limit, now=now, pace=pace)


def test_a_claimed_message_is_nobody_elses() -> None:
    enqueue(make_contacts(10))
    first, second = make_sender(), make_sender()
    mine, theirs = _claim(first, 6), _claim(second, 6)
    assert (len(mine), len(theirs)) == (6, 4)
    assert not {message.id for message in mine} & {message.id for message in theirs}
    assert count_states() == {"sending": 10}
    found = find_message(mine[0].id)
    assert found is not None
    assert found.state is State.SENDING


def test_a_claim_carries_what_a_renderer_needs() -> None:
    contact = make_contact("Ada@Example.com", tracking_allowed=False)
    enqueue([contact.pk])
    (message,) = _claim(make_sender())
    assert (message.contact_id, message.address, message.domain) == (contact.pk, "Ada@Example.com", "example.com")
    assert (message.attempt, message.queued_at, message.tracking_allowed) == (0, NOW, False)


def test_a_message_is_not_claimed_before_it_is_due() -> None:
    enqueue([make_contact().pk], now=NOW + timedelta(seconds=1))
    assert _claim(make_sender()) == []


@pytest.mark.parametrize(
    ("change", "reason", "detail"),
    [
        ({"do_not_email": True}, BlockReason.BY_USER, {"reason": "do_not_email"}),
        ({"do_not_bulk_email": True}, BlockReason.BY_USER, {"reason": "do_not_bulk_email"}),
        ({"active": False}, BlockReason.INACTIVE_CONTACT, None),
    ],
)
def test_what_a_person_decided_since_is_obeyed(change: dict[str, bool], reason: BlockReason, detail: object) -> None:
    contact, other = make_contact(), make_contact()
    enqueue([contact.pk, other.pk])
    Contact.objects.filter(pk=contact.pk).update(**change)
    assert [message.contact_id for message in _claim(make_sender())] == [other.pk]
    assert states()[contact.pk] == ("blocked", reason.value)
    assert logged() == [(reason.value, detail)]


def test_a_contact_deleted_since_is_blocked() -> None:
    contact = make_contact()
    enqueue([contact.pk])
    contact_id = contact.pk
    contact.delete()
    assert _claim(make_sender()) == []
    assert states()[contact_id] == ("blocked", BlockReason.MISSING_CONTACT.value)


def test_a_delivery_is_written_down_with_its_interactions() -> None:
    contact = make_contact()
    enqueue([contact.pk])
    sender = make_sender()
    (message,) = _claim(sender)
    result = Result(message.id, Event.DELIVER, smtp_code=250, smtp_enhanced="2.0.0")
    assert record_results([result], sender=sender, now=NOW) == 1
    assert logged() == [("EmailSent", None), ("EmailDelivered", None)]
    summary = find_message(message.id)
    assert summary is not None
    assert (summary.state, summary.contact_id, summary.tile) == (State.DELIVERED, contact.pk, 2)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sent_at, delivered_at, attempt, smtp_code FROM message")
        assert cursor.fetchone() == (NOW, NOW, 1, 250)
        cursor.execute("SELECT count(*) FROM message_queue")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("event", "state", "kind"),
    [
        (Event.HARD_BOUNCE, "hard_bounced", "EmailHardBounced"),
        (Event.SOFT_BOUNCE, "soft_bounced", "EmailSoftBounced"),
        (Event.BLOCK_BOUNCE, "block_bounced", "EmailBlockBounced"),
    ],
)
def test_a_bounce_is_written_down_with_category_and_words(event: Event, state: str, kind: str) -> None:
    contact = make_contact()
    enqueue([contact.pk])
    sender = make_sender()
    (message,) = _claim(sender)
    result = Result(message.id, event, reason="No such user", smtp_code=550, bounce_category="invalid-mailbox")
    record_results([result], sender=sender, now=NOW)
    detail = {"bounce_category": "invalid-mailbox", "reason": "No such user", "remote": False}
    assert logged() == [("EmailSent", None), (kind, detail)]
    assert states()[contact.pk] == (state, "No such user")


def test_a_deferred_message_waits_and_counts_its_attempt() -> None:
    contact = make_contact()
    enqueue([contact.pk])
    sender, later = make_sender(), NOW + timedelta(minutes=1)
    (message,) = _claim(sender)
    record_results([Result(message.id, Event.DEFER, reason="Greylisted", due_at=later)], sender=sender, now=NOW)
    assert states()[contact.pk] == ("queued", "Greylisted")
    assert _claim(sender) == []
    renew_lease(sender, NOW + timedelta(seconds=5))
    assert [again.attempt for again in _claim(make_sender(later), now=later)] == [1]
    assert logged() == []


def test_a_render_error_blocks_one_message_with_its_sentence() -> None:
    contact = make_contact()
    enqueue([contact.pk])
    sender = make_sender()
    (message,) = _claim(sender)
    result = Result(message.id, Event.BLOCK, reason="EmailBlockedOtherReason", detail="The subject is empty.")
    record_results([result], sender=sender, now=NOW)
    assert logged() == [("EmailBlockedOtherReason", {"reason": "The subject is empty."})]
    assert states()[contact.pk] == ("blocked", "EmailBlockedOtherReason")


def test_a_report_that_comes_twice_is_logged_once() -> None:
    enqueue([make_contact().pk])
    sender = make_sender()
    (message,) = _claim(sender)
    result = Result(message.id, Event.DELIVER)
    assert [record_results([result], sender=sender, now=NOW) for _ in range(2)] == [1, 0]
    assert len(logged()) == 2


def test_a_late_delivery_counts_though_another_sender_holds_the_message() -> None:
    enqueue([make_contact().pk])
    slow = make_sender()
    (message,) = _claim(slow)
    later = NOW + LEASE + timedelta(seconds=1)
    assert release_expired_claims(later) == 1
    other = make_sender(later)
    assert len(_claim(other, now=later)) == 1
    assert record_results([Result(message.id, Event.DEFER, due_at=later)], sender=slow, now=later) == 0
    assert record_results([Result(message.id, Event.DELIVER)], sender=slow, now=later) == 1
    assert record_results([Result(message.id, Event.DELIVER)], sender=other, now=later) == 0
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailDelivered"]


def test_a_lease_that_is_renewed_keeps_its_claims_and_one_that_is_not_frees_them() -> None:
    enqueue(make_contacts(4))
    alive, silent = make_sender(), make_sender()
    _claim(alive, 2)
    _claim(silent, 2)
    soon = NOW + LEASE - timedelta(seconds=1)
    assert renew_lease(alive, soon)
    later = NOW + LEASE + timedelta(seconds=1)
    assert release_expired_claims(later) == 2
    assert count_states() == {"queued": 2, "sending": 2}
    assert not renew_lease(silent, later)


def test_a_sender_that_was_taken_for_dead_claims_nothing_more() -> None:
    enqueue([make_contact().pk])
    sender, later = make_sender(), NOW + LEASE + timedelta(seconds=1)
    release_expired_claims(later)
    assert _claim(sender, now=later) == []


def test_a_clean_end_gives_everything_back() -> None:
    enqueue(make_contacts(3))
    sender = make_sender()
    _claim(sender)
    assert end_sender(sender, NOW) == 3
    assert count_states() == {"queued": 3}


def test_the_claims_of_a_dead_process_on_this_host_are_freed_at_once() -> None:
    enqueue(make_contacts(3))
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        pass
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sender (host, pid, process_started, started_at, alive_until)"
            " VALUES (%s, %s, 1, %s, %s) RETURNING id",
            [name_host(), process.pid, NOW, NOW + LEASE],
        )
        dead = cursor.fetchone()[0]
    _claim(dead, 2)
    _claim(make_sender(), 1)
    assert release_expired_claims(NOW) == 2
    assert count_states() == {"queued": 2, "sending": 1}


def test_a_process_number_of_another_host_says_nothing() -> None:
    enqueue(make_contacts(1))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO sender (host, pid, process_started, started_at, alive_until)"
            " VALUES ('elsewhere', %s, 1, %s, %s) RETURNING id",
            [os.getpid(), NOW, NOW + LEASE],
        )
        far = cursor.fetchone()[0]
    _claim(far)
    assert release_expired_claims(NOW) == 0


def test_a_providers_rate_holds_for_all_senders_together() -> None:
    enqueue(make_contacts(100))
    pace = Pace("smtp://relay", rate=10)
    first, second = make_sender(), make_sender()
    assert len(_claim(first, pace=pace)) == 10
    assert _claim(second, pace=pace) == []
    half = NOW + timedelta(milliseconds=500)
    assert len(_claim(second, now=half, pace=pace)) == 5
    later = NOW + timedelta(seconds=8)
    assert len(_claim(first, now=later, pace=pace)) == 10, "what was not used is not saved up"
    assert len(_claim(first, pace=Pace("smtp://other", rate=3))) == 3


def test_a_rate_below_one_a_second_still_sends() -> None:
    enqueue(make_contacts(3))
    pace = Pace("smtp://slow", rate=0.5)
    sender = make_sender()
    taken = [len(_claim(sender, now=NOW + timedelta(seconds=second), pace=pace)) for second in range(5)]
    assert taken == [1, 0, 1, 0, 1]


def test_a_domains_rate_puts_messages_off_to_their_slots_and_lets_others_pass() -> None:
    slow, free = make_contacts(5, domain="slow.example"), make_contacts(5, domain="free.example")
    enqueue([*slow, *free])
    pace = Pace(domains={"slow.example": 1.0})
    sender = make_sender()
    claimed = {message.contact_id for message in _claim(sender, pace=pace)}
    assert claimed >= set(free)
    assert len(claimed & set(slow)) == 1
    waiting = [reason for contact, (state, reason) in states().items() if state == "queued"]
    assert waiting == ["domain_rate"] * 4
    sent = 0
    for second in range(1, 5):
        now = NOW + timedelta(seconds=second)
        sent += len(_claim(sender, now=now, pace=pace))
        assert sent == second


def test_link_targets_of_a_message_are_kept_and_can_be_written_again() -> None:
    keep_links([(7, 1, "https://a.example/1"), (7, 257, "https://a.example/2")])
    keep_links([(7, 1, "https://a.example/3")])
    keep_links([])
    assert find_message_link(7, 1) == "https://a.example/3"
    assert find_message_link(7, 257) == "https://a.example/2"
    assert find_message_link(7, 2) is None


def test_an_unknown_message_is_not_found() -> None:
    assert find_message(404) is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(sorted(Event)), st.booleans()), max_size=6))
def test_sql_and_the_declared_table_read_every_history_alike(history: list[tuple[Event, bool]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE message, message_queue, interaction, sender")
    contact = make_contact()
    enqueue([contact.pk], version_id=_version())
    holder, stranger = make_sender(), make_sender()
    (message,) = _claim(holder)
    state, held = State.SENDING, True
    for event, by_holder in history:
        if event is Event.CLAIM:
            continue  # its own statement
        reason = BlockReason.OTHER.value if event is Event.BLOCK else None
        moved = record_results(
            [Result(message.id, event, reason=reason)], sender=holder if by_holder else stranger, now=NOW
        )
        arrow = find_arrow(state, event, holds=held and by_holder)
        assert moved == (1 if arrow else 0)
        if arrow:
            state, held = arrow.to, arrow.to is State.SENDING
        assert states()[contact.pk][0] == state.value


def _version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM email_version")
        found = cursor.fetchone()[0]
    if found is not None:
        return int(found)
    return make_version()


def test_urgent_messages_are_claimed_before_bulk_that_has_waited_for_longer() -> None:
    bulk, urgent = make_contacts(50), make_contacts(3)
    enqueue(bulk, now=NOW - timedelta(hours=1))
    enqueue(urgent, version_id=make_version(legal_designation="transactional"), tile=3)
    claimed = _claim(make_sender(), 10)
    assert {message.contact_id for message in claimed if message.urgent} == set(urgent)
    assert len({message.contact_id for message in claimed} & set(bulk)) == 7


def test_while_both_wait_bulk_gets_a_fifth_of_each_batch_and_else_all_of_it() -> None:
    enqueue(make_contacts(30))
    enqueue(make_contacts(30), tile=3, urgent=True)
    sender = make_sender()
    shares = [sum(message.urgent for message in _claim(sender, 20)) for _ in range(3)]
    assert shares == [16, 14, 0]
    enqueue(make_contacts(30), tile=4, urgent=True)
    assert len(_claim(sender, 30)) == 30, "the share is for bulk, and there is none"


def test_a_batch_of_one_is_bulk_now_and_then() -> None:
    enqueue(make_contacts(100))
    enqueue(make_contacts(100), tile=3, urgent=True)
    sender = make_sender()
    urgent = sum(message.urgent for _ in range(60) for message in _claim(sender, 1))
    assert 30 < urgent < 60


def test_a_sender_with_enough_bulk_may_ask_for_urgent_messages_alone() -> None:
    enqueue(make_contacts(5))
    enqueue(make_contacts(2), tile=3, urgent=True)
    claimed = claim(sender=make_sender(), limit=5, now=NOW, urgent_only=True)
    assert ([message.urgent for message in claimed.messages], claimed.looked_at) == ([True, True], 2)


def test_who_left_a_list_that_the_journey_goes_to_gets_no_mail_that_was_queued_before() -> None:
    people = make_contacts(4)
    targeted, other = make_list(people).pk, make_list(people).pk
    keep_terms(1, minimum_consent=0, list_ids=[targeted], time_zone="UTC")
    enqueue(people)
    leave_list(other, [people[1]], now=NOW, by="centre")
    leave_list(targeted, [people[0]], now=NOW, by="one_click")
    leave_list(targeted, [people[2]], now=NOW, by="user")
    leave_list(targeted, [people[3]], now=NOW, by="centre")
    join_list(targeted, [people[3]], now=NOW, by="centre")
    later = NOW + timedelta(hours=6)
    sender = make_sender(later)
    assert {message.contact_id for message in _claim(sender, now=later)} == set(people[1:])
    assert states()[people[0]] == ("blocked", "EmailBlockedByUnsubscription")
    assert logged(people[0]) == [("EmailBlockedByUnsubscription", None)]


def test_who_had_left_the_list_long_before_and_came_by_a_segment_gets_the_mail() -> None:
    (contact,) = make_contacts(1)
    targeted = make_list([contact]).pk
    keep_terms(1, minimum_consent=0, list_ids=[targeted], time_zone="UTC")
    leave_list(targeted, [contact], now=NOW - timedelta(days=1), by="centre")
    enqueue([contact])
    assert len(_claim(make_sender())) == 1


def test_consent_that_was_withdrawn_since_is_obeyed_and_that_of_other_journeys_is_not_asked() -> None:
    people = make_contacts(2)
    Contact.objects.update(consent_level=3)
    keep_terms(1, minimum_consent=3, list_ids=[], time_zone="UTC")
    keep_terms(1, minimum_consent=2, list_ids=[], time_zone="UTC")
    enqueue(people)
    enqueue(people, journey_id=2)
    Contact.objects.filter(pk=people[0]).update(consent_level=1)
    claimed = [(message.journey_id, message.contact_id) for message in _claim(make_sender())]
    assert sorted(claimed) == [(1, people[1]), (2, people[0]), (2, people[1])]
    assert logged(people[0]) == [("EmailBlockedConsentNotGiven", None)]


def test_who_joined_the_suppression_segment_since_gets_no_mail_of_this_journey() -> None:
    people = make_contacts(2)
    suppression = make_segment()
    keep_terms(1, minimum_consent=0, list_ids=[], time_zone="UTC", suppression_segment_id=suppression.pk)
    enqueue(people)
    enqueue(people, journey_id=2)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO segment_member (segment_id, contact_id, joined_at) VALUES (%s, %s, now())",
            [suppression.pk, people[0]],
        )
    claimed = [(message.journey_id, message.contact_id) for message in _claim(make_sender())]
    assert sorted(claimed) == [(1, people[1]), (2, people[0]), (2, people[1])]
    ((kind, reason),) = logged(people[0])
    assert kind == "EmailBlockedOtherReason"
    assert "suppression segment" in str(reason)


def test_a_message_that_has_waited_past_its_expiration_is_blocked() -> None:
    early, late = make_contacts(2)
    enqueue([early], expires_at=NOW + timedelta(hours=1))
    enqueue([late], tile=3, expires_at=NOW + timedelta(hours=1))
    sender = make_sender()
    assert len(_claim(sender, 1)) == 1
    later = NOW + timedelta(hours=1)
    assert _claim(make_sender(later), now=later) == []
    assert logged(late) == [("EmailBlockedByActivityExpiration", None)]
