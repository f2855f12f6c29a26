"""The door's pages: GET asks, POST acts, once; nobody learns whose token it is."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from django.db import connection

from senet.accounts.values import Role
from senet.audiences.models import SubscriptionList
from senet.door.app import Door
from senet.people.models import Contact
from tests.support.accounts import main_unit, sign_in
from tests.support.door import SentMessage, make_journey, make_message

pytestmark = pytest.mark.django_db(transaction=True)


class Visitor:
    """Calls the door's application in this process, without a server."""

    def __init__(self, door: Door) -> None:
        self._door = door

    def send(self, method: str, path: str, **options: object) -> httpx.Response:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app=self._door)
            async with httpx.AsyncClient(transport=transport, base_url="http://door.example") as client:
                return await client.request(method, path, **options)  # type: ignore[arg-type]

        return asyncio.run(run())

    def get(self, path: str, **options: object) -> httpx.Response:
        return self.send("GET", path, **options)

    def post(self, path: str, form: dict[str, object] | None = None) -> httpx.Response:
        return self.send("POST", path, data=form or {})


@pytest.fixture
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE interaction, message, list_member, membership_change")
    door = Door(tmp_path_factory.mktemp("spool"))
    yield Visitor(door)
    door.stop()


ONE_CLICK: dict[str, object] = {"List-Unsubscribe": "One-Click"}


def make_list(name: str, *members: int, public: bool = True) -> int:
    made = SubscriptionList.objects.create(name=name, public=public, business_unit=main_unit())
    with connection.cursor() as cursor:
        for member in members:
            cursor.execute("INSERT INTO list_member VALUES (%s, %s, now())", [made.pk, member])
    return made.pk


def make_subscriber(*list_names: str) -> tuple[SentMessage, list[int]]:
    """A message of a journey to lists, and a recipient who is on them."""
    ids = [make_list(name) for name in list_names]
    message = make_message(journey=make_journey(list_ids=tuple(ids)), email="anna.bell@example.org")
    with connection.cursor() as cursor:
        for list_id in ids:
            cursor.execute("INSERT INTO list_member VALUES (%s, %s, now())", [list_id, message.contact_id])
    return message, ids


def members(list_id: int) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT contact_id FROM list_member WHERE list_id = %s", [list_id])
        return {contact for (contact,) in cursor.fetchall()}


def log() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT type, message_id, list_id, detail->>'by' FROM interaction ORDER BY id")
        return list(cursor.fetchall())


