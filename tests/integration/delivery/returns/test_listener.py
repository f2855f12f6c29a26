"""The listener takes what concerns us, refuses the rest at once, and acknowledges only what is on disk."""

from __future__ import annotations

import smtplib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection

from senet.delivery.errors import ListenerUrlInvalid
from senet.delivery.models import ReturnedMail
from senet.delivery.returns import listener as listener_module
from senet.delivery.returns import receiving
from senet.delivery.returns.listener import Listener, read_listen_url
from senet.messages.actions import claim_batch, record_results
from senet.messages.states import Event
from senet.messages.values import Result
from senet.shared.clock import utc_now
from tests.support.mail_servers import hand_in
from tests.support.messages import NOW, count_states, empty_outbox, enqueue, make_sender
from tests.support.people import make_contact
from tests.support.processes import wait_for
from tests.support.returns import make_arf, make_dsn, return_path

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _empty() -> Iterator[None]:
    empty_outbox()
    yield
    empty_outbox()


@contextmanager
def listening(protocol: str = "smtp") -> Iterator[int]:
    """Run a listener; gives its port."""
    stop = threading.Event()
    server = Listener(read_listen_url(f"{protocol}://127.0.0.1:0"))
    thread = threading.Thread(target=server.run, args=[stop.is_set])
    thread.start()
    try:
        wait_for(lambda: server.port, seconds=10, what="it listens")
        yield server.port
    finally:
        stop.set()
        thread.join(15)
        assert not thread.is_alive()


def _deliver() -> int:
    enqueue([make_contact("ada@example.com").pk], now=utc_now())
    sender = make_sender(utc_now())
    (message,) = claim_batch(sender=sender, limit=1, now=utc_now())
    record_results([Result(message.id, Event.DELIVER)], sender=sender, now=utc_now())
    return message.id


@pytest.mark.parametrize("protocol", ["smtp", "lmtp"])
def test_a_bounce_is_taken_and_counted_before_it_is_acknowledged(protocol: str) -> None:
    message = _deliver()
    with listening(protocol) as port:
        hand_in(port, "", return_path(message), make_dsn(), lmtp=protocol == "lmtp")
        assert count_states() == {"hard_bounced": 1}
        hand_in(port, "", return_path(message).upper(), make_dsn(), lmtp=protocol == "lmtp")
    assert ReturnedMail.objects.count() == 1, "the same mail again"


def test_a_complaint_is_taken_at_its_address() -> None:
    message = _deliver()
    with listening() as port:
        hand_in(port, "fbl@mailbox.example", "fbl@bounces.shop.example", make_arf(message))
    assert ReturnedMail.objects.get().counted


@pytest.mark.parametrize("recipient", ["ada@example.com", "b-" + "a" * 29 + "@bounces.shop.example", "root@localhost"])
def test_mail_that_concerns_nobody_here_is_refused_for_good(recipient: str) -> None:
    with listening() as port, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        hand_in(port, "x@example.net", recipient, b"Subject: x\r\n\r\nx")
    assert refused.value.recipients[recipient][0] == 550
    assert not ReturnedMail.objects.exists()


def test_a_mail_has_one_recipient_so_that_each_has_its_own_answer() -> None:
    with listening() as port, smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        client.ehlo("x")
        client.mail("")
        assert client.rcpt(return_path(1))[0] == 250
        assert client.rcpt(return_path(2))[0] == 452


def test_a_mail_that_is_too_large_is_refused_and_the_next_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listener_module, "MOST_MAIL_BYTES", 20_000)
    message = _deliver()
    with listening() as port:
        with pytest.raises(smtplib.SMTPSenderRefused):
            hand_in(port, "", return_path(message), make_dsn() + b"x\r\n" * 10_000)
        hand_in(port, "", return_path(message), make_dsn())
    assert count_states() == {"hard_bounced": 1}


def test_lines_longer_than_the_standards_are_taken() -> None:
    message = _deliver()
    with listening() as port:
        hand_in(port, "", return_path(message), make_dsn(original="X: " + "y" * 30_000))
    assert count_states() == {"hard_bounced": 1}


def test_while_the_database_fails_mails_wait_at_their_server(monkeypatch: pytest.MonkeyPatch) -> None:
    message = _deliver()
    real = receiving.receive

    def fail(*_arguments: object, **_values: object) -> None:
        raise DatabaseError("It is gone")

    with listening() as port:
        monkeypatch.setattr(listener_module, "receive", fail)
        with pytest.raises(smtplib.SMTPDataError) as refused:
            hand_in(port, "", return_path(message), make_dsn())
        assert refused.value.smtp_code == 451
        monkeypatch.setattr(listener_module, "receive", real)
        hand_in(port, "", return_path(message), make_dsn())
    assert count_states() == {"hard_bounced": 1}


def test_many_at_once_are_all_counted() -> None:
    version_contacts = [make_contact().pk for _ in range(40)]
    enqueue(version_contacts, now=NOW)
    sender = make_sender(NOW)
    messages = [message.id for message in claim_batch(sender=sender, limit=50, now=NOW)]
    record_results([Result(message, Event.DELIVER) for message in messages], sender=sender, now=NOW)
    failures: list[BaseException] = []

    def run(part: list[int], port: int) -> None:
        try:
            for message in part:
                hand_in(port, "", return_path(message), make_dsn())
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    with listening() as port:
        threads = [threading.Thread(target=run, args=[messages[start::8], port]) for start in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert failures == []
    assert count_states() == {"hard_bounced": 40}


@pytest.mark.parametrize(
    "url", ["", "smtp://", "http://127.0.0.1:25", "smtp://127.0.0.1", "smtp://127.0.0.1:x", "lmtp:1"]
)
def test_an_address_that_cannot_be_listened_on_is_refused_with_a_sentence(url: str) -> None:
    with pytest.raises(ListenerUrlInvalid, match="SENET_BOUNCE_LISTEN"):
        read_listen_url(url)
