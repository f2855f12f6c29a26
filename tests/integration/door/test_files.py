"""The door serves what mails show: the right bytes, kept for long, in a sandbox; and a message as a page."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from django.db import connection, transaction
from icalendar import Calendar

from senet.content.actions import get_email
from senet.content.assets.actions import PIECE, add_asset, get_asset
from senet.content.assets.queries import make_asset_url
from senet.content.events import change_event, create_event, find_event_values
from senet.content.language.filters import MAX_QR_BYTES
from senet.door.app import Door
from senet.people.models import Contact
from senet.shared.tokens import sign_text
from tests.integration.content.test_assets import PNG, SVG
from tests.support.accounts import main_unit
from tests.support.content import BODY, make_live_email
from tests.support.door import SentMessage, make_message

pytestmark = pytest.mark.django_db(transaction=True)
DOOR = "http://door.example"


@pytest.fixture
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction, message, list_member, membership_change")
    made = Door(tmp_path_factory.mktemp("spool"))
    yield made
    made.stop()


def send(door: Door, method: str, path: str, **headers: str) -> httpx.Response:
    async def run() -> httpx.Response:
        transport = httpx.ASGITransport(app=door)
        async with httpx.AsyncClient(transport=transport, base_url=DOOR) as client:
            return await client.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return asyncio.run(run())


def get(door: Door, path: str, **headers: str) -> httpx.Response:
    return send(door, "GET", path, **headers)


def make_asset(name: str, content: bytes) -> str:
    asset = get_asset(add_asset(name, [content], business_unit_id=main_unit().pk, owner_id=None))
    return make_asset_url("", asset.key, asset.name)


def test_an_image_is_served_whole_for_a_year_and_once(door: Door) -> None:
    path = make_asset("Spring sale.png", PNG)
    answer = get(door, path)
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline; filename*=UTF-8''Spring%20sale.png"
    again = get(door, path, if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    head = send(door, "HEAD", path)
    assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", str(len(PNG)))


def test_two_doors_and_a_restart_serve_the_same(door: Door, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = make_asset("a.png", PNG)
    other = Door(tmp_path_factory.mktemp("other"))
    try:
        assert get(door, path).content == get(other, path).content == PNG
    finally:
        other.stop()


def test_svg_is_served_where_nothing_can_run_and_documents_are_saved_not_shown(door: Door) -> None:
    answer = get(door, make_asset("a.svg", SVG))
    assert answer.headers["content-type"] == "image/svg+xml"
    assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    page = get(door, make_asset("page.xml", b"<html xmlns='http://www.w3.org/1999/xhtml'><script/></html>"))
    assert page.headers["content-type"].startswith("text/plain")
    assert page.headers["content-disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("wanted", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=1048570-1048585", 206, PIECE - 6, PIECE + 10),
        ("bytes=3145000-", 206, 3_145_000, 3 * PIECE),
        ("bytes=-5", 206, 3 * PIECE - 5, 3 * PIECE),
        ("bytes=99999999-", 416, 0, 0),
        ("bytes=5-2", 416, 0, 0),
        ("bytes=a-b", 200, 0, 3 * PIECE),
        ("bytes=0-1,5-6", 200, 0, 3 * PIECE),
        ("", 200, 0, 3 * PIECE),
    ],
)
def test_a_range_of_a_large_file_is_served_from_its_pieces(
    door: Door, wanted: str, status: int, start: int, end: int
) -> None:
    content = (b"%PDF-1.7" + bytes(range(251)) * 13_000)[: 3 * PIECE].ljust(3 * PIECE, b"x")
    answer = get(door, make_asset("paper.pdf", content), **({"range": wanted} if wanted else {}))
    assert answer.status_code == status
    assert answer.content == content[start:end]
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{3 * PIECE}"


@pytest.mark.parametrize("path", ["/a/x/y.png", f"/a/{'x' * 22}/y.png", "/q/abc.png", "/calendar/abc.ics", "/v/abc"])
def test_what_is_not_there_is_a_page_that_says_so(door: Door, path: str) -> None:
    answer = get(door, path)
    assert answer.status_code == 404
    assert "This link does not work" in answer.text


def test_a_code_says_what_was_signed_here_and_nothing_else(door: Door) -> None:
    token = sign_text("registration 7", purpose="qr")
    answer = get(door, f"/q/{token}.png")
    assert answer.status_code == 200
    assert answer.content.startswith(b"\x89PNG")
    assert "immutable" in answer.headers["cache-control"]
    assert get(door, f"/q/{sign_text('x' * MAX_QR_BYTES, purpose='qr')}.png").status_code == 200
    assert get(door, f"/q/{sign_text('registration 7', purpose='other')}.png").status_code == 404
    assert get(door, f"/q/{token[:-3]}abc.png").status_code == 404


def make_event(**values: object) -> int:
    columns: dict[str, object] = {
        "name": "Boat show; sails, more",
        "description": "First line\r\nsecond line",
        "starts_at": datetime(2026, 6, 1, 16, tzinfo=UTC),
        "ends_at": datetime(2026, 6, 1, 18, tzinfo=UTC),
        "time_zone": "Europe/Berlin",
        **values,
    }
    return create_event(business_unit_id=main_unit().pk, owner_id=None, **columns)


def test_an_event_is_a_calendar_file_whose_newer_state_replaces_the_older(door: Door) -> None:
    event_id = make_event(
        organizer_email="a@example.com", organizer_name='x"\r\nATTENDEE:mailto:b@example.com', location="Kiel\r\nX:1"
    )
    path = str(find_event_values([event_id], DOOR)[event_id]["calendar_url"]).removeprefix(DOOR)
    answer = get(door, path)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (entry,) = Calendar.from_ical(answer.text).walk("VEVENT")
    assert entry["SUMMARY"] == "Boat show; sails, more"
    assert entry["DESCRIPTION"] == "First line\nsecond line"
    assert entry.decoded("DTSTART") == datetime(2026, 6, 1, 16, tzinfo=UTC)
    assert "ATTENDEE" not in entry
    assert "X" not in entry
    assert entry["SEQUENCE"] == 0

    with transaction.atomic():
        change_event(event_id, location="Hamburg")
    (newer,) = Calendar.from_ical(get(door, path).text).walk("VEVENT")
    assert (newer["UID"], newer["SEQUENCE"], newer["LOCATION"]) == (entry["UID"], 1, "Hamburg")


def make_sent(tracking: bool = True) -> SentMessage:
    link = '<a href="{{ message.web_view_url }}">Read this in your browser</a>'
    email = make_live_email(source=BODY.replace("<p>Dear", f"{link}<script>alert(1)</script><p>Dear"))
    version = email.versions.get()
    return make_message(version, first_name="Anna <b>", tracking_allowed=tracking)


def clicks() -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT message_id, link FROM interaction WHERE type = 'EmailClicked'")
        return list(cursor.fetchall())


def test_a_message_is_shown_as_a_page_with_its_own_links_and_its_click_is_counted(door: Door) -> None:
    sent = make_sent()
    link = next(each.number for each in get_email(sent.email_id).versions.get().links.filter(kind="web_view"))
    answer = get(door, f"/v/{sent.token('view', link)}")
    assert answer.status_code == 200
    assert "Dear Anna &lt;b&gt;," in answer.text
    assert f"/r/{sent.token('redirect', 2)}" in answer.text
    assert "/o/" not in answer.text  # no beacon
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox")
    assert "allow-scripts" not in policy
    assert answer.headers["cache-control"] == "no-store, private"
    assert clicks() == [(sent.id, link)]
    assert send(door, "HEAD", f"/v/{sent.token('view', link)}").status_code == 200
    assert len(clicks()) == 1


def test_who_may_not_be_tracked_sees_the_page_with_plain_links_and_nothing_is_noted(door: Door) -> None:
    sent = make_sent(tracking=False)
    answer = get(door, f"/v/{sent.token('view', 0)}")
    assert answer.status_code == 200
    assert "https://shop.example.com/sale" in answer.text
    assert "/r/" not in answer.text
    assert clicks() == []


def test_a_page_whose_person_or_message_is_gone_says_so(door: Door) -> None:
    sent = make_sent()
    Contact.objects.filter(pk=sent.contact_id).delete()
    assert get(door, f"/v/{sent.token('view', 1)}").status_code == 404
    nobody = SentMessage(999_999, 1, 1, sent.version_id, 1)
    assert get(door, f"/v/{nobody.token('view', 1)}").status_code == 404
    assert get(door, f"/v/{sent.token('redirect', 1)}").status_code == 404
    assert send(door, "POST", f"/v/{sent.token('view', 1)}").status_code == 405
