"""Forwarding to a friend: a new message with its own links, few of them, and no way to mail at large."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from senet.content.models import CalendarEvent, EmailVersion
from senet.content.values import RenderedMessage
from senet.delivery import test_send
from senet.door.app import Door
from senet.door.forward_sending import send_forwards
from senet.door.forwards import ADDRESS_CAP, FIELDS, MESSAGE_CAP, PERSON_CAP
from senet.people.models import Contact
from senet.shared.clock import utc_now
from senet.shared.tokens import find_link
from tests.integration.door.test_pages import Visitor
from tests.support.accounts import main_unit
from tests.support.clickhouse import assert_audit_clean
from tests.support.content import NOW, make_content_settings, make_live_email
from tests.support.door import SentMessage, make_journey, make_message

pytestmark = pytest.mark.django_db(transaction=True)
BODY = """<html><body><p>Dear {{ contact.first_name | default: "friend" }}, {{ contact.email }}</p>
<p><a href="https://shop.example.com/offer">The offer</a> <a href="{{ message.forward_url }}">Forward</a></p>
<p>{{ content_settings.address_main }} <a href="{{ content_settings.subscription_center }}">Preferences</a></p>
</body></html>"""
WITH_WEB_VIEW = BODY.replace(
    "<p><a",
    "<p>of {{ contact.city | default: 'nowhere' }}: {{ event.name }}</p><p><a",
    1,
).replace(
    "</body>",
    '<p><a href="{{ message.web_view_url }}">Web</a> <a href="{{ message.unsubscribe_url }}">Leave</a></p></body>',
)


class Post:
    """A mail server that takes everything, or nothing."""

    def __init__(self, *, refuses: bool = False) -> None:
        self.mails: list[tuple[str, bytes]] = []
        self.refuses = refuses

    def __call__(self, messages: Sequence[tuple[str, RenderedMessage]]) -> list[test_send.TestResult]:
        self.mails += [(message.to_address, message.content) for _, message in messages]
        reason = "550 <script>alert(1)</script>" if self.refuses else ""
        return [test_send.TestResult(address, not self.refuses, reason) for address, _ in messages]


@pytest.fixture
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction, message, forwarded_mail")
    make_content_settings(is_default=True)
    door = Door(tmp_path_factory.mktemp("spool"))
    yield Visitor(door)
    door.stop()


def deliver(**contact: Any) -> SentMessage:
    """A message that was delivered now, of an email that may be forwarded."""
    columns = {"source": contact.pop("source", BODY), "event_id": contact.pop("event", None)}
    version = make_live_email(**columns).live_version_id
    assert version is not None
    contact = {"first_name": "Anna", "email": "anna.bell@example.org", **contact}
    message = make_message(EmailVersion.objects.get(pk=version), make_journey(), **contact)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE message SET sent_at = now(), delivered_at = now() WHERE id = %s", [message.id])
        cursor.execute(
            "INSERT INTO interaction (type, at, journey_id, iteration, tile, message_id, email_id, contact_id)"
            " SELECT kind, now(), journey_id, iteration, tile, id, email_id, contact_id"
            " FROM message, unnest(ARRAY['EmailSent', 'EmailDelivered']) AS kind WHERE id = %s",
            [message.id],
        )
    return message


def deliver_whole(**contact: Any) -> SentMessage:
    """The same with every link that the door answers, and an event."""
    event = CalendarEvent.objects.create(
        key="k" * 43, name="Spring fair", starts_at=NOW, ends_at=NOW, business_unit=main_unit()
    )
    return deliver(source=WITH_WEB_VIEW, event=event.pk, **contact)


def post(visitor: Visitor, message: SentMessage, *addresses: str) -> Any:
    body = "&".join(f"address={address}" for address in addresses)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    return visitor.send("POST", f"/f/{message.token('forward')}", content=body, headers=headers)


def waiting() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM forwarded_mail WHERE state = 'waiting' ORDER BY id")
        return [address for (address,) in cursor.fetchall()]


def log(*types: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT type, message_id, contact_id, address FROM interaction WHERE type = ANY (%s) ORDER BY id",
            [list(types)],
        )
        return list(cursor.fetchall())


def read(content: bytes) -> EmailMessage:
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def html_of(content: bytes) -> str:
    part = read(content).get_body(("html",))
    assert part is not None
    return str(part.get_content())


def test_a_friend_gets_a_new_message_with_its_own_beacon_and_links_and_nothing_personal(visitor: Visitor) -> None:
    message, mail_server = deliver(), Post()
    assert post(visitor, message, "friend%40example.net").status_code == 200
    assert send_forwards(utc_now(), send=mail_server) == 1
    ((to, content),) = mail_server.mails
    html = html_of(content)
    assert to == "friend@example.net"
    assert "Anna" not in content.decode()
    assert "anna.bell" not in content.decode()
    assert "Dear friend, friend@example.net" in html
    tokens = [find_link(text, purpose="redirect") for text in re.findall(r"/r/([\w-]+)", html)]
    beacons = [find_link(text, purpose="open") for text in re.findall(r"/o/([\w-]+)", html)]
    (new_id,) = {token.message_id for token in (*tokens, *beacons) if token}
    assert new_id != message.id
    assert log("EmailForwarded", "EmailSent", "EmailDelivered")[2:] == [
        ("EmailForwarded", message.id, message.contact_id, "anna.bell@example.org"),
        ("EmailSent", new_id, None, None),
        ("EmailDelivered", new_id, None, None),
    ]
    (link, *_) = re.findall(r'/r/([^"]+)', html)
    assert visitor.send("GET", f"/r/{link}").headers["location"] == "https://shop.example.com/offer"
    assert log("EmailClicked") == [("EmailClicked", new_id, None, None)]


@pytest.mark.usefixtures("clickhouse_tables")
def test_the_numbers_agree_afterwards(visitor: Visitor) -> None:
    message, other = deliver(), deliver(email="b@example.org")
    post(visitor, message, "one%40example.net", "two%40example.net")
    send_forwards(utc_now(), send=Post())
    post(visitor, other, "three%40example.net")
    send_forwards(utc_now(), send=Post(refuses=True))
    assert [kind for kind, *_ in log("EmailSendingFailed")] == ["EmailSendingFailed"]
    assert "script" not in str(log("EmailSendingFailed"))
    assert_audit_clean()


def test_opening_the_page_sends_nothing(visitor: Visitor) -> None:
    message = deliver()
    path = f"/f/{message.token('forward')}"
    for method in ("GET", "HEAD"):
        for query in ("", "?address=a%40example.net"):
            assert visitor.send(method, path + query).status_code == 200
    page = visitor.send("GET", path)
    assert page.text.count('name="address"') == FIELDS
    assert "textarea" not in page.text
    assert (waiting(), log("EmailForwarded")) == ([], [])


def test_a_form_without_a_true_token_sends_nothing(visitor: Visitor) -> None:
    message = deliver()
    for token in (message.token("centre"), message.token("redirect", 1), "x" * 40, message.token("open")):
        answer = visitor.send("POST", f"/f/{token}", data={"address": "a@example.net"})
        assert answer.status_code == 404
    assert waiting() == []


@pytest.mark.parametrize(
    "hostile",
    [
        "a%40example.net%0d%0aBcc: b%40example.net",
        "a%40example.net%0aSubject: Buy",
        "a%40example.net, b%40example.net",
        "a%40example.net;b%40example.net",
        "%22a b%22%40example.net",
        "Friend %3Ca%40example.net%3E",
        "a%40%5B127.0.0.1%5D",
        "a%40localhost",
        "a%00%40example.net",
        "%3Cscript%3E%40example.net",
        "a%40example.net%3E%0d%0aRCPT TO:%3Cb%40example.net",
        "a" * 300 + "%40example.net",
    ],
)
def test_only_a_plain_address_is_taken(visitor: Visitor, hostile: str) -> None:
    answer = post(visitor, deliver(), hostile)
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert (waiting(), log("EmailForwarded")) == ([], [])


def test_nothing_but_addresses_is_taken_from_the_form(visitor: Visitor) -> None:
    message, mail_server = deliver(), Post()
    form = {
        "address": "a@example.net", "name": "BUY NOW http://evil.example", "subject": "Evil", "text": "Evil",
        "from": "evil@evil.example", "message_id": "1", "url": "http://evil.example", "email_version_id": "2",
    }  # fmt: skip
    assert visitor.send("POST", f"/f/{message.token('forward')}", data=form).status_code == 200
    send_forwards(utc_now(), send=mail_server)
    ((_, content),) = mail_server.mails
    assert "vil" not in content.decode()
    assert read(content)["From"] == "The Shop <news@shop.example.com>"
    assert read(content)["To"] == "a@example.net"


def test_it_is_no_relay_whoever_asks_how_often(visitor: Visitor) -> None:
    """A message goes on to ten friends, a recipient's messages to twenty a day, a friend gets three a day."""
    message = deliver()
    for number in range(20):
        post(visitor, message, *(f"f{number}x{each}%40example.net" for each in range(FIELDS + 3)))
    assert len(waiting()) == MESSAGE_CAP
    with connection.cursor() as cursor:
        for more in range(3):
            cursor.execute(
                "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, address,"
                " address_key, domain, state, queued_at, sent_at) SELECT journey_id, %s, tile, contact_id, email_id,"
                " email_version_id, address, NULL, domain, 'delivered', now(), now() FROM message WHERE id = %s"
                " RETURNING id",
                [more + 2, message.id],
            )
            again = SentMessage(cursor.fetchone()[0], message.contact_id, message.email_id, message.version_id, 0)
            for number in range(3):
                post(visitor, again, *(f"m{more}n{number}x{each}%40example.net" for each in range(FIELDS)))
    assert len(waiting()) == PERSON_CAP
    for number in range(ADDRESS_CAP + 2):
        post(visitor, deliver(email=f"other{number}@example.org"), "victim%40example.net")
    assert waiting().count("victim@example.net") == ADDRESS_CAP


