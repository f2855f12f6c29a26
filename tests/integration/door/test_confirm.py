"""The page of a confirmation mail: a look changes nothing, the button confirms once, whoever presses it how often."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from senet.confirmations.asking import REQUEST_CAP
from senet.confirmations.mailing import queue_mails
from senet.confirmations.models import ConfirmationRequest, ConfirmationSettings
from senet.content.models import EmailVersion
from senet.delivery.memory import MemoryClient
from senet.door.app import Door
from senet.people.models import Contact
from senet.shared.clock import utc_now
from tests.integration.door.test_pages import Visitor, make_list, members
from tests.support.clickhouse import assert_audit_clean
from tests.support.confirmations import find_mails, mail, turn_on
from tests.support.door import SentMessage, make_message
from tests.support.kills import Killer
from tests.support.people import make_contact
from tests.support.senders import running, sending_through, wait_until_settled

pytestmark = pytest.mark.django_db(transaction=True)
YES: dict[str, object] = {"confirm": "1"}
SCANNER = "Mozilla/5.0 (compatible; Barracuda Sentinel)"


@pytest.fixture
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction, message, message_queue, list_member, membership_change, sender")
    turn_on()
    door = Door(tmp_path_factory.mktemp("spool"))
    yield Visitor(door)
    door.stop()


def path_of(message: SentMessage) -> str:
    return f"/confirm/{message.token('confirm')}"


def log(*types: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, message_id, list_id, journey_id FROM interaction WHERE type = ANY (%s) ORDER BY id",
            [list(types)],
        )
        return list(cursor.fetchall())


ANSWERS = ("ConfirmationResponse", "SegmentSubscribed")


def age(message: SentMessage, days: int) -> None:
    """Let the time pass since a mail was queued."""
    ConfirmationRequest.objects.filter(contact_id=message.contact_id).update(
        expires_at=utc_now() + timedelta(days=30 - days), mailed_at=utc_now() - timedelta(days=days)
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message SET queued_at = queued_at - make_interval(days => %s) WHERE id = %s", [days, message.id]
        )


def test_a_look_changes_nothing_however_often_and_by_whom(visitor: Visitor) -> None:
    news = make_list("News <b>")
    message = mail(make_contact(email="anna.bell@example.org").pk, list_id=news)
    for method in ("GET", "HEAD", "GET"):
        for query in ("", "?confirm=1"):
            answer = visitor.send(method, path_of(message) + query, headers={"user-agent": SCANNER})
            assert answer.status_code == 200
    page = visitor.get(path_of(message)).text
    assert "News &lt;b&gt;" in page
    assert "anna.bell" not in page
    assert "a•••@example.org" in page
    assert visitor.post(path_of(message)).status_code == 200  # a form that is not this page's
    assert visitor.post(path_of(message), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert members(news) == set()
    assert log(*ANSWERS) == []
    assert ConfirmationRequest.objects.get().state == "waiting"


def test_the_button_joins_the_list_and_logs_it_once(visitor: Visitor) -> None:
    news = make_list("News")
    message = mail(make_contact().pk, list_id=news)
    for _ in range(3):
        answer = visitor.post(path_of(message), YES)
        assert answer.status_code == 200
        assert "it is confirmed" in answer.text
    assert members(news) == {message.contact_id}
    assert log(*ANSWERS) == [
        ("ConfirmationResponse", message.id, news, None),
        ("SegmentSubscribed", message.id, news, None),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audience_id, change, by FROM membership_change")
        assert cursor.fetchall() == [(news, 1, "confirmation")]
    assert "it is confirmed" in visitor.get(path_of(message)).text


def test_a_consent_is_raised_and_never_lowered(visitor: Visitor) -> None:
    contact = make_contact(consent_level=2)
    message = mail(contact.pk, level=4)
    assert "you agree to: <strong>Marketing</strong>" in visitor.get(path_of(message)).text
    visitor.post(path_of(message), YES)
    contact.refresh_from_db()
    assert contact.consent_level == 4
    assert log(*ANSWERS) == [("ConfirmationResponse", message.id, None, None)]
    other = make_contact(consent_level=2)
    late = mail(other.pk, level=3)
    Contact.objects.filter(pk=other.pk).update(consent_level=5)
    visitor.post(path_of(late), YES)
    other.refresh_from_db()
    assert other.consent_level == 5


def test_two_at_once_confirm_once(visitor: Visitor) -> None:
    news = make_list("News")
    message = mail(make_contact().pk, list_id=news)
    start, answers = threading.Barrier(8), list[int]()

    def press() -> None:
        start.wait()
        answers.append(visitor.post(path_of(message), YES).status_code)

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert answers == [200] * 8
    assert [kind for kind, *_ in log(*ANSWERS)] == ["ConfirmationResponse", "SegmentSubscribed"]
    assert members(news) == {message.contact_id}


def test_who_has_left_since_is_not_brought_back_by_an_old_link(visitor: Visitor) -> None:
    news = make_list("News")
    message = mail(make_contact().pk, list_id=news)
    visitor.post(path_of(message), YES)
    visitor.post(f"/c/{message.token('centre')}", {"shown": news})
    assert members(news) == set()
    assert visitor.post(path_of(message), YES).status_code == 200
    assert members(news) == set()


def test_a_link_that_is_too_old_confirms_nothing_and_offers_a_new_mail(visitor: Visitor) -> None:
    news = make_list("News")
    message = mail(make_contact().pk, list_id=news)
    age(message, 30)
    page = visitor.get(path_of(message))
    assert (page.status_code, "no longer valid" in page.text) == (410, True)
    assert "Send me the email again" in page.text
    assert visitor.post(path_of(message), YES).status_code == 410
    assert members(news) == set()
    assert log(*ANSWERS) == []
    assert len(find_mails(message.contact_id)) == 1
    again = visitor.post(path_of(message), {"again": "1"})
    assert (again.status_code, "We have sent it" in again.text) == (200, True)
    queue_mails(utc_now())
    _, fresh = find_mails(message.contact_id)
    assert visitor.post(path_of(fresh), YES).status_code == 200
    assert members(news) == {message.contact_id}


def test_a_link_that_is_a_moment_young_enough_confirms(visitor: Visitor) -> None:
    news = make_list("News")
    message = mail(make_contact().pk, list_id=news)
    age(message, 29)
    assert visitor.post(path_of(message), YES).status_code == 200
    assert members(news) == {message.contact_id}


def test_an_old_link_floods_nobody(visitor: Visitor) -> None:
    message = mail(make_contact().pk, list_id=make_list("News"))
    age(message, 40)
    for _ in range(20):
        visitor.post(path_of(message), {"again": "1"})
        queue_mails(utc_now())
    assert len(find_mails(message.contact_id)) == 2 <= REQUEST_CAP


def test_a_link_that_is_not_ours_is_not_found(visitor: Visitor) -> None:
    news = make_list("News")
    message = mail(make_contact().pk, list_id=news)
    token = message.token("confirm")
    other = make_message()
    forged = [
        token[:-1] + ("A" if token[-1] != "A" else "B"),
        token[:10] + ("A" if token[10] != "A" else "B") + token[11:],
        message.token("redirect"),
        message.token("centre"),
        token + "A",
        "x",
        other.token("confirm"),  # a message that asks nothing
        SentMessage(10**15, 1, 1, 1, 0).token("confirm"),
        SentMessage(0, 1, 1, 1, 0).token("confirm"),
    ]
    for text in forged:
        for method in ("GET", "POST"):
            answer = visitor.send(method, f"/confirm/{text}", data=YES)
            assert (answer.status_code, "does not work" in answer.text) == (404, True), text
    assert members(news) == set()


def test_another_address_since_confirms_nothing_but_can_be_asked(visitor: Visitor) -> None:
    news, contact = make_list("News"), make_contact(email="old@example.com")
    message = mail(contact.pk, list_id=news)
    Contact.objects.filter(pk=contact.pk).update(email="new@example.com")
    assert visitor.post(path_of(message), YES).status_code == 410
    assert members(news) == set()
    assert "We have sent it" in visitor.post(path_of(message), {"again": "1"}).text
    queue_mails(utc_now())
    fresh = find_mails(contact.pk)[-1]
    assert visitor.post(path_of(message), YES).status_code == 410  # the old mail asks nothing any more
    assert visitor.post(path_of(fresh), YES).status_code == 200
    assert members(news) == {contact.pk}


def test_a_list_that_is_gone_cannot_be_joined(visitor: Visitor) -> None:
    from senet.audiences.actions import delete_list

    news = make_list("News")
    message = mail(make_contact().pk, list_id=news)
    delete_list(news, utc_now())
    answer = visitor.post(path_of(message), YES)
    assert (answer.status_code, "no more" in answer.text) == (410, True)


def test_afterwards_people_go_where_the_settings_say_and_nowhere_else(visitor: Visitor) -> None:
    ConfirmationSettings.objects.update(subscription_thanks_url="https://shop.example.com/thanks?x=1")
    message = mail(make_contact().pk, list_id=make_list("News"))
    page = visitor.get(path_of(message) + "?next=https://evil.example/")
    assert "form-action 'self' https://shop.example.com;" in page.headers["content-security-policy"]
    for _ in range(2):
        answer = visitor.post(path_of(message) + "?next=https://evil.example/", YES)
        assert answer.status_code == 303
        assert answer.headers["location"] == "https://shop.example.com/thanks?x=1"
        assert answer.headers["cache-control"] == "no-store, private"


# -- the subscription centre -----------------------------------------------------------------------------------------


def test_the_centre_asks_for_what_is_added_and_takes_away_at_once(visitor: Visitor) -> None:
    news, offers, old = make_list("News"), make_list("Offers"), make_list("Old")
    message = make_message(email="anna@example.org")
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO list_member VALUES (%s, %s, now())", [old, message.contact_id])
    centre = f"/c/{message.token('centre')}"
    page = visitor.post(centre, {"shown": [news, offers, old], "list": [news, offers]}).text
    assert "We have sent you an email for each new choice" in page
    assert page.count("Waits for your confirmation") == 2
    assert members(old) == members(news) == members(offers) == set()
    assert [row[:3] for row in log("ConfirmationRequest", "SegmentUnsubscribed", "SegmentSubscribed")] == [
        ("ConfirmationRequest", message.id, news),
        ("ConfirmationRequest", message.id, offers),
        ("SegmentUnsubscribed", message.id, old),
    ]
    queue_mails(utc_now())
    first, second = find_mails(message.contact_id)
    visitor.post(path_of(first), YES)
    visitor.post(path_of(second), YES)
    assert members(news) == members(offers) == {message.contact_id}
    assert "Waits for" not in visitor.get(centre).text


def test_ticking_a_list_again_sends_no_second_mail_at_once(visitor: Visitor) -> None:
    news, message = make_list("News"), make_message()
    centre = f"/c/{message.token('centre')}"
    for _ in range(5):
        page = visitor.post(centre, {"shown": news, "list": news}).text
        queue_mails(utc_now())
    assert "we do not send it again just yet" in page
    assert len(find_mails(message.contact_id)) == 1


def test_the_centre_raises_the_consent_by_mail_and_lowers_it_at_once(visitor: Visitor) -> None:
    ConfirmationSettings.objects.update(centre_shows_consent=True)
    message = make_message(consent_level=2)
    centre = f"/c/{message.token('centre')}"
    shown: dict[str, object] = {"consent_shown": "2"}

    def level() -> int:
        return Contact.objects.get(pk=message.contact_id).consent_level

    assert "What we may do" in visitor.get(centre).text
    visitor.post(centre, {**shown, "consent_level": "4"})
    assert level() == 2
    queue_mails(utc_now())
    (asks,) = find_mails(message.contact_id)
    visitor.post(centre, {**shown, "consent_level": "2"})  # saved again, with the consent as it was
    assert visitor.get(path_of(asks)).status_code == 200
    visitor.post(centre, {**shown, "consent_level": "1"})
    assert level() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT detail->>'consent_level', detail->>'consent_before' FROM interaction ORDER BY id DESC")
        assert cursor.fetchone() == ("1", "2")
    assert visitor.post(path_of(asks), YES).status_code == 410  # what they chose last holds
    assert level() == 1
    for nonsense in ("9", "-1", "x", ""):
        assert visitor.post(centre, {**shown, "consent_level": nonsense}).status_code == 200
    assert level() == 1


def test_without_double_opt_in_choices_hold_at_once(visitor: Visitor) -> None:
    ConfirmationSettings.objects.update(enabled=False, centre_shows_consent=True)
    news, message = make_list("News"), make_message(consent_level=2)
    form: dict[str, object] = {"shown": news, "list": news, "consent_shown": "2", "consent_level": "5"}
    page = visitor.post(f"/c/{message.token('centre')}", form).text
    assert "sent you an email" not in page
    assert members(news) == {message.contact_id}
    assert Contact.objects.get(pk=message.contact_id).consent_level == 5
    assert not ConfirmationRequest.objects.exists()


def test_a_centre_that_does_not_show_the_consent_does_not_take_it(visitor: Visitor) -> None:
    message = make_message(consent_level=2)
    visitor.post(f"/c/{message.token('centre')}", {"consent_shown": "2", "consent_level": "1"})
    assert Contact.objects.get(pk=message.contact_id).consent_level == 2


# -- from the mail to the list, and the numbers ----------------------------------------------------------------------


def send_all() -> list[str]:
    """Send what is queued through the real sender's loop; return the mails' texts."""
    client = MemoryClient()
    with running(sending_through(client)):
        wait_until_settled()
    return [message.content.decode().replace("=\r\n", "").replace("=3D", "=") for message in client.taken]


@pytest.mark.usefixtures("clickhouse_tables")
def test_the_link_in_the_mail_that_was_sent_confirms_and_the_numbers_agree(visitor: Visitor) -> None:
    news, contact = make_list("Tea & cake"), make_contact(first_name="Ada")
    mail(contact.pk, list_id=news)
    (text,) = send_all()
    assert "Dear Ada" in text
    assert "Tea & cake" in text
    assert "List-Unsubscribe" not in text
    found = re.search(r"/confirm/[\w-]+", text)
    assert found is not None
    assert visitor.get(found[0]).status_code == 200
    assert visitor.post(found[0], YES).status_code == 200
    assert members(news) == {contact.pk}
    assert [kind for kind, *_ in log("EmailSent", "EmailDelivered", *ANSWERS)] == [
        "EmailSent",
        "EmailDelivered",
        "ConfirmationResponse",
        "SegmentSubscribed",
    ]
    assert_audit_clean()


def test_a_mail_whose_question_is_settled_before_it_leaves_is_not_sent(visitor: Visitor) -> None:
    contact = make_contact(consent_level=1)
    message = mail(contact.pk, level=3)
    mail(contact.pk, level=5)
    assert len(send_all()) == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, reason FROM message WHERE id = %s", [message.id])
        assert cursor.fetchone() == ("blocked", "EmailBlockedOtherReason")
    assert visitor.get(path_of(message)).status_code == 410


@pytest.mark.processes
def test_killed_at_any_moment_a_confirmation_holds_whole_or_not_at_all(visitor: Visitor) -> None:
    news, people = make_list("News"), [make_contact(consent_level=1).pk for _ in range(2)]
    killer, now = Killer(), utc_now()
    try:
        from tests.support.confirmations import ask

        ask(people[0], list_id=news, now=now)
        ask(people[1], level=4, now=now)
        killer.act("queue_confirmations", now)
        (join,), (agree,) = (find_mails(person) for person in people)
        for message in (join, agree):
            version = EmailVersion.objects.get(pk=message.version_id).pk
            kill_at = 1
            while killer.run("confirm", now, kill_at=kill_at, message=message.id, version=version).commits == 0:
                assert_nothing_half(message, news, now)
                kill_at += 1
            assert kill_at > 4
    finally:
        killer.close()
    assert visitor.post(path_of(join), YES).status_code == 200
    assert members(news) == {people[0]}
    assert Contact.objects.get(pk=people[1]).consent_level == 4
    assert log(*ANSWERS) == [
        ("ConfirmationResponse", join.id, news, None),
        ("SegmentSubscribed", join.id, news, None),
        ("ConfirmationResponse", agree.id, None, None),
    ]


def assert_nothing_half(message: SentMessage, news: int, now: datetime) -> None:
    """Nothing of an answer is there that did not come to its end."""
    request = ConfirmationRequest.objects.get(contact_id=message.contact_id)
    assert (request.state, request.answered_at) == ("waiting", None)
    assert message.contact_id not in members(news)
    assert not [row for row in log(*ANSWERS) if row[1] == message.id]
    assert Contact.objects.get(pk=message.contact_id).consent_level == 1
