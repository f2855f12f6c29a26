"""A mail that comes back has its consequences once: the delivery is taken back, the address suppressed."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from senet.delivery import bounces
from senet.delivery.errors import TooManyKept
from senet.delivery.models import ReturnedMail
from senet.delivery.returns import receiving
from senet.delivery.returns.receiving import REMEMBERED_FOR, forget_returned, receive
from senet.delivery.returns.values import Kind
from senet.messages.actions import claim_batch, record_results
from senet.messages.models import Suppression
from senet.messages.states import Event
from senet.messages.values import Result
from tests.support.messages import NOW, count_states, empty_outbox, enqueue, logged, make_sender
from tests.support.people import make_contact
from tests.support.returns import make_arf, make_auto_reply, make_dsn, original_headers, return_path

pytestmark = pytest.mark.django_db


def _deliver(event: Event | None = Event.DELIVER) -> int:
    """A message that was delivered."""
    enqueue([make_contact("ada@example.com").pk])
    sender = make_sender()
    (message,) = claim_batch(sender=sender, limit=1, now=NOW)
    if event is not None:
        record_results([Result(message.id, event)], sender=sender, now=NOW)
    return message.id


def test_a_bounce_takes_the_delivery_back_once_however_often_it_comes() -> None:
    message = _deliver()
    mail = make_dsn(to=return_path(message))
    first = receive(mail, envelope_to=return_path(message), source="smtp", now=NOW)
    assert (first.kind, first.message_id, first.counted, first.new) == (Kind.BOUNCE, message, True, True)
    again = receive(mail, envelope_to=return_path(message), source="smtp", now=NOW)
    assert (again.counted, again.new) == (False, False)
    other_way = receive(
        b"Received: from elsewhere\r\n" + mail, envelope_to=return_path(message), source="imap", now=NOW
    )
    assert (other_way.counted, other_way.new) == (False, True)
    assert count_states() == {"hard_bounced": 1}
    kinds = [kind for kind, _ in logged()]
    assert kinds == ["EmailSent", "EmailDelivered", "EmailHardRemoteBounced"]
    _, detail = logged()[-1]
    assert (detail["bounce_category"], detail["remote"]) == (bounces.Category.INVALID_MAILBOX.value, True)
    assert "User unknown" in detail["reason"]
    assert Suppression.objects.get().key == "ada@example.com"


def test_a_block_that_comes_back_counts_as_a_soft_bounce() -> None:
    message = _deliver()
    words = "smtp; 554 5.7.1 Client host blocked using zen.spamhaus.org"
    receive(make_dsn(status="5.7.1", diagnostic=words), envelope_to=return_path(message), source="smtp", now=NOW)
    assert count_states() == {"soft_bounced": 1}
    assert logged()[-1][0] == "EmailSoftRemoteBounced"
    assert logged()[-1][1]["bounce_category"] == "blocklisting-issues"


def test_a_bounce_that_overtakes_the_senders_own_report_counts_once() -> None:
    message = _deliver(event=None)
    receive(make_dsn(), envelope_to=return_path(message), source="smtp", now=NOW)
    assert record_results([Result(message, Event.DELIVER)], sender=1, now=NOW) == 0
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailHardBounced"]


def test_a_complaint_is_logged_once_and_leaves_the_delivery() -> None:
    message = _deliver()
    for mail in (make_arf(message), make_arf(message), b"Received: again\r\n" + make_arf(message)):
        receive(mail, envelope_to="fbl@bounces.shop.example", source="smtp", now=NOW)
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailDelivered", "EmailFeedbackLoop"]
    assert count_states() == {"delivered": 1}
    found = Suppression.objects.get()
    assert (found.cause, found.until, found.reason) == ("complaint", None, "abuse, reported by MailboxProvider/2.0")


@pytest.mark.parametrize(
    ("mail", "kind"),
    [
        (make_auto_reply(), Kind.AUTO_REPLY),
        (make_dsn(action="delayed", status="4.2.0", diagnostic=""), Kind.DELAY),
        (make_dsn(action="delivered", status="2.0.0", diagnostic=""), Kind.RECEIPT),
        (make_arf(7, feedback="not-spam"), Kind.OTHER_REPORT),
        (b"Subject: Thanks\r\n\r\nNice mail!\r\n", Kind.UNREADABLE),
    ],
)
def test_what_is_no_bounce_changes_nothing_and_is_written_down(mail: bytes, kind: Kind) -> None:
    message = _deliver()
    before = logged()
    receipt = receive(mail, envelope_to=return_path(message), source="smtp", now=NOW)
    assert (receipt.kind, receipt.counted) == (kind, False)
    assert logged() == before
    assert count_states() == {"delivered": 1}
    row = ReturnedMail.objects.get()
    assert row.kind == kind.value
    assert (row.raw is not None) == (kind is Kind.UNREADABLE), "only what nobody could read is kept whole"


def test_a_report_about_a_message_that_is_gone_is_kept_aside() -> None:
    receipt = receive(make_dsn(), envelope_to=return_path(10**9), source="smtp", now=NOW)
    assert receipt.kind is Kind.UNKNOWN_MESSAGE
    row = ReturnedMail.objects.get()
    assert row.raw is not None
    assert row.reason.startswith("Its message is gone.")


def test_a_forged_return_path_has_no_consequences() -> None:
    message = _deliver()
    forged = "b-" + "a" * 29 + "@bounces.shop.example"
    receipt = receive(make_dsn(to=forged), envelope_to=forged, source="imap", now=NOW)
    assert receipt.kind is Kind.UNKNOWN_MESSAGE
    assert count_states() == {"delivered": 1}
    assert message


def test_when_too_many_unreadable_mails_wait_no_more_are_taken_but_reports_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_KEPT", 2)
    message = _deliver()
    for number in range(2):
        receive(b"Subject: %d\r\n\r\nx" % number, source="imap", now=NOW)
    with pytest.raises(TooManyKept):
        receive(b"Subject: 3\r\n\r\nx", source="imap", now=NOW)
    assert ReturnedMail.objects.count() == 2
    assert receive(make_dsn(original=original_headers(message), to="x@y.example"), source="imap", now=NOW).counted


def test_old_mails_are_forgotten_but_not_those_that_nobody_could_read() -> None:
    message = _deliver()
    receive(make_dsn(), envelope_to=return_path(message), source="smtp", now=NOW)
    receive(b"Subject: ?\r\n\r\nx", source="imap", now=NOW)
    assert forget_returned(NOW + REMEMBERED_FOR / 2) == 0
    assert forget_returned(NOW + REMEMBERED_FOR * 2) == 1
    assert ReturnedMail.objects.get().kind == Kind.UNREADABLE.value


@pytest.mark.django_db(transaction=True)
def test_the_same_mail_by_two_ways_at_once_counts_once() -> None:
    empty_outbox()
    message = _deliver()
    mail, barrier, receipts = make_dsn(), threading.Barrier(4), list[bool]()

    def take() -> None:
        try:
            barrier.wait(10)
            receipts.append(receive(mail, envelope_to=return_path(message), source="smtp", now=NOW).counted)
        finally:
            connection.close()

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(receipts) == [False, False, False, True]
    assert [kind for kind, _ in logged()].count("EmailHardRemoteBounced") == 1
    empty_outbox()
