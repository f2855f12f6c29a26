"""Asking: one request a list and one for the consent waits at a time, its mail is there once, and nobody is flooded."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from senet.accounts.values import Role
from senet.audiences.actions import join_list
from senet.confirmations.asking import AGAIN_AFTER, PERSON_CAP, REQUEST_CAP
from senet.confirmations.mailing import queue_mails
from senet.confirmations.models import ConfirmationRequest
from senet.confirmations.queries import find_confirmations
from senet.confirmations.values import LASTS, Asked
from senet.content.models import ContentSettings, Email
from senet.people.actions import delete_contact
from senet.people.models import Contact
from senet.shared.clock import utc_now
from tests.support.accounts import make_principal
from tests.support.confirmations import ask, email_of, find_mails, mail, make_list, stop_content_settings, turn_on
from tests.support.people import make_contact

pytestmark = pytest.mark.django_db
NOW = utc_now()


@pytest.fixture(autouse=True)
def setup() -> None:
    turn_on()


def test_each_list_has_a_mail_of_its_own_and_consent_another() -> None:
    person = make_contact(consent_level=2).pk
    news, offers = make_list("News", description="Monthly"), make_list("Offers")
    for list_id in (news, offers):
        assert ask(person, list_id=list_id, now=NOW) is Asked.MAILED
    assert ask(person, level=4, now=NOW) is Asked.MAILED
    assert queue_mails(NOW) == 3
    assert queue_mails(NOW) == 0
    found = find_mails(person)
    assert [email_of(message) for message in found] == ["Join?", "Join?", "Agree?"]
    told = find_confirmations([message.id for message in found])
    in_order = [told[message.id] for message in found]
    assert [(each.request_type, each.object_name, each.object_value) for each in in_order] == [
        ("Subscription", "News", ""),
        ("Subscription", "Offers", ""),
        ("Consent", "Consent", "4"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), bool_and(urgent) FROM message_queue")
        assert cursor.fetchone() == (3, True)
        cursor.execute("SELECT bool_or(commercial) FROM message")
        assert cursor.fetchone() == (False,)


def test_who_asks_again_gets_the_mail_again_but_not_at_once_and_not_often() -> None:
    person, news = make_contact().pk, make_list("News")
    mail(person, list_id=news, now=NOW)
    assert ask(person, list_id=news, now=NOW + timedelta(minutes=1)) is Asked.MAILED_BEFORE
    now = NOW
    for _ in range(REQUEST_CAP - 1):
        now += AGAIN_AFTER
        mail(person, list_id=news, now=now)
    assert ask(person, list_id=news, now=now + AGAIN_AFTER) is Asked.MAILED_BEFORE
    assert len(find_mails(person)) == REQUEST_CAP
    assert ask(person, list_id=news, now=now + timedelta(days=1, minutes=1)) is Asked.MAILED
    (request,) = ConfirmationRequest.objects.filter(contact_id=person)
    assert request.expires_at == now + timedelta(days=1, minutes=1) + LASTS


def test_a_person_gets_so_many_confirmation_mails_a_day_and_the_others_later() -> None:
    person = make_contact().pk
    lists = [make_list(f"List {number}") for number in range(PERSON_CAP + 2)]
    for list_id in lists:
        assert ask(person, list_id=list_id, now=NOW) is Asked.MAILED
    assert queue_mails(NOW) == PERSON_CAP
    assert queue_mails(NOW + timedelta(hours=23)) == 0
    assert queue_mails(NOW + timedelta(hours=25)) == 2


def test_there_is_nothing_to_confirm_for_who_has_it_already() -> None:
    person, news = make_contact(consent_level=4).pk, make_list("News")
    join_list(news, [person], now=NOW)
    assert ask(person, list_id=news) is Asked.NOT_NEEDED
    assert ask(person, level=4) is Asked.NOT_NEEDED
    assert ask(person, level=3) is Asked.NOT_NEEDED
    assert ask(make_contact(email="").pk, list_id=news) is Asked.NO_ADDRESS
    assert not ConfirmationRequest.objects.exists()


def test_another_level_or_another_address_is_another_question() -> None:
    contact = make_contact(email="old@example.com", consent_level=1)
    first = mail(contact.pk, level=3, now=NOW)
    second = mail(contact.pk, level=5, now=NOW)
    assert find_confirmations([first.id, second.id]).keys() == {second.id}
    Contact.objects.filter(pk=contact.pk).update(email="new@example.com")
    third = mail(contact.pk, level=5, now=NOW)
    states = ConfirmationRequest.objects.order_by("id").values_list("consent_level", "address", "state")
    assert list(states) == [
        (3, "old@example.com", "withdrawn"),
        (5, "old@example.com", "withdrawn"),
        (5, "new@example.com", "waiting"),
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM message WHERE id = %s", [third.id])
        assert cursor.fetchone() == ("new@example.com",)


def test_mails_wait_while_the_content_settings_are_stopped_and_are_valid_from_then_on() -> None:
    person, news = make_contact().pk, make_list("News")
    ask(person, list_id=news, now=NOW)
    stop_content_settings()
    later = NOW + timedelta(days=40)
    assert queue_mails(later) == 0
    ContentSettings.objects.update(status="live")
    assert queue_mails(later) == 1
    assert ConfirmationRequest.objects.get().expires_at == later + LASTS


def test_mails_wait_while_the_months_quota_is_used_up(settings: Settings) -> None:
    settings.MONTHLY_MAILS = 1
    for person in (make_contact(), make_contact()):
        ask(person.pk, list_id=make_list("News"), now=NOW)
    assert queue_mails(NOW) == 1
    assert queue_mails(NOW) == 0
    settings.MONTHLY_MAILS = 2
    assert queue_mails(NOW) == 1


def test_the_version_published_last_is_sent_whatever_becomes_of_the_email() -> None:
    person, news = make_contact().pk, make_list("News")
    Email.objects.update(status="expired")
    message = mail(person, list_id=news, now=NOW)
    assert email_of(message) == "Join?"


def test_what_is_asked_is_logged_once_a_mail() -> None:
    person, news = make_contact().pk, make_list("News")
    ask(person, list_id=news, now=NOW)
    ask(person, list_id=news, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, contact_id, list_id, detail->>'request_type', detail->>'by' FROM interaction")
        assert cursor.fetchall() == [("ConfirmationRequest", person, news, "Subscription", "api")]


def test_who_is_deleted_takes_along_what_they_had_asked_for() -> None:
    person, other, news = make_contact().pk, make_contact().pk, make_list("News")
    ask(person, list_id=news, now=NOW)
    delete_contact(person, principal=make_principal(Role.ADMINISTRATOR), now=NOW)
    assert not ConfirmationRequest.objects.exists()
    ask(other, list_id=news, now=NOW)
    with connection.cursor() as cursor:  # as when the ask and the deletion crossed
        cursor.execute("DELETE FROM contact WHERE id = %s", [other])
    assert queue_mails(NOW) == 0
    assert not ConfirmationRequest.objects.exists()
