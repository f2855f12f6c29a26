"""/returned-mails: what came back, what it was taken for, and those that somebody has to look at."""

from __future__ import annotations

import pytest

from senet.accounts.values import Role
from senet.delivery.models import ReturnedMail
from senet.delivery.returns.receiving import receive
from tests.support.accounts import ApiClient, sign_in
from tests.support.messages import NOW
from tests.support.returns import make_auto_reply

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
