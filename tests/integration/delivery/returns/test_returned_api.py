"""/returned-mails: what came back, what it was taken for, and those that somebody has to look at."""

from __future__ import annotations

import pytest

from senet.accounts.values import Role
from senet.delivery.models import ReturnedMail
from senet.delivery.returns.receiving import receive
from senet.messages.queries import MessageFilter, list_messages
from tests.support.accounts import ApiClient, sign_in
from tests.support.messages import NOW, enqueue
from tests.support.people import make_contact
from tests.support.returns import make_arf, make_auto_reply, make_dsn, return_path

pytestmark = pytest.mark.django_db
HOSTILE = b"Subject: <script>alert(1)</script>\r\n\r\n<img src=x onerror=alert(1)>\x00\xff"


def _fill() -> tuple[int, int]:
    receive(make_auto_reply(), source="smtp", now=NOW)
    receive(HOSTILE, source="imap", now=NOW)
    away, unreadable = ReturnedMail.objects.order_by("id")
    return away.pk, unreadable.pk


def test_mails_are_listed_and_filtered_by_what_they_were() -> None:
    _fill()
    client = sign_in()
    items = client.get("/returned-mails").json()["items"]
    assert [(item["kind"], item["is_kept"]) for item in items] == [("unreadable", True), ("auto_reply", False)]
    assert [item["kind"] for item in client.get("/returned-mails", {"kind": "auto_reply"}).json()["items"]] == [
        "auto_reply"
    ]
    assert client.get("/returned-mails", {"search": "no report"}).json()["total"] == 1
    assert client.get("/returned-mails", {"kind": "nonsense"}).status_code == 422


def test_a_bounce_names_its_person_its_category_and_the_rules_that_told_them() -> None:
    contact = make_contact("ada@example.com").pk
    enqueue([contact])
    message_id = list_messages(MessageFilter(contact_id=contact))[0].id
    receive(make_dsn(), envelope_to=return_path(message_id), source="smtp", now=NOW)
    receive(make_arf(None), source="smtp", now=NOW)
    client = sign_in()
    (found,) = client.get("/returned-mails", {"category": "invalid-mailbox"}).json()["items"]
    assert (found["contact_id"], found["address"]) == (contact, "ada@example.com")
    assert (found["kind"], found["rule"], found["bounce_class"]) == ("bounce", "delivery_status", "hard")
    assert (found["category_rule"], found["smtp_enhanced"]) == ("enhanced_code", "5.1.1")
    (other,) = client.get("/returned-mails", {"kind": "unknown_message"}).json()["items"]
    assert (other["rule"], other["category"], other["contact_id"], other["address"]) == ("not_ours", None, None, "")


def test_an_administrator_reads_an_unreadable_mail_as_text_and_removes_it() -> None:
    away, unreadable = _fill()
    client = sign_in()
    found = client.get(f"/returned-mails/{unreadable}")
    assert found.headers["Content-Type"].startswith("application/json")
    assert "onerror" in found.json()["text"]
    assert client.get(f"/returned-mails/{away}").json()["text"] == ""
    assert client.delete(f"/returned-mails/{unreadable}").status_code == 204
    assert client.delete(f"/returned-mails/{away}").status_code == 404, "it is forgotten by itself"
    assert client.get(f"/returned-mails/{unreadable}").status_code == 404


def test_only_managers_see_and_only_administrators_read() -> None:
    _, unreadable = _fill()
    assert ApiClient().get("/returned-mails").status_code == 401
    for role, listed in ((Role.MARKETING_MANAGER, 200), (Role.MARKETER, 403), (Role.VIEWER, 403)):
        client = sign_in(role)
        assert client.get("/returned-mails").status_code == listed
        assert client.get(f"/returned-mails/{unreadable}").status_code == 403
        assert client.delete(f"/returned-mails/{unreadable}").status_code == 403
    assert ReturnedMail.objects.count() == 2
