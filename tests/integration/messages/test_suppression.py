"""Who bounced or complained is not written to, for as long as the rules say; each attempt shows as what it was."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from senet.messages.actions import claim_batch, record_results
from senet.messages.models import Suppression, SuppressionChange
from senet.messages.states import Event
from senet.messages.suppression import SUPPRESSED_FOR, add_suppression, record_complaints, release
from senet.messages.values import BlockReason, Result
from senet.shared.errors import Conflict, InvalidInput
from tests.support.accounts import make_user
from tests.support.messages import NOW, count_states, empty_outbox, enqueue, logged, make_sender, make_version, states
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


class Postman:
    """Sends one mail after another to somebody, a day apart, each with its outcome."""

    def __init__(self, *contacts: int) -> None:
        self.contacts = contacts
        self.version = make_version()
        self.now = NOW
        self.iteration = 0

    def send(self, event: Event | None, category: str = "full-mailbox", **columns: Any) -> int | None:
        """Send; returns the message, or None when there was nothing to send."""
        self.iteration += 1
        self.now += DAY
        enqueue(self.contacts, version_id=self.version, iteration=self.iteration, now=self.now)
        sender = make_sender(self.now)
        claimed = claim_batch(sender=sender, limit=10, now=self.now)
        for message in claimed:
            if event is not None:
                category_or_none = None if event is Event.DELIVER else category
                result = Result(message.id, event, bounce_category=category_or_none, reason="No.", **columns)
                record_results([result], sender=sender, now=self.now)
        return claimed[0].id if claimed else None


def _causes() -> dict[str, str]:
    return {row.key: row.cause for row in Suppression.objects.filter(released_at=None)}


def test_a_hard_bounce_suppresses_the_address_for_180_days_and_each_attempt_counts_as_hard() -> None:
    postman = Postman(make_contact("Ada@Example.com").pk)
    bounced_at = NOW + DAY
    assert postman.send(Event.HARD_BOUNCE, "invalid-mailbox") is not None
    assert _causes() == {"ada@example.com": "hard_bounce"}
    assert postman.send(None) is None
    attempt = {"bounce_category": "suppression-list", "reason": "hard_bounce", "remote": False}
    assert logged()[-2:] == [("EmailSent", None), ("EmailHardBounced", attempt)]
    assert count_states() == {"hard_bounced": 2}
    postman.now = bounced_at + SUPPRESSED_FOR - 2 * DAY
    assert postman.send(None) is None, "one day before the end"
    assert postman.send(Event.DELIVER) is not None, "after 180 days"


def test_five_soft_bounces_in_a_row_suppress_the_sixth_mail() -> None:
    postman = Postman(make_contact("ada@example.com").pk)
    for _ in range(4):
        postman.send(Event.SOFT_BOUNCE)
        assert _causes() == {}
    postman.send(Event.SOFT_BOUNCE)
    assert _causes() == {"ada@example.com": "soft_bounces"}
    assert postman.send(None) is None
    assert count_states() == {"soft_bounced": 5, "hard_bounced": 1}
    postman.now += SUPPRESSED_FOR
    assert postman.send(Event.SOFT_BOUNCE) is not None
    assert postman.send(Event.SOFT_BOUNCE) is not None, "the row begins anew"


def test_a_delivery_ends_a_row_of_soft_bounces() -> None:
    postman = Postman(make_contact("ada@example.com").pk)
    for event in [Event.SOFT_BOUNCE] * 4 + [Event.DELIVER] + [Event.SOFT_BOUNCE] * 4:
        postman.send(event)
    assert _causes() == {}
    postman.send(Event.BLOCK_BOUNCE, "other")
    assert _causes() == {"ada@example.com": "soft_bounces"}, "a block bounce is treated as a soft one"


def test_a_delivery_that_comes_back_does_not_end_the_row() -> None:
    postman = Postman(make_contact("ada@example.com").pk)
    for _ in range(5):
        message = postman.send(Event.DELIVER)
        assert message is not None
        record_results([Result(message, Event.SOFT_BOUNCE, bounce_category="full-mailbox")], sender=0, now=postman.now)
    assert _causes() == {"ada@example.com": "soft_bounces"}


def test_what_is_the_senders_fault_neither_counts_nor_ends_the_row() -> None:
    postman = Postman(make_contact("ada@example.com").pk)
    for _ in range(4):
        postman.send(Event.SOFT_BOUNCE)
        postman.send(Event.BLOCK_BOUNCE, "blocklisting-issues")
    assert _causes() == {}
    postman.send(Event.SOFT_BOUNCE)
    assert _causes() == {"ada@example.com": "soft_bounces"}


def test_a_row_is_of_the_address_whoever_has_it() -> None:
    first, second = make_contact("team@example.com").pk, make_contact("TEAM@example.com").pk
    one, other = Postman(first), Postman(second)
    for _ in range(4):
        one.send(Event.SOFT_BOUNCE)
    other.now, other.iteration = one.now, 100
    other.send(Event.SOFT_BOUNCE)
    assert _causes() == {"team@example.com": "soft_bounces"}


def test_a_complaint_suppresses_for_ever_and_each_attempt_shows_as_a_complaint() -> None:
    postman = Postman(make_contact("ada@example.com").pk)
    message = postman.send(Event.DELIVER)
    assert message is not None
    assert record_complaints([message], reason="abuse", now=postman.now) == 1
    assert record_complaints([message], reason="abuse", now=postman.now) == 0, "the same report again"
    assert [kind for kind, _ in logged()] == ["EmailSent", "EmailDelivered", "EmailFeedbackLoop"]
    postman.now += 100 * SUPPRESSED_FOR
    assert postman.send(None) is None
    assert logged()[-2:] == [("EmailBounceCacheBlocked", {"reason": "complaint"}), ("EmailFeedbackLoop", None)]
    assert count_states() == {"delivered": 1, "blocked": 1}


def test_a_bounce_does_not_shorten_a_suppression_for_ever() -> None:
    postman = Postman(make_contact("ada@example.com").pk)
    message = postman.send(Event.DELIVER)
    assert message is not None
    record_complaints([message], reason="abuse", now=postman.now)
    record_results([Result(message, Event.HARD_BOUNCE, bounce_category="invalid-mailbox")], sender=0, now=postman.now)
    assert Suppression.objects.get().until is None
    assert _causes() == {"ada@example.com": "complaint"}


def test_a_mail_that_is_queued_when_its_address_is_suppressed_is_not_sent() -> None:
    bounces, complains, fine = (make_contact(f"{name}@example.com").pk for name in ("b", "c", "f"))
    postman = Postman(bounces, complains, fine)
    enqueue([bounces, complains, fine], version_id=postman.version, iteration=50)
    Suppression.objects.create(key="b@example.com", cause="hard_bounce", since=NOW, until=NOW + DAY)
    Suppression.objects.create(key="c@example.com", cause="complaint", since=NOW)
    (claimed,) = claim_batch(sender=make_sender(), limit=10, now=NOW)
    assert claimed.contact_id == fine
    assert states()[bounces] == ("hard_bounced", "The address is suppressed.")
    assert states()[complains] == ("blocked", BlockReason.SUPPRESSED.value)
    assert [kind for kind, _ in logged(bounces)] == ["EmailSent", "EmailHardBounced"]
    assert [kind for kind, _ in logged(complains)] == ["EmailBounceCacheBlocked", "EmailFeedbackLoop"]


@pytest.mark.parametrize(
    ("key", "blocked"),
    [
        ("@example.com", ["ada@example.com", "office@example.com"]),
        ("office@", ["office@example.com", "office@other.example"]),
    ],
)
def test_a_colleagues_pattern_blocks_a_domain_or_a_local_part(key: str, blocked: list[str]) -> None:
    addresses = ["ada@example.com", "office@example.com", "office@other.example", "ada@sub.example.com"]
    people = {make_contact(address).pk: address for address in addresses}
    add_suppression(key.upper(), note="They asked", user_id=make_user().pk, until=None, now=NOW)
    done = enqueue(list(people))
    assert dict(done.reasons) == {BlockReason.SUPPRESSED.value: 2}
    assert [people[contact] for contact, (state, _) in states().items() if state == "blocked"] == blocked
    assert logged() == [(BlockReason.SUPPRESSED.value, {"reason": key})] * 2


def test_a_released_address_is_written_to_again_and_the_trail_says_who_decided() -> None:
    postman = Postman(make_contact("ada@example.com").pk)
    postman.send(Event.HARD_BOUNCE, "invalid-mailbox")
    administrator = make_user()
    found = Suppression.objects.get()
    release(found.pk, note="A typo at their side", user_id=administrator.pk, now=postman.now)
    with pytest.raises(Conflict):
        release(found.pk, note="Again", user_id=administrator.pk, now=postman.now)
    assert postman.send(Event.DELIVER) is not None
    trail = SuppressionChange.objects.order_by("id").values_list("change", "cause", "user_id", "note")
    assert list(trail) == [
        ("suppressed", "hard_bounce", None, "No."),
        ("released", "hard_bounce", administrator.pk, "A typo at their side"),
    ]
    postman.send(Event.HARD_BOUNCE, "invalid-mailbox")
    assert _causes() == {"ada@example.com": "hard_bounce"}, "another bounce suppresses it again"


@pytest.mark.parametrize("text", ["", "@", "ada", "a@b@c", "ada @example.com", "<ada@example.com>", "x" * 300 + "@a.b"])
def test_what_is_no_address_domain_or_local_part_cannot_be_suppressed(text: str) -> None:
    with pytest.raises(InvalidInput):
        add_suppression(text, note="", user_id=1, until=None, now=NOW)


@pytest.mark.django_db(transaction=True)
def test_soft_bounces_that_are_written_down_at_once_are_counted_together() -> None:
    empty_outbox()
    contact = make_contact("ada@example.com").pk
    version = make_version()
    for iteration in range(5):
        enqueue([contact], version_id=version, iteration=iteration + 1)
    sender = make_sender()
    messages = [message.id for message in claim_batch(sender=sender, limit=5, now=NOW)]
    barrier = threading.Barrier(5)

    def bounce(message: int) -> None:
        try:
            barrier.wait(10)
            record_results([Result(message, Event.SOFT_BOUNCE, bounce_category="full-mailbox")], sender=sender, now=NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=bounce, args=[message]) for message in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert _causes() == {"ada@example.com": "soft_bounces"}
    empty_outbox()


def test_bypassing_deduplication_gives_everybody_their_mail() -> None:
    from senet.messages.actions import enqueue_cohort

    people = [make_contact("ada@example.com").pk, make_contact("ada@example.com").pk]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMPORARY TABLE cohort ON COMMIT DROP AS SELECT unnest(%s::bigint[]) AS contact_id", [people]
        )
    version = make_version()
    for _ in range(2):  # twice, as after a crash
        enqueue_cohort(
            journey_id=1, iteration=1, tile=2, email_id=1, email_version_id=version, content_settings_id=None, now=NOW,
            bypass_deduplication=True,
        )  # fmt: skip
    assert count_states() == {"queued": 2}
    assert len(claim_batch(sender=make_sender(), limit=5, now=NOW)) == 2


@pytest.fixture
def _three_mails_a_month(settings: Any) -> None:
    settings.MONTHLY_MAILS = 3


@pytest.mark.usefixtures("_three_mails_a_month")
def test_when_the_months_quota_is_used_up_nobody_gets_a_mail_until_the_next() -> None:
    version = make_version()
    people = [make_contact().pk for _ in range(2)] + [make_contact(do_not_email=True).pk]
    assert enqueue(people, version_id=version).queued == 2
    assert enqueue(people, version_id=version).queued == 0, "the same cohort again costs nothing"
    done = enqueue([make_contact().pk for _ in range(3)], version_id=version)
    assert (done.queued, dict(done.reasons)) == (1, {BlockReason.NO_CREDITS.value: 2})
    assert [kind for kind, _ in logged()].count("OutOfEmailCredits") == 2
    assert enqueue([make_contact().pk], version_id=version, now=datetime(2026, 4, 1, tzinfo=NOW.tzinfo)).queued == 1


@pytest.mark.usefixtures("_three_mails_a_month")
@pytest.mark.django_db(transaction=True)
def test_two_cohorts_at_once_share_the_quota() -> None:
    empty_outbox()
    version = make_version()
    halves = [[make_contact().pk for _ in range(4)] for _ in range(2)]
    barrier = threading.Barrier(2)

    def run(half: list[int], tile: int) -> None:
        try:
            barrier.wait(10)
            with transaction.atomic():
                enqueue(half, version_id=version, tile=tile)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[half, tile]) for tile, half in enumerate(halves)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert count_states() == {"queued": 3, "blocked": 5}
    empty_outbox()