def test_opening_the_unsubscribe_page_changes_nothing(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("Monthly news")
    path = f"/u/{message.token('unsubscribe')}"
    for method in ("GET", "HEAD"):
        assert visitor.send(method, path).status_code == 200
    page = visitor.get(path).text
    assert "Monthly news" in page
    assert "anna.bell" not in page
    assert "a•••@example.org" in page
    assert members(list_id) == {message.contact_id}
    assert log() == []


def test_one_click_leaves_the_lists_that_the_journey_goes_to(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("Monthly news")
    other = make_list("Other", message.contact_id)
    path = f"/u/{message.token('unsubscribe')}"
    assert "is unsubscribed" in visitor.post(path, ONE_CLICK).text
    assert members(list_id) == set()
    assert members(other) == {message.contact_id}
    assert log() == [("SegmentUnsubscribed", message.id, list_id, "one_click")]
    with connection.cursor() as cursor:
        cursor.execute("SELECT audience_id, change, by FROM membership_change")
        assert cursor.fetchall() == [(list_id, -1, "one_click")]


def test_a_second_click_changes_and_records_nothing_more(visitor: Visitor) -> None:
    message, _ = make_subscriber("Monthly news")
    path = f"/u/{message.token('unsubscribe')}"
    assert visitor.post(path, ONE_CLICK).status_code == visitor.post(path, ONE_CLICK).status_code == 200
    assert len(log()) == 1


def test_without_lists_one_click_refuses_all_bulk_mail(visitor: Visitor) -> None:
    message = make_message()
    path = f"/u/{message.token('unsubscribe')}"
    for _ in range(2):
        assert visitor.post(path, ONE_CLICK).status_code == 200
    contact = Contact.objects.get(pk=message.contact_id)
    assert contact.do_not_bulk_email
    assert not contact.do_not_email
    assert log() == [("SegmentUnsubscribed", message.id, None, "one_click")]


def test_a_post_without_the_exact_field_asks_instead_of_acting(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("Monthly news")
    path = f"/u/{message.token('unsubscribe')}"
    for form in ({}, {"List-Unsubscribe": "one-click"}, {"list-unsubscribe": "One-Click"}):
        assert "Unsubscribe?" in visitor.post(path, dict(form)).text
    assert members(list_id) == {message.contact_id}


def test_a_mail_program_may_post_multipart(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("Monthly news")
    answer = visitor.send("POST", f"/u/{message.token('unsubscribe')}", files={"List-Unsubscribe": (None, "One-Click")})
    assert answer.status_code == 200
    assert members(list_id) == set()


def test_the_centre_shows_public_lists_and_masks_the_address(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("Monthly <b>news</b>")
    make_list("Secret", message.contact_id, public=False)
    page = visitor.get(f"/c/{message.token('centre')}")
    assert "Monthly &lt;b&gt;news&lt;/b&gt;" in page.text
    assert f'value="{list_id}" checked' in page.text
    assert "Secret" not in page.text
    assert "anna" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    assert page.headers["referrer-policy"] == "no-referrer"
    assert log() == []


def test_pages_speak_the_recipients_language_or_else_the_browsers(visitor: Visitor) -> None:
    message, _ = make_subscriber("News")
    spanish = {"Accept-Language": "es-MX,en;q=0.5"}
    for purpose, path, title in (("centre", "c", "preferencias"), ("unsubscribe", "u", "Cancelar la suscripción")):
        page = visitor.get(f"/{path}/{message.token(purpose)}", headers=spanish)
        assert '<html lang="es">' in page.text
        assert title in page.text
    assert "Este enlace no funciona" in visitor.get("/c/nonsense", headers=spanish).text
    Contact.objects.update(language="de-CH")
    page = visitor.get(f"/c/{message.token('centre')}", headers=spanish)
    assert '<html lang="de">' in page.text
    assert "Ihre E-Mail-Einstellungen" in page.text
    done = visitor.post(f"/u/{message.token('unsubscribe')}", ONE_CLICK)
    assert "Sie sind abgemeldet" in done.text
    assert '<html lang="en">' in visitor.get("/c/nonsense").text


def test_people_choose_the_language_that_they_are_written_to_in(visitor: Visitor) -> None:
    message, _ = make_subscriber("News")
    path = f"/c/{message.token('centre')}"

    def save(**form: object) -> str:
        saved = visitor.post(path, form)
        assert saved.status_code == 200
        return Contact.objects.get().language

    assert '<option value="" selected>Not chosen</option>' in visitor.get(path).text
    assert save(language="", language_shown="") == ""
    assert save(language="fr", language_shown="") == "fr"
    assert 'value="fr" lang="fr" selected' in visitor.get(path).text
    Contact.objects.update(language="de-CH")
    assert save(language="de", language_shown="de") == "de-CH", "nothing was chosen"
    for hostile in ("xx", "<script>", "de'; --", "x" * 5_000):
        assert save(language=hostile, language_shown="de") == "de-CH"


def test_the_centre_is_previewed_without_consequences(visitor: Visitor) -> None:
    make_list("Monthly <b>news</b>")
    make_list("Secret", public=False)
    before = log()
    found = sign_in(Role.VIEWER).get("/subscription-center/preview?language=nl-BE").json()
    assert (found["language"], len(found["languages"])) == ("nl", 6)
    assert "Monthly &lt;b&gt;news&lt;/b&gt;" in found["html"]
    assert "Secret" not in found["html"]
    assert '<button type="submit" disabled>Opslaan</button>' in found["html"]
    assert log() == before


def test_saved_choices_are_carried_out_and_shown(visitor: Visitor) -> None:
    message, (leaving, staying) = make_subscriber("A leaving", "B staying")
    joining = make_list("C joining")
    hidden = make_list("D not shown", message.contact_id)
    form: dict[str, object] = {"list": [staying, joining], "shown": [leaving, staying, joining]}
    page = visitor.post(f"/c/{message.token('centre')}", form)
    assert "Your choices have been saved." in page.text
    on = {list_id for list_id in (leaving, staying, joining, hidden) if members(list_id)}
    assert on == {staying, joining, hidden}
    assert sorted(log(), key=str) == [
        ("EmailSubscriptionSubmit", message.id, None, None),
        ("SegmentSubscribed", message.id, joining, "centre"),
        ("SegmentUnsubscribed", message.id, leaving, "centre"),
    ]


def test_saving_without_a_change_is_recorded_as_a_submission_only(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("News")
    visitor.post(f"/c/{message.token('centre')}", {"list": list_id, "shown": list_id})
    assert log() == [("EmailSubscriptionSubmit", message.id, None, None)]


def test_refusing_all_mail_keeps_the_lists_and_can_be_taken_back(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("News")
    path = f"/c/{message.token('centre')}"
    visitor.post(path, {"list": list_id, "shown": list_id, "do_not_bulk_email": "1"})
    assert Contact.objects.get(pk=message.contact_id).do_not_bulk_email
    assert members(list_id) == {message.contact_id}
    visitor.post(path, {"list": list_id, "shown": list_id})
    assert not Contact.objects.get(pk=message.contact_id).do_not_bulk_email


def test_a_form_cannot_touch_a_list_that_is_not_public(visitor: Visitor) -> None:
    message, _ = make_subscriber("News")
    secret = make_list("Secret", public=False)
    mine = make_list("Staff", message.contact_id, public=False)
    visitor.post(f"/c/{message.token('centre')}", {"list": [secret], "shown": [secret, mine]})
    assert members(secret) == set()
    assert members(mine) == {message.contact_id}


@pytest.mark.parametrize("purpose", ["redirect", "open", "unsubscribe"])
def test_a_token_for_another_purpose_opens_no_centre(visitor: Visitor, purpose: str) -> None:
    message = make_message()
    for method in ("GET", "POST"):
        assert visitor.send(method, f"/c/{message.token(purpose)}").status_code == 404


def test_hostile_forms_are_refused_without_harm(visitor: Visitor) -> None:
    message, (list_id,) = make_subscriber("News")
    path = f"/c/{message.token('centre')}"
    assert visitor.send("POST", path, content=b"a" * 100_000).status_code == 413
    assert visitor.send("POST", path, content=b"list=1&" * 9_000).status_code == 413
    strange = b"list=99999999999999999999999&list=-1&list=%00&list=\xff&shown=%27%3B--"
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert visitor.send("POST", path, content=strange, headers=headers).status_code == 200
    assert visitor.send("POST", path, content=b"list=" + b"9" * 5_000, headers=headers).status_code == 200
    assert members(list_id) == {message.contact_id}


def test_one_recipient_who_posts_without_end_stands_in_nobody_else_s_way(visitor: Visitor) -> None:
    noisy, (list_id,) = make_subscriber("News")
    quiet = make_message(journey=make_journey(list_ids=(list_id,)))
    statuses = [visitor.post(f"/u/{noisy.token('unsubscribe')}").status_code for _ in range(70)]
    assert (statuses[0], statuses[-1]) == (200, 429)
    assert visitor.post(f"/u/{quiet.token('unsubscribe')}", ONE_CLICK).status_code == 200


def test_a_message_that_is_gone_has_a_friendly_page(visitor: Visitor) -> None:
    message = make_message()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM message")
    for path in (f"/c/{message.token('centre')}", f"/u/{message.token('unsubscribe')}"):
        answer = visitor.get(path)
        assert answer.status_code == 404
        assert "recent email" in answer.text
        assert visitor.post(path, ONE_CLICK).status_code == 404
