"""The frequency cap and quiet hours hold for all senders together, also when one of them dies in the middle."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from senet.messages import claims, holding
from senet.messages.actions import claim_batch, keep_terms, record_results
from senet.messages.leases import end_sender
from senet.messages.limits import AllLimits, Limits
from senet.messages.prepared import fetch_prepared
from senet.messages.states import Event
from senet.messages.values import ClaimedMessage, Result
from senet.people.models import Contact
from tests.support.accounts import make_unit
from tests.support.messages import NOW, count_states, empty_outbox, enqueue, logged, make_sender, make_version, states
from tests.support.people import make_contacts

pytestmark = pytest.mark.django_db

ONE_A_DAY = AllLimits(Limits(per_day=1))
NIGHT = AllLimits(Limits(quiet_from=time(21), quiet_until=time(8)))


def _claim(now: datetime = NOW, *, limits: AllLimits = ONE_A_DAY, limit: int = 100) -> list[ClaimedMessage]:
    return claim_batch(sender=make_sender(now), limit=limit, now=now, limits=limits)


def _send(now: datetime = NOW, *, limits: AllLimits = ONE_A_DAY) -> list[int]:
    """Claim and deliver what may leave, and say to whom."""
    sender = make_sender(now)
    claimed = claim_batch(sender=sender, limit=1000, now=now, limits=limits)
    record_results([Result(message.id, Event.DELIVER) for message in claimed], sender=sender, now=now)
    return sorted(message.contact_id for message in claimed)


def _dues() -> list[tuple[int, datetime]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id, due_at FROM message_queue JOIN message ON id = message_id ORDER BY 1, 2")
        return [(contact_id, due_at) for contact_id, due_at in cursor.fetchall()]


def test_what_a_cap_holds_back_waits_until_it_is_allowed() -> None:
    people = make_contacts(3)
    enqueue(people)
    assert _send() == people
    enqueue(people[:2], tile=3, now=NOW + timedelta(hours=5))
    assert _send(NOW + timedelta(hours=5)) == []
    tomorrow = NOW + timedelta(hours=24)
    assert _dues() == [(people[0], tomorrow), (people[1], tomorrow)]
    assert {reason for state, reason in states().values() if state == "queued"} <= {"frequency_cap"}
    assert _send(tomorrow - timedelta(seconds=1)) == []
    assert _send(tomorrow) == people[:2]


def test_of_several_messages_in_one_batch_a_person_gets_as_many_as_the_cap_allows() -> None:
    people = make_contacts(4)
    for tile in range(2, 7):
        enqueue(people, tile=tile)
    claimed = Counter(message.contact_id for message in _claim(limits=AllLimits(Limits(per_day=3, per_week=2))))
    assert claimed == dict.fromkeys(people, 2)


def test_transactional_mail_is_neither_capped_nor_counted_nor_kept_from_the_night() -> None:
    (person,) = make_contacts(1)
    receipt = make_version(legal_designation="transactional")
    limits = AllLimits(Limits(per_day=1, quiet_from=time(12), quiet_until=time(13)))
    for tile in range(2, 5):
        enqueue([person], tile=tile, version_id=receipt)
    assert _send(limits=limits) == [person] * 3
    enqueue([person], tile=5)
    assert _send(limits=limits) == [person], "nothing has counted so far"
    at_noon = NOW.replace(hour=12)
    enqueue([person], tile=6, version_id=receipt, now=at_noon)
    assert _send(at_noon, limits=limits) == [person]


def test_what_bounced_or_was_blocked_counts_for_nothing() -> None:
    (person,) = make_contacts(1)
    for tile, event in enumerate([Event.HARD_BOUNCE, Event.SOFT_BOUNCE, Event.BLOCK], start=2):
        enqueue([person], tile=tile)
        sender = make_sender()
        (message,) = claim_batch(sender=sender, limit=5, now=NOW, limits=ONE_A_DAY)
        reason = "EmailBlockedOtherReason" if event is Event.BLOCK else "words"
        result = Result(message.id, event, reason=reason, bounce_category="reputation-issues")
        record_results([result], sender=sender, now=NOW)
    enqueue([person], tile=9)
    assert _send() == [person]


def test_what_waited_would_be_too_late_is_blocked_with_its_reason() -> None:
    early, expiring, patient = make_contacts(3)
    enqueue([early, expiring, patient])
    _send()
    later = NOW + timedelta(hours=1)
    enqueue([expiring], tile=3, now=later, expires_at=NOW + timedelta(hours=24))
    enqueue([patient], tile=3, now=later, expires_at=NOW + timedelta(hours=25))
    assert _send(later) == []
    detail = {"reason": "The frequency cap allows it on 2026-03-02 09:00 UTC at the earliest."}
    assert logged(expiring)[-1] == ("EmailBlockedByFrequencyCap", detail)
    assert _dues() == [(patient, NOW + timedelta(hours=24))]


def test_what_would_wait_for_longer_than_allowed_is_blocked_and_so_is_all_of_it_when_nothing_waits() -> None:
    one, other = make_contacts(2)
    enqueue([one, other])
    _send()
    enqueue([one], tile=3)
    assert _send(limits=AllLimits(Limits(per_week=1))) == []
    enqueue([other], tile=3)
    assert _send(limits=AllLimits(Limits(per_day=1, delays=False))) == []
    assert [logged(person)[-1][0] for person in (one, other)] == ["EmailBlockedByFrequencyCap"] * 2
    assert count_states() == {"delivered": 2, "blocked": 2}


def test_a_business_units_cap_holds_for_its_contacts() -> None:
    here, there = make_contacts(2)
    unit = make_unit("Elsewhere")
    Contact.objects.filter(pk=there).update(business_unit=unit)
    limits = AllLimits(Limits(per_day=1), {unit.pk: Limits(per_day=2)})
    for tile in (2, 3, 4):
        enqueue([here, there], tile=tile)
    assert _send(limits=limits) == [here, there, there]


def test_a_mail_that_a_dead_sender_may_have_sent_counts_and_goes_first() -> None:
    (person,) = make_contacts(1)
    enqueue([person])
    dead = make_sender()
    (taken_up,) = claim_batch(sender=dead, limit=5, now=NOW, limits=ONE_A_DAY)
    end_sender(dead, NOW)  # its claims are free again, and nobody knows what it has sent
    enqueue([person], tile=3, now=NOW - timedelta(minutes=1))
    assert _claim(limit=1) == [], "the other one, which is due for longer"
    assert [message.id for message in _claim()] == [taken_up.id]
    assert count_states() == {"sending": 1, "queued": 1}
    assert _dues()[-1] == (person, NOW + timedelta(hours=24))


@pytest.fixture
def _empty_outbox(transactional_db: None) -> Iterator[None]:
    empty_outbox()
    yield
    empty_outbox()


@pytest.mark.usefixtures("_empty_outbox")
def test_senders_that_claim_at_once_never_exceed_the_cap() -> None:
    people = make_contacts(40)
    version = make_version()
    for tile in range(2, 12):
        enqueue(people, tile=tile, version_id=version)
    limits = AllLimits(Limits(per_day=3))
    claimed: list[ClaimedMessage] = []
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def work() -> None:
        try:
            sender = make_sender()
            start.wait()
            while found := claim_batch(sender=sender, limit=7, now=NOW, limits=limits):
                claimed.extend(found)
            for _ in range(60):  # what is left is put off, batch by batch
                claimed.extend(claim_batch(sender=sender, limit=7, now=NOW, limits=limits))
        except BaseException as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert Counter(message.contact_id for message in claimed) == dict.fromkeys(people, 3)
    assert count_states() == {"sending": 120, "queued": 280}
    assert {due_at for _, due_at in _dues()} == {NOW, NOW + timedelta(hours=24)}


def test_in_quiet_hours_bulk_waits_for_the_morning_of_each_person() -> None:
    berlin, new_york, nowhere = make_contacts(3)
    Contact.objects.filter(pk=berlin).update(time_zone="Europe/Berlin")
    Contact.objects.filter(pk=new_york).update(time_zone="America/New_York")
    keep_terms(1, minimum_consent=0, list_ids=[], time_zone="Asia/Tokyo")
    night = datetime(2026, 3, 1, 23, tzinfo=UTC)  # midnight in Berlin, 18:00 in New York, 8:00 in Tokyo
    enqueue([berlin, new_york, nowhere], now=night)
    assert _send(night, limits=NIGHT) == [new_york, nowhere]
    assert _dues() == [(berlin, datetime(2026, 3, 2, 7, tzinfo=UTC))]
    assert states()[berlin] == ("queued", "quiet_hours")
    assert _send(datetime(2026, 3, 2, 7, tzinfo=UTC), limits=NIGHT) == [berlin]


def test_what_expires_before_the_morning_is_blocked_as_expired() -> None:
    (person,) = make_contacts(1)
    night = datetime(2026, 3, 1, 22, tzinfo=UTC)
    enqueue([person], now=night, expires_at=night + timedelta(hours=2))
    assert _send(night, limits=NIGHT) == []
    ((kind, detail),) = logged(person)
    assert (kind, "Quiet hours" in detail["reason"]) == ("EmailBlockedByActivityExpiration", True)


def test_a_cap_that_ends_in_the_night_lets_mail_go_in_the_morning() -> None:
    (person,) = make_contacts(1)
    limits = AllLimits(Limits(per_day=1, quiet_from=time(21), quiet_until=time(8)))
    evening = datetime(2026, 3, 1, 20, 59, 59, tzinfo=UTC)
    enqueue([person], now=evening)
    assert _send(evening, limits=limits) == [person]
    enqueue([person], tile=3, now=evening)
    assert _send(datetime(2026, 3, 2, 20, 59, tzinfo=UTC), limits=limits) == []
    later = datetime(2026, 3, 2, 20, 59, 59, tzinfo=UTC)
    assert _dues() == [(person, later)]
    assert _send(later + timedelta(minutes=5), limits=limits) == []
    assert _dues() == [(person, datetime(2026, 3, 3, 8, tzinfo=UTC))]


def test_without_limits_a_claim_is_one_statement_and_with_them_a_few_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    enqueue(make_contacts(60))
    prepared: list[str] = []

    def fetch(name: str, parameters: Mapping[str, object]) -> Sequence[tuple[object, ...]]:
        prepared.append(name)
        return fetch_prepared(name, parameters)

    for module in (claims, holding):
        monkeypatch.setattr(module, "fetch_prepared", fetch)
    for limits, statements, most in (
        (AllLimits(), ["claim_batch"], 0),
        (ONE_A_DAY, ["claim_batch", "list_recent_mails"], 4),
        (NIGHT, ["claim_batch"], 3),
    ):
        sender = make_sender()
        prepared.clear()
        with CaptureQueriesContext(connection) as queries:
            claimed = claim_batch(sender=sender, limit=20, now=NOW, limits=limits)
        assert len(claimed) == 20
        assert prepared == statements
        assert len(queries) <= most, "besides: its transaction's beginning and end, and the senders' turn"
