"""Templates, blocks and labels: copied when used, never linked; the twelve that come with Senet can go live."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from senet.accounts.values import Author, Role
from senet.content.actions import render_test, source_of
from senet.content.check import check_email
from senet.content.events import create_event
from senet.content.models import ContentLabel, Email, EmailTemplate
from senet.content.templates import create_email_from_template, ensure_gallery, read_gallery
from senet.shared.errors import InvalidInput
from senet.workers.commands import translate_file
from tests.support.accounts import ApiClient, main_unit, make_unit, sign_in
from tests.support.content import make_default_content_settings, make_email, make_live_email
from tests.support.people import make_company, make_contact

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
KEYS = [each["key"] for each in read_gallery()]


def read(response: Any) -> Any:
    return json.loads(response.content) if response.content else None


def make_event() -> int:
    return create_event(
        business_unit_id=main_unit().pk,
        owner_id=None,
        name="Boat show",
        description="Sails and more.",
        location="Harbour 1, Kiel",
        url="https://example.com/show",
        starts_at=datetime(2026, 6, 1, 16, tzinfo=UTC),
        ends_at=datetime(2026, 6, 1, 18, tzinfo=UTC),
        time_zone="Europe/Berlin",
    )


def test_twelve_templates_come_with_senet() -> None:
    assert len(KEYS) == 12 == len(set(KEYS))


@pytest.mark.parametrize("key", KEYS)
def test_a_shipped_template_passes_the_check_and_is_rendered(key: str) -> None:
    ensure_gallery()
    template = EmailTemplate.objects.get(key=key)
    sender = sign_in(Role.MARKETER)
    assert sender.user
    email_id = create_email_from_template(template.pk, author=Author(sender.user.pk, main_unit().pk))
    email = Email.objects.get(pk=email_id)
    email.from_address = "news@shop.example.com"
    if "event." in email.source:
        email.event_id = make_event()
    email.save()
    assert [each for each in check_email(source_of(email)) if each.severity in {"error", "warning"}] == []

    settings = make_default_content_settings()
    contact = make_contact(
        "anna@example.com", first_name="Anna", last_name="Müller", language="de", time_zone="Europe/Berlin",
        company=make_company("Acme & Söhne"), owner=sender.user,
    )  # fmt: skip
    shown = ""
    for contact_id in (None, contact.pk, make_contact("bare@example.com").pk):
        rendered = render_test(
            email_id, address="x@example.com", contact_id=contact_id, content_settings_id=settings.pk, now=NOW
        )
        message = message_from_bytes(rendered.content, policy=policy.default)
        html, text = message.get_body(("html",)), message.get_body(("plain",))
        assert html is not None
        assert text is not None
        assert "Springfield" in html.get_content()
        assert "Springfield" in text.get_content()
        for part in (html.get_content(), text.get_content(), str(message["Subject"])):
            assert "{{" not in part
            assert "{%" not in part
        shown = html.get_content()
        assert len(shown) < 60_000
    if "event." in email.source:
        assert "Boat show" in shown


def test_reading_the_gallery_again_changes_nothing_and_takes_away_what_is_no_longer_shipped() -> None:
    ensure_gallery()
    before = list(EmailTemplate.objects.order_by("pk").values())
    EmailTemplate.objects.create(key="old", shipped=True, name="Old")
    ensure_gallery()
    assert list(EmailTemplate.objects.order_by("pk").values()) == before


def test_an_email_becomes_a_template_and_a_template_an_email() -> None:
    client = sign_in(Role.MARKETER)
    email = make_email(subject="Spring for {{ contact.first_name }}", language="de")
    made = client.post(
        f"/emails/{email.pk}/save-as-template", {"name": "Spring", "labels": ["Season", " Season ", "x"]}
    )
    assert made.status_code == 201, made.content
    template = read(made)
    assert (template["name"], template["labels"], template["language"]) == ("Spring", ["Season", "x"], "de")
    assert template["source"] == email.source

    copy = read(client.post(f"/email-templates/{template['id']}/emails", {"name": "Again"}))
    assert (copy["name"], copy["subject"], copy["source"]) == ("Again", email.subject, email.source)
    assert client.user
    assert copy["from_address"] == client.user.email

    client.patch(f"/email-templates/{template['id']}", {"source": "<p>new</p>"})
    assert Email.objects.get(pk=copy["id"]).source == email.source  # copied, not linked
    assert [each["name"] for each in read(client.get("/email-templates?label=Season"))["items"]] == ["Spring"]


def test_another_template_replaces_the_body_and_keeps_the_header() -> None:
    client = sign_in(Role.MARKETER)
    ensure_gallery()
    template = EmailTemplate.objects.get(key="welcome")
    email = make_email(subject="Mine")
    changed = read(client.post(f"/emails/{email.pk}/apply-template", {"template_id": template.pk}))
    assert (changed["subject"], changed["source"], changed["source_kind"]) == ("Mine", template.source, "mjml")

    live = make_live_email()
    assert client.post(f"/emails/{live.pk}/apply-template", {"template_id": template.pk}).status_code == 409


def test_shipped_templates_can_be_used_and_seen_but_not_changed() -> None:
    ensure_gallery()
    client = sign_in(Role.MARKETER)
    template = EmailTemplate.objects.get(key="offer")
    assert client.patch(f"/email-templates/{template.pk}", {"name": "Mine"}).status_code == 409
    assert client.delete(f"/email-templates/{template.pk}").status_code == 409
    page = client.get(f"/email-templates/{template.pk}/preview.html")
    assert page.status_code == 200
    assert "sandbox" in page["Content-Security-Policy"]
    assert "WELCOME20" in page.content.decode()


def test_templates_of_other_business_units_are_not_there() -> None:
    elsewhere = make_unit("Elsewhere")
    template = EmailTemplate.objects.create(name="Theirs", business_unit=elsewhere)
    mine = make_unit("Here")
    client = sign_in(Role.MARKETER, unit=mine)
    for method, path in (
        ("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/preview.html"), ("POST", "/emails"),
    ):  # fmt: skip
        assert client.send(method, f"/email-templates/{template.pk}{path}", {}).status_code == 404
    assert "Theirs" not in [each["name"] for each in read(client.get("/email-templates"))["items"]]


def test_viewers_change_no_template_and_strangers_see_none() -> None:
    template = EmailTemplate.objects.create(name="T", business_unit=main_unit())
    viewer = sign_in(Role.VIEWER)
    assert viewer.get(f"/email-templates/{template.pk}").status_code == 200
    assert viewer.post("/email-templates", {"name": "x"}).status_code == 403
    assert viewer.patch(f"/email-templates/{template.pk}", {"name": "x"}).status_code == 403
    assert viewer.post("/content-blocks", {"name": "x"}).status_code == 403
    assert viewer.post("/translate-template", {"source": "x"}).status_code == 403
    for path in ("/email-templates", "/content-blocks", "/content-labels", "/calendar-events"):
        assert ApiClient().get(path).status_code == 401


def test_a_block_is_made_changed_found_and_removed() -> None:
    client = sign_in(Role.MARKETER)
    made = read(
        client.post("/content-blocks", {"name": "Footer", "source": "<mj-text>x</mj-text>", "labels": ["foot"]})
    )
    assert [each["id"] for each in read(client.get("/content-blocks?label=foot"))["items"]] == [made["id"]]
    changed = read(client.patch(f"/content-blocks/{made['id']}", {"name": "Foot"}))
    assert (changed["name"], changed["source"]) == ("Foot", "<mj-text>x</mj-text>")
    assert client.patch(f"/content-blocks/{made['id']}", {"nonsense": 1}).status_code == 422
    assert client.delete(f"/content-blocks/{made['id']}").status_code == 204
    assert client.get(f"/content-blocks/{made['id']}").status_code == 404


@pytest.mark.parametrize(
    ("kind", "source", "shown"),
    [
        ("mjml", "<mj-text>Hi {{ contact.first_name }}</mj-text>", "Hi "),
        ("mjml", "<mj-section><mj-column><mj-text>Row</mj-text></mj-column></mj-section>", "Row"),
        ("html", "<p>{{ contact.first_name | upcase }}</p>", "<p>"),
    ],
)
def test_a_block_is_previewed_in_a_sandbox_as_a_sample_contact_sees_it(kind: str, source: str, shown: str) -> None:
    client = sign_in(Role.MARKETER)
    made = read(client.post("/content-blocks", {"name": "B", "source_kind": kind, "source": source}))
    answer = client.get(f"/content-blocks/{made['id']}/preview.html")
    assert answer["Content-Type"].startswith("text/html")
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert shown in answer.content.decode()
    assert "{{" not in answer.content.decode()
    assert "googleapis" not in answer.content.decode()


def test_a_block_that_cannot_be_shown_says_why_as_plain_text() -> None:
    client = sign_in(Role.MARKETER)
    made = read(client.post("/content-blocks", {"name": "B", "source": "<mj-text>{% if %}<b>x</mj-text>"}))
    answer = client.get(f"/content-blocks/{made['id']}/preview.html")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert answer.content
    other = sign_in(Role.MARKETER, unit=make_unit("Elsewhere"))
    assert other.get(f"/content-blocks/{made['id']}/preview.html").status_code == 404


def test_a_label_is_coloured_renamed_everywhere_and_removed_everywhere() -> None:
    client = sign_in(Role.ADMINISTRATOR)
    template = read(client.post("/email-templates", {"name": "T", "labels": ["a", "b"]}))
    label = ContentLabel.objects.get(name="a")
    assert read(client.post("/content-labels", {"name": "a", "color": "#112233"}))["color"] == "#112233"
    assert client.post("/content-labels", {"name": "a", "color": "red"}).status_code == 422
    assert client.patch(f"/content-labels/{label.pk}", {"name": "b"}).status_code == 409
    assert client.patch(f"/content-labels/{label.pk}", {"name": "c", "color": "#445566"}).status_code == 200
    assert read(client.get(f"/email-templates/{template['id']}"))["labels"] == ["c", "b"]
    assert client.delete(f"/content-labels/{label.pk}").status_code == 204
    assert read(client.get(f"/email-templates/{template['id']}"))["labels"] == ["b"]


def test_an_old_template_is_translated_by_the_api() -> None:
    client = sign_in(Role.MARKETER)
    answer = read(client.post("/translate-template", {"source": "{{contact.firstname}}\n{{contact.new_x}}"}))
    assert answer["source"] == "{{ contact.first_name }}\n{{contact.new_x}}"
    assert answer["complete"] is False
    assert [(each["line"], each["done"]) for each in answer["findings"]] == [(2, False)]


def test_calendar_events_are_made_changed_and_kept_while_emails_need_them() -> None:
    client = sign_in(Role.MARKETER)
    values = {"name": "Show", "starts_at": "2026-06-01T16:00:00Z", "ends_at": "2026-06-01T18:00:00Z"}
    event = read(client.post("/calendar-events", {**values, "time_zone": "Europe/Berlin"}))
    assert event["calendar_url"].endswith(".ics")
    assert client.post("/calendar-events", {**values, "ends_at": "2026-06-01T15:00:00Z"}).status_code == 422
    assert client.post("/calendar-events", {**values, "time_zone": "Mars"}).status_code == 422
    assert client.post("/calendar-events", {**values, "url": "javascript:alert(1)"}).status_code == 422
    assert client.post("/calendar-events", {**values, "starts_at": "2026-06-01T16:00:00"}).status_code == 422
    assert read(client.patch(f"/calendar-events/{event['id']}", {"location": "Kiel"}))["location"] == "Kiel"
    email = make_email()
    assert client.patch(f"/emails/{email.pk}", {"event_id": event["id"]}).status_code == 200
    assert client.patch(f"/emails/{email.pk}", {"event_id": 999_999}).status_code == 404
    assert client.delete(f"/calendar-events/{event['id']}").status_code == 409
    client.patch(f"/emails/{email.pk}", {"event_id": None})
    assert client.delete(f"/calendar-events/{event['id']}").status_code == 204


def test_the_command_line_writes_the_liquid_and_lists_what_it_could_not_translate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = tmp_path / "old.html"
    old.write_text("<p>{{contact.firstname}}</p>\n{{contact.new_x}}\n", encoding="utf-8")
    assert translate_file(old, tmp_path / "new.liquid") is False
    assert (tmp_path / "new.liquid").read_text() == "<p>{{ contact.first_name }}</p>\n{{contact.new_x}}\n"
    assert "old.html:2: not translated: {{contact.new_x}}" in capsys.readouterr().err
    old.write_text("{{contact.firstname}}", encoding="utf-8")
    assert translate_file(old, None) is True
    assert capsys.readouterr().out == "{{ contact.first_name }}"
    old.write_bytes(b"\xff\xfe")
    with pytest.raises(InvalidInput, match="UTF-8"):
        translate_file(old, None)
