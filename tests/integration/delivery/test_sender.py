"""The sender's loop, with the in-memory provider and with a real one on loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection
from pytest_django import Settings

from senet.delivery import recorder as recorder_module
from senet.delivery import sender as sender_module
from senet.delivery.memory import MemoryClient
from senet.delivery.providers import Provider
from senet.delivery.retry import RetryPolicy
from senet.delivery.routing import Route, RoutingClient
from senet.delivery.sender import Sender, SenderStatus, run_sender
from senet.delivery.values import Outcome, Outgoing, Stage, Verdict
from senet.demo.smtp_sink import SinkOptions, running_sink
from senet.messages import leases as leases_module
from senet.messages.actions import record_results
from senet.messages.queries import find_message_link
from senet.messages.values import Result
from senet.people.models import Company, Contact
from senet.shared.clock import utc_now
from tests.support.accounts import main_unit
from tests.support.content import BODY, make_default_content_settings
from tests.support.messages import count_states, empty_outbox, enqueue, logged, make_version, states
from tests.support.people import make_contact, make_contacts
from tests.support.processes import free_port, wait_for
from tests.support.senders import StuckClient, running, sending_through, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)

LONG_AGO = utc_now() - timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _empty_outbox() -> Iterator[None]:
    empty_outbox()
    yield
    empty_outbox()


def test_everything_queued_is_rendered_handed_over_and_written_down() -> None:
    make_default_content_settings()
    people = make_contacts(230)
    enqueue(people, now=LONG_AGO)
    client, status = MemoryClient(), SenderStatus()
    with running(sending_through(client, status)):
        wait_until_settled()
        wait_for(lambda: status.delivered == 230, seconds=5, what="the status tells")
    assert len({message.to_address for message in client.taken}) == len(client.taken) == 230
    message = next(message for message in client.taken if message.to_address == "p7@example.com")
    assert b"Subject: Hello First7" in message.content
    assert message.from_address == "news@shop.example.com"
    assert [kind for kind, _ in logged(people[0])] == ["EmailSent", "EmailDelivered"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sender")
        assert cursor.fetchone() == (0,), "the lease is given back"


def test_one_persons_render_error_blocks_one_message() -> None:
    people = make_contacts(5)
    Contact.objects.filter(pk=people[2]).update(first_name="")
    version = make_version(subject="{{ contact.first_name }}")
    enqueue(people, version_id=version, now=LONG_AGO)
    with running(sending_through(MemoryClient())):
        wait_until_settled()
    assert count_states() == {"delivered": 4, "blocked": 1}
    assert states()[people[2]] == ("blocked", "EmailBlockedOtherReason")
    ((kind, detail),) = logged(people[2])
    assert kind == "EmailBlockedOtherReason"
    assert "subject" in detail["reason"]


def test_a_version_that_cannot_be_read_fails_its_messages_and_no_others() -> None:
    people = make_contacts(3)
    unreadable = make_version()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE email_version SET compiled = jsonb_set(compiled, '{format}', '99') WHERE id = %s", [unreadable]
        )
    enqueue(people[:1], version_id=unreadable, now=LONG_AGO)
    enqueue(people[1:], now=LONG_AGO)
    with running(sending_through(MemoryClient())):
        wait_until_settled()
    assert count_states() == {"delivered": 2, "failed": 1}


def test_a_version_that_is_gone_fails_its_messages_and_no_others() -> None:
    people = make_contacts(3)
    enqueue(people, now=LONG_AGO)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE message SET email_version_id = 987654 WHERE contact_id = %s", [people[1]])
    with running(sending_through(MemoryClient())):
        wait_until_settled()
    assert count_states() == {"delivered": 2, "failed": 1}
    assert [kind for kind, _ in logged(people[1])] == ["EmailSendingFailed"]


def test_links_that_only_one_message_has_are_stored_before_it_leaves() -> None:
    body = BODY.replace("https://shop.example.com/sale", "https://shop.example.com/{{ contact.last_name }}")
    enqueue(make_contacts(3), version_id=make_version(source=body), now=LONG_AGO)
    stored: list[str | None] = []

    def look(message: Outgoing) -> None:
        stored.append(find_message_link(message.id, 2))

    with running(sending_through(MemoryClient(look))):
        wait_until_settled()
    assert sorted(filter(None, stored)) == [f"https://shop.example.com/Last{number}" for number in (1, 2, 3)]


def test_refusals_end_in_bounces_and_a_temporary_one_waits() -> None:
    people = [make_contact(f"{name}@example.com").pk for name in ("gone", "full", "spam", "busy", "fine")]
    answers = {
        "gone@example.com": (550, "5.1.1"),
        "full@example.com": (552, "5.2.2"),
        "spam@example.com": (554, "5.7.1"),
        "busy@example.com": (451, "4.3.2"),
    }

    def answer(message: Outgoing) -> Outcome | None:
        found = answers.get(message.to_address)
        return found and Outcome(message.id, Verdict.REFUSED, Stage.RCPT, *found, "words")

    status, before = SenderStatus(), utc_now()
    enqueue(people, now=LONG_AGO)
    with running(sending_through(MemoryClient(answer), status)):
        wait_for(lambda: count_states().get("queued") == 1 and len(logged()) == 8, seconds=20, what="four are settled")
        wait_for(lambda: status.put_off == 1, seconds=5, what="the status tells")
    assert [state for state, _ in states().values()] == [
        "hard_bounced",
        "soft_bounced",
        "block_bounced",
        "queued",
        "delivered",
    ]
    assert (status.bounced, status.delivered) == (3, 1)
    with connection.cursor() as cursor:
        cursor.execute("SELECT attempt, due_at FROM message JOIN message_queue ON message_id = id")
        attempt, due_at = cursor.fetchone()
    assert attempt == 1
    assert due_at > before + timedelta(seconds=30)


def test_a_provider_that_is_down_pauses_sending_and_burns_no_attempt(settings: Settings) -> None:
    port = free_port()
    settings.SMTP_URL = f"smtp://127.0.0.1:{port}?tls=none"
    enqueue(make_contacts(120), now=LONG_AGO)
    status = SenderStatus()
    with running(lambda stop: run_sender(stop, status)):
        wait_for(lambda: status.trouble != "", seconds=10, what="the trouble is told")
        wait_for(lambda: count_states().get("queued") == 120, seconds=10, what="everything waits")
        with running_sink(port=port) as sink:
            wait_until_settled()
        assert len(sink.envelopes) == 120
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT attempt FROM message")
        assert cursor.fetchall() == [(1,)]
    assert len(logged()) == 240


def test_two_senders_at_once_share_the_work_and_send_nothing_twice(settings: Settings) -> None:
    enqueue(make_contacts(600), now=LONG_AGO)
    with running_sink(SinkOptions(rules=())) as sink:
        settings.SMTP_URL = f"smtp://127.0.0.1:{sink.port}?tls=none"
        with running(run_sender), running(run_sender):
            wait_until_settled()
    addresses = [envelope.recipients[0] for envelope in sink.envelopes]
    assert len(set(addresses)) == len(addresses) == 600
    assert count_states() == {"delivered": 600}


def test_greylisted_and_dropped_mail_arrives_in_the_end(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = RetryPolicy(first_delay=timedelta(milliseconds=50))
    monkeypatch.setattr(sender_module, "RetryPolicy", lambda: soon)
    kinds = ("", "+greylist", "+hangup", "+bounce")
    people = [make_contact(f"p{number}{kinds[number % 4]}@example.com").pk for number in range(80)]
    enqueue(people, now=LONG_AGO)
    with running_sink() as sink:
        settings.SMTP_URL = f"smtp://127.0.0.1:{sink.port}?tls=none"
        with running(run_sender):
            wait_until_settled(seconds=60)
    assert count_states() == {"delivered": 60, "hard_bounced": 20}
    assert len({envelope.recipients[0] for envelope in sink.envelopes}) == len(sink.envelopes) == 60


def _enqueue_backlog(count: int) -> None:
    """Bulk for so many people that nobody has to be made for it: they are the same few."""
    version = make_version()
    people = make_contacts(100)
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH made AS (INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id,"
            " queued_at, state, address, domain)"
            " SELECT 1, n / 100, 1, (%(people)s::bigint[])[1 + n %% 100], 1, %(version)s, %(at)s, 'queued',"
            " 'p' || n || '@bulk.example', 'bulk.example' FROM generate_series(0, %(last)s) AS n RETURNING id)"
            " INSERT INTO message_queue (message_id, due_at) SELECT id, %(at)s FROM made",
            {"people": people, "version": version, "at": LONG_AGO, "last": count - 1},
        )


def test_a_transactional_mail_leaves_within_seconds_past_a_backlog_of_a_hundred_thousand() -> None:
    make_default_content_settings()
    _enqueue_backlog(100_000)
    receipt = make_version(legal_designation="transactional")
    client = MemoryClient(lambda _: time.sleep(0.005))  # so that the backlog would take eight minutes
    with running(sending_through(client)):
        wait_for(lambda: len(client.taken) > 50, seconds=30, what="bulk is under way")
        for tile in range(2, 5):
            (person,) = make_contacts(1)
            started = time.monotonic()
            enqueue([person], version_id=receipt, tile=tile, now=utc_now())
            wait_for(lambda who=person: states()[who][0] == "delivered", seconds=20, what="the receipt is sent")  # type: ignore[misc]
            assert time.monotonic() - started < 4
    assert 50 < len(client.taken) < 90_000, "bulk went on, and most of it waits"


def test_a_provider_that_is_stuck_holds_up_no_mail_of_other_from_domains() -> None:
    stuck, rest = StuckClient(capacity=4), MemoryClient()
    slow = make_version(from_address="news@slow.example")
    enqueue(make_contacts(2000), version_id=slow, now=LONG_AGO)
    others = make_contacts(300)
    enqueue(others, tile=3, now=LONG_AGO + timedelta(seconds=1))
    client = RoutingClient([Route("slow", stuck, ("slow.example",)), Route("rest", rest)])
    with running(sending_through(client)):
        wait_for(lambda: len(rest.taken) == 300, seconds=30, what="the other domain's mails are sent")
        wait_for(lambda: count_states().get("delivered") == 300, seconds=10, what="they are written down")
    assert count_states() == {"delivered": 300, "queued": 2000}
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(attempt) FROM message WHERE reason = 'provider_full'")
        waiting, attempts = cursor.fetchone()
    assert waiting > 1900
    assert attempts == 0, "it costs no attempt"


def test_a_mail_that_names_a_record_that_is_gone_is_blocked() -> None:
    company = Company.objects.create(name="Acme", business_unit=main_unit())
    body = BODY.replace("</body>", f"{{{{ records.company[{company.pk}].name }}}}</body>")
    version = make_version(source=body)
    (contact,) = make_contacts(1)
    enqueue([contact], version_id=version, now=LONG_AGO)
    company.delete()
    with running(sending_through(MemoryClient())):
        wait_until_settled()
    ((kind, detail),) = logged(contact)
    assert (kind, "is gone" in detail["reason"]) == ("EmailBlockedMissingRelatedData", True)


def test_a_rate_limit_is_kept(settings: Settings) -> None:
    enqueue(make_contacts(60), now=LONG_AGO)
    with running_sink() as sink:
        settings.SMTP_URL = f"smtp://127.0.0.1:{sink.port}?tls=none&rate=20"
        started = time.monotonic()
        with running(run_sender):
            wait_until_settled()
        seconds = time.monotonic() - started
    assert seconds > 1.5, "twenty at once, the others at twenty a second"


def test_a_stopping_sender_finishes_what_is_under_way_and_gives_back_the_rest() -> None:
    enqueue(make_contacts(300), now=LONG_AGO)
    stop = threading.Event()

    def take_few_before_the_stop(_: Outgoing) -> None:
        if len(client.taken) > 5:
            stop.wait(30)

    client = MemoryClient(take_few_before_the_stop, capacity=2)
    with running(sending_through(client), stop):
        wait_for(lambda: len(client.taken) > 5, seconds=20, what="some are taken")
    assert count_states() == {"delivered": len(client.taken), "queued": 300 - len(client.taken)}
    assert len(client.taken) < 300, "it stopped in the middle"
    with running(sending_through(client)):
        wait_until_settled()
    assert len({message.to_address for message in client.taken}) == len(client.taken) == 300


def test_a_database_that_hesitates_while_a_sender_stops_makes_it_send_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    enqueue(make_contacts(300), now=LONG_AGO)
    client, stop = MemoryClient(capacity=2), threading.Event()
    failures = iter(range(3))

    def record(results: Sequence[Result], *, sender: int, now: datetime) -> int:
        if len(client.taken) > 5:
            stop.wait(30)  # so that something is left to be written down while the sender stops
            if next(failures, None) is not None:
                raise OperationalError("the server is starting up")
        return record_results(results, sender=sender, now=now)

    monkeypatch.setattr(recorder_module, "record_results", record)
    with running(sending_through(client), stop):
        wait_for(lambda: len(client.taken) > 5, seconds=20, what="some are taken")
    assert next(failures, None) is None, "it did hesitate"
    assert count_states()["queued"] > 0, "it stopped in the middle"
    with running(sending_through(client)):
        wait_until_settled()
    assert len({message.to_address for message in client.taken}) == len(client.taken) == 300


def test_a_sender_whose_lease_was_taken_starts_again_under_a_new_one() -> None:
    client = MemoryClient()
    provider = Provider("memory", None, lambda: client)
    leases: list[int] = []

    def act(stop: threading.Event) -> None:
        while not stop.is_set():
            sender = Sender(provider, SenderStatus(), client=client)
            leases.append(sender._keeper.sender)
            sender.run(stop)

    with running(act):
        wait_for(lambda: leases, seconds=10, what="a lease")
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sender")
        wait_for(lambda: len(leases) > 1, seconds=10, what="another lease")
        enqueue(make_contacts(5), now=LONG_AGO)
        wait_until_settled()
    assert len(client.taken) == 5


def test_broken_database_connections_lose_nothing_and_repeat_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue(make_contacts(150), now=LONG_AGO)
    broken = threading.Event()

    def take_few_before_the_break(_: Outgoing) -> None:
        if len(client.taken) > 20:
            broken.wait(30)

    client = MemoryClient(take_few_before_the_break)
    monkeypatch.setattr(sender_module, "find_providers", lambda *_: Provider("memory", None, lambda: client))
    monkeypatch.setattr(leases_module, "LEASE", timedelta(hours=1))  # nothing can wait for its end
    with running(run_sender):
        wait_for(lambda: len(client.taken) > 20, seconds=20, what="some are taken")
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        broken.set()
        wait_until_settled()
    assert len({message.to_address for message in client.taken}) == len(client.taken) == 150
    assert count_states() == {"delivered": 150}