def test_the_same_friend_gets_a_message_once_and_a_forwarded_one_goes_no_further(visitor: Visitor) -> None:
    message, mail_server = deliver(), Post()
    for spelling in ("Friend%40Example.NET", "friend%40example.net", "%20friend%40example.net%20"):
        assert post(visitor, message, spelling).status_code == 200
    assert waiting() == ["friend@example.net"]
    assert [send_forwards(utc_now(), send=mail_server) for _ in range(3)] == [1, 0, 0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT new_message_id FROM forwarded_mail")
        (new_id,) = cursor.fetchone()
    copy = SentMessage(new_id, 0, message.email_id, message.version_id, message.journey_id)
    assert post(visitor, copy, "next%40example.net").status_code == 404
    assert len(mail_server.mails) == 1


def test_who_refuses_mail_gets_none_and_the_answer_does_not_tell(visitor: Visitor) -> None:
    deliver(email="no@example.net", do_not_email=True)
    deliver(email="nobulk@example.net", do_not_bulk_email=True)
    message = deliver(email="third@example.org")
    refused, taken = (post(visitor, message, f"{name}%40example.net").text for name in ("no", "yes"))
    post(visitor, message, "nobulk%40example.net")
    assert refused == taken
    assert waiting() == ["yes@example.net"]


def test_addresses_are_forgotten_within_thirty_days(visitor: Visitor) -> None:
    message = deliver()
    post(visitor, message, "sent%40example.net")
    send_forwards(utc_now(), send=Post())
    post(visitor, message, "stuck%40example.net")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE forwarded_mail SET asked_at = now() - interval '29 days 1 hour'")
    mail_server = Post()
    send_forwards(utc_now(), send=mail_server)
    assert mail_server.mails == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, state FROM forwarded_mail ORDER BY id")
        assert cursor.fetchall() == [(None, "sent"), (None, "failed")]
        cursor.execute("SELECT address FROM message WHERE contact_id < 0")
        assert cursor.fetchall() == [("",)]
        cursor.execute(
            "SELECT count(*) FROM interaction WHERE interaction::text LIKE '%%example.net%%' AND domain IS NULL"
        )
        assert cursor.fetchone() == (0,)


def links_of(mail_server: Post, path: str) -> str:
    """The token of the one link of that kind in the one mail that was sent on."""
    ((_, content),) = mail_server.mails
    return str(re.findall(rf"/{path}/([\w-]+)", html_of(content))[0])


def test_a_friends_copy_has_a_web_view_of_its_own_without_anything_about_the_recipient(visitor: Visitor) -> None:
    message = deliver_whole(last_name="Bell-Recipient", city="Recipientville")
    mail_server = Post()
    post(visitor, message, "friend%40example.net")
    send_forwards(utc_now(), send=mail_server)
    mail = html_of(mail_server.mails[0][1])
    answer = visitor.send("GET", f"/v/{links_of(mail_server, 'v')}")
    assert answer.status_code == 200
    for shown in (mail, answer.text):
        assert "Dear friend, friend@example.net</p>" in shown
        assert "<p>of nowhere: Spring fair</p>" in shown
        assert not re.search("Anna|anna.bell|Recipient", shown)
    targets = {find_link(text, purpose="redirect") for text in re.findall(r"/r/([\w-]+)", answer.text)}
    assert {token.message_id for token in targets if token} == {log("EmailSent")[-1][1]}
    assert "/o/" not in answer.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, message_id, contact_id FROM interaction WHERE type = 'EmailClicked'")
        assert cursor.fetchall() == [("EmailClicked", log("EmailSent")[-1][1], None)]


def test_a_friends_web_view_lasts_as_long_as_the_address_is_kept(visitor: Visitor) -> None:
    mail_server = Post()
    post(visitor, deliver_whole(), "friend%40example.net")
    send_forwards(utc_now(), send=mail_server)
    path = f"/v/{links_of(mail_server, 'v')}"
    age = "UPDATE message SET sent_at = now() - interval '{}' WHERE contact_id < 0"
    for days, status in (("28 days", 200), ("30 days", 404)):
        with connection.cursor() as cursor:
            cursor.execute(age.format(days))
        assert visitor.send("GET", path).status_code == status
    with connection.cursor() as cursor:
        cursor.execute(age.format("28 days"))
        cursor.execute("UPDATE forwarded_mail SET asked_at = now() - interval '29 days 1 hour'")
    send_forwards(utc_now(), send=Post())
    assert visitor.send("GET", path).status_code == 404


def test_the_links_of_a_friends_copy_say_that_nothing_stands_behind_them(visitor: Visitor) -> None:
    message, mail_server = deliver_whole(), Post()
    post(visitor, message, "friend%40example.net")
    send_forwards(utc_now(), send=mail_server)
    one_click = {"data": {"List-Unsubscribe": "One-Click"}}
    for path, method, more, status in (
        ("c", "GET", {}, 200),
        ("c", "POST", {"data": {"do_not_bulk_email": "1"}}, 200),
        ("u", "GET", {}, 200),
        ("u", "POST", one_click, 200),
        ("f", "GET", {}, 404),
        ("f", "POST", {"data": {"address": "next@example.net"}}, 404),
    ):
        answer = visitor.send(method, f"/{path}/{links_of(mail_server, path)}", **more)
        assert (answer.status_code, "was sent on to you" in answer.text) == (status, True), (path, method)
    assert (waiting(), log("SegmentUnsubscribed")) == ([], [])
    assert not Contact.objects.filter(do_not_bulk_email=True).exists()


def test_an_old_message_cannot_be_sent_on(visitor: Visitor) -> None:
    message = deliver()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE message SET sent_at = now() - interval '91 days' WHERE id = %s", [message.id])
    assert post(visitor, message, "a%40example.net").status_code == 404


def test_a_worker_that_dies_is_made_good_after_a_while(visitor: Visitor) -> None:
    post(visitor, deliver(), "friend%40example.net")

    class Killed(BaseException):
        pass

    def die(_: object) -> list[test_send.TestResult]:
        raise Killed

    now, mail_server = utc_now(), Post()
    with pytest.raises(Killed):
        send_forwards(now, send=die)
    assert send_forwards(now + timedelta(minutes=5), send=mail_server) == 0
    assert send_forwards(now + timedelta(minutes=11), send=mail_server) == 1
    assert len(log("EmailSent")) == 2


def test_the_form_is_taken_only_so_often(visitor: Visitor) -> None:
    message = deliver()
    answers = [post(visitor, message, "x").status_code for _ in range(70)]
    assert answers[-1] == 429
    assert str(settings.DOOR_URL)
