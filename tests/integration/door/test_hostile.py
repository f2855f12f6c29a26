"""Strangers at the door's pages: nothing that they, or recipients, write becomes markup, and GET changes nothing."""

from __future__ import annotations

import itertools

import httpx
import pytest
from django.db import connection

from senet.audiences.models import SubscriptionList
from senet.shared.tokens import LinkToken, sign_link
from tests.integration.door.test_door import door, installation, shared_door
from tests.integration.door.test_pages import make_list
from tests.support.door import SentMessage, make_email_version, make_journey, make_message

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]
__all__ = ["door", "installation", "shared_door"]

SCRIPT = "<script>alert(1)</script>"
BREAKS_OUT = "\"'><img src=x onerror=alert(1)>"
_WRITTEN_BY_GET = {"interaction"}


@pytest.fixture
def message() -> SentMessage:
    """A message of somebody whose lists have names that want to be scripts."""
    lists = [make_list(name) for name in (SCRIPT, BREAKS_OUT)]
    SubscriptionList.objects.update(description=f"{SCRIPT}{BREAKS_OUT}")
    address = f"a{SCRIPT}@example.org"
    return make_message(journey=make_journey(list_ids=tuple(lists)), email=address, first_name=SCRIPT)


def paths(message: SentMessage) -> list[str]:
    """Every address of the door that a mail may carry."""
    return [
        f"/o/{message.token('open')}.gif",
        f"/h/{message.token('open')}",
        f"/r/{message.token('redirect', 1)}",
        f"/u/{message.token('unsubscribe')}",
        f"/c/{message.token('centre')}",
        "/healthz",
        "/nowhere",
    ]


def dump() -> dict[str, list[str]]:
    """Every table's rows but those that a GET may write, and the door's own sign of life."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
            " AND NOT relispartition"
        )
        tables = sorted({name for (name,) in cursor.fetchall()} - _WRITTEN_BY_GET - {"process_heartbeat"})
        found = {}
        for table in tables:
            cursor.execute(f'SELECT each::text FROM "{table}" AS each')
            found[table] = sorted(row for (row,) in cursor.fetchall())
        return found


def test_no_page_shows_what_somebody_wrote_as_markup(door: httpx.Client, message: SentMessage) -> None:
    for path in paths(message):
        answer = door.get(path, headers={"User-Agent": SCRIPT, "Referer": f"https://x/{BREAKS_OUT}"})
        assert SCRIPT not in answer.text, path
        assert "<img src=x" not in answer.text, path
        assert "onerror=alert" not in answer.text.replace("&gt;&lt;img src=x onerror=alert(1)&gt;", ""), path
    centre = door.get(f"/c/{message.token('centre')}")
    assert "&lt;script&gt;" in centre.text
    policy = centre.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert centre.headers["x-content-type-options"] == "nosniff"


def test_asking_for_any_page_changes_nothing(door: httpx.Client, message: SentMessage) -> None:
    before = dump()
    for path, method in itertools.product(paths(message), ("GET", "HEAD")):
        for query in ("", "?List-Unsubscribe=One-Click&do_not_bulk_email=1&list=1&shown=1"):
            door.request(method, path + query)
    assert dump() == before


@pytest.mark.parametrize(
    "stored",
    ["javascript:alert(1)", "data:text/html,x", "//evil.example/", "https://a.example/\r\nLocation: https://evil", ""],
)
def test_a_redirect_leads_to_a_stored_web_address_or_nowhere(door: httpx.Client, stored: str) -> None:
    message = make_message(make_email_version(stored, "https://shop.example/"))
    answer = door.get(f"/r/{message.token('redirect', 1)}")
    assert answer.status_code == 404
    assert "location" not in answer.headers
    good = message.token("redirect", 2)
    for more in (
        "?url=https://evil.example",
        "?next=//evil.example",
        "/https://evil.example",
        "%2F..%2Fevil",
        "#@evil",
    ):
        location = door.get(f"/r/{good}{more}").headers.get("location")
        assert location in {None, "https://shop.example/"}, more


def test_a_token_of_one_purpose_opens_no_other_door(door: httpx.Client, message: SentMessage) -> None:
    purposes = {"o": "open", "r": "redirect", "u": "unsubscribe", "c": "centre", "h": "open"}
    for path, other in itertools.product(purposes, {*purposes.values(), "message-id"}):
        if other == purposes[path] or path == "o":
            continue
        token = sign_link(LinkToken(message.id, message.version_id, 1), purpose=other)
        assert door.get(f"/{path}/{token}").status_code == 404, (path, other)
