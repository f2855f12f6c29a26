"""Emails by API: who may do what, the states, the locks, the check, the preview."""

from __future__ import annotations

import json
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.content.models import Email, EmailLink
from tests.support.accounts import ApiClient, make_unit, sign_in
from tests.support.content import (
    email_columns,
    make_confirmation_email,
    make_content_settings,
    make_email,
    make_live_email,
)
from tests.support.people import make_company, make_contact

pytestmark = pytest.mark.django_db


def read(response: Any) -> Any:
    return json.loads(response.content) if response.content else None


def test_an_email_is_made_changed_and_read() -> None:
    client = sign_in(Role.MARKETER)
    created = client.post("/emails", email_columns(name="Spring"))
    assert created.status_code == 201
    email = read(created)
    assert (email["status"], email["owner_id"]) == ("draft", client.user.pk if client.user else None)

    changed = client.patch(f"/emails/{email['id']}", {"subject": "New"})
    assert changed.status_code == 200
    assert read(client.get(f"/emails/{email['id']}"))["subject"] == "New"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/emails"),
        ("POST", "/emails"),
        ("GET", "/emails/1"),
        ("PATCH", "/emails/1"),
        ("DELETE", "/emails/1"),
        ("POST", "/emails/1/check"),
        ("POST", "/emails/1/go-live"),
        ("POST", "/emails/1/edit"),
        ("POST", "/emails/1/stop"),
        ("POST", "/emails/1/expire"),
        ("POST", "/emails/1/copy"),
        ("POST", "/emails/1/preview"),
        ("GET", "/emails/1/preview.html"),
        ("GET", "/emails/1/links"),
        ("GET", "/emails/export.csv"),
    ],
)
def test_nobody_gets_in_without_signing_in(method: str, path: str) -> None:
    assert ApiClient().send(method, path, {}).status_code == 401


def test_viewers_read_and_change_nothing() -> None:
    email = make_email()
    client = sign_in(Role.VIEWER)

    assert client.get("/emails").status_code == 200
    assert client.get(f"/emails/{email.pk}").status_code == 200
    assert client.post("/emails", email_columns()).status_code == 403
    assert client.patch(f"/emails/{email.pk}", {"subject": "x"}).status_code == 403
    assert client.delete(f"/emails/{email.pk}").status_code == 403
    assert client.get("/emails/export.csv").status_code == 403
    for act in ("go-live", "edit", "stop", "expire", "copy"):
        assert client.post(f"/emails/{email.pk}/{act}").status_code == 403


def test_a_marketer_does_not_see_another_unit() -> None:
    email = make_email(business_unit_id=make_unit().pk)
    client = sign_in(Role.MARKETER, unit=make_unit())

    assert read(client.get("/emails"))["total"] == 0
    assert client.get(f"/emails/{email.pk}").status_code == 404
    assert client.patch(f"/emails/{email.pk}", {"subject": "x"}).status_code == 404
    assert client.get(f"/emails/{email.pk}/preview.html").status_code == 404


def test_what_is_not_there_is_not_found() -> None:
    client = sign_in()
    assert client.get("/emails/999999").status_code == 404
    assert client.get("/emails/99999999999999999999").status_code == 404
    assert client.post("/emails/999999/go-live").status_code == 404
    assert client.post(f"/emails/{make_email().pk}/preview", {"contact_id": 999999}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x", "nope": 1},
        {"name": "x", "status": "live"},
        {"name": "x", "source_kind": "php"},
        {"name": "x", "legal_designation": "spam"},
        {"name": "x", "source": "x" * 500_001},
        {"name": "x", "subject": 5},
    ],
)
def test_a_bad_body_is_refused(body: dict[str, Any]) -> None:
    assert sign_in().post("/emails", body).status_code == 422


def test_the_life_of_an_email() -> None:
    client = sign_in()
    email = make_email()

    def act(name: str) -> tuple[int, str]:
        response = client.post(f"/emails/{email.pk}/{name}")
        return response.status_code, Email.objects.get(pk=email.pk).status

    assert act("stop") == (409, "draft")
    assert act("edit") == (409, "draft")
    assert act("go-live") == (200, "live")
    assert act("go-live") == (409, "live")
    assert act("edit") == (200, "live_editable")
    assert act("go-live") == (200, "live")
    assert act("stop") == (200, "stopped")
    assert act("go-live") == (200, "live")
    assert act("edit") == (200, "live_editable")
    assert act("stop") == (200, "stopped")
    assert act("expire") == (200, "expired")
    assert act("go-live") == (409, "expired")
    assert act("expire") == (409, "expired")
    assert Email.objects.get(pk=email.pk).versions.count() == 3


def test_an_email_that_is_not_ready_says_everything_and_stays_a_draft() -> None:
    email = make_email(subject="", source="<p>{{ contact.firstname }}</p>")
    response = sign_in().post(f"/emails/{email.pk}/go-live")

    assert response.status_code == 422
    error = read(response)["error"]
    assert error["code"] == "email_not_ready"
    assert {problem["code"] for problem in error["problems"]} >= {
        "subject_missing",
        "unknown_field",
        "centre_missing",
        "postal_address_missing",
    }
    assert Email.objects.get(pk=email.pk).status == "draft"


def test_live_emails_are_locked_and_permanent_fields_stay_locked() -> None:
    email = make_live_email()
    client = sign_in()

    assert client.patch(f"/emails/{email.pk}", {"subject": "x"}).status_code == 409
    client.post(f"/emails/{email.pk}/edit")
    assert client.patch(f"/emails/{email.pk}", {"subject": "x"}).status_code == 200
    refused = client.patch(f"/emails/{email.pk}", {"legal_designation": "transactional"})
    assert (refused.status_code, read(refused)["error"]["code"]) == (409, "field_locked")
    assert client.patch(f"/emails/{email.pk}", {"legal_designation": "commercial"}).status_code == 200


def test_a_published_version_does_not_change_when_the_email_does() -> None:
    email = make_live_email()
    version = email.versions.get()
    client = sign_in()
    client.post(f"/emails/{email.pk}/edit")
    client.patch(f"/emails/{email.pk}", {"subject": "Other"})

    version.refresh_from_db()
    assert version.compiled["subject"] == "Hello {{ contact.first_name }}"
    assert version.source["subject"] == "Hello {{ contact.first_name }}"
    client.post(f"/emails/{email.pk}/go-live")
    email.refresh_from_db()
    assert email.live_version_id != version.pk
    assert email.versions.get(number=2).compiled["subject"] == "Other"


def test_only_an_email_that_was_never_live_is_deleted() -> None:
    client = sign_in()
    draft, live = make_email(), make_live_email()

    assert client.delete(f"/emails/{draft.pk}").status_code == 204
    assert client.delete(f"/emails/{live.pk}").status_code == 409
    client.post(f"/emails/{live.pk}/stop")
    assert client.delete(f"/emails/{live.pk}").status_code == 409
    assert EmailLink.objects.filter(version__email=live).exists()


def test_a_copy_is_a_draft_that_says_the_same() -> None:
    email = make_live_email(name="Spring", subject="Look")
    copy = read(sign_in().post(f"/emails/{email.pk}/copy"))
    assert (copy["name"], copy["subject"], copy["status"], copy["live_version_id"]) == (
        "Spring (copy)",
        "Look",
        "draft",
        None,
    )


def test_the_links_of_what_is_published_are_listed() -> None:
    email = make_live_email()
    links = read(sign_in().get(f"/emails/{email.pk}/links"))
    assert [(link["number"], link["kind"]) for link in links] == [(1, "url"), (2, "url"), (3, "subscription_center")]
    assert links[0]["url"] == "https://shop.example.com/spring?a=1&b=2"
    assert read(sign_in().get(f"/emails/{make_email().pk}/links")) == []


def test_the_list_is_searched_sorted_filtered_and_exported() -> None:
    client = sign_in()
    make_email(name="Alpha", subject="=1+1")
    make_live_email(name="beta")

    def names(query: dict[str, Any]) -> list[str]:
        return [row["name"] for row in read(client.get("/emails", query))["items"]]

    assert names({"sort": "name"}) == ["Alpha", "beta"]
    assert names({"sort": "-name"}) == ["beta", "Alpha"]
    assert names({"search": "ALPH"}) == ["Alpha"]
    assert names({"status": "live"}) == ["beta"]
    assert client.get("/emails", {"sort": "source"}).status_code == 422
    assert client.get("/emails", {"status": "nope"}).status_code == 422
    exported = client.get("/emails/export.csv", {"sort": "name"})
    text = b"".join(exported.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert text.splitlines()[0].startswith("id,name,subject")
    assert "'=1+1" in text
    assert '"source"' not in read(client.get("/emails"))["items"][0]


def test_a_preview_shows_the_email_as_a_contact_would_read_it() -> None:
    contact = make_contact(first_name="<Anna>", company=make_company("Acme"), custom={"tier": "gold"})
    settings = make_content_settings(address_main="Other Street 2")
    email = make_email(subject="Hi {{ contact.first_name }}")
    shown = read(
        sign_in().post(f"/emails/{email.pk}/preview", {"contact_id": contact.pk, "content_settings_id": settings.pk})
    )

    assert shown["subject"] == "Hi <Anna>"
    assert shown["from"] == "The Shop <news@shop.example.com>"
    assert "Dear &lt;Anna&gt;," in shown["html"]
    assert "Other Street 2" in shown["text"]
    assert shown["problems"] == []
    assert "/r/" not in shown["html"]
    assert "<img" not in shown["html"]


def test_a_preview_without_a_contact_shows_a_sample() -> None:
    shown = read(sign_in().post(f"/emails/{make_email().pk}/preview", {}))
    assert shown["subject"] == "Hello Sam"


def test_a_preview_of_a_broken_email_tells_what_is_broken() -> None:
    email = make_email(source="<p>{{ contact.first_name")
    response = sign_in().post(f"/emails/{email.pk}/preview", {})
    assert response.status_code == 200
    assert "template_syntax" in {problem["code"] for problem in read(response)["problems"]}
    assert read(response)["html"] == ""


def test_a_contact_of_another_unit_cannot_be_previewed() -> None:
    unit = make_unit()
    email = make_email(business_unit_id=unit.pk)
    stranger = make_contact()
    client = sign_in(Role.MARKETER, unit=unit)
    assert client.post(f"/emails/{email.pk}/preview", {"contact_id": stranger.pk}).status_code == 404
    assert client.get(f"/emails/{email.pk}/preview.html", {"contact_id": stranger.pk}).status_code == 404


def test_previewed_html_runs_nothing_in_the_application_s_origin() -> None:
    email = make_email(source="<script>alert(1)</script><a href='https://x.example/' target=_top>x</a>")
    response = sign_in().get(f"/emails/{email.pk}/preview.html")

    policy = response["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-scripts" not in policy
    assert "allow-same-origin" not in policy
    assert "script-src" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert 'target="_blank"' in response.content.decode()
    assert "_top" not in response.content.decode()


def test_a_confirmation_request_is_previewed_sampled_and_keeps_its_content_type() -> None:
    client, contact = sign_in(), make_contact(first_name="Ada")
    email = make_confirmation_email()
    client.post(f"/emails/{email.pk}/edit", {})
    refused = client.patch(f"/emails/{email.pk}", {"content_type": "default"})
    assert (refused.status_code, read(refused)["error"]["code"]) == (409, "field_locked")
    preview = read(client.post(f"/emails/{email.pk}/preview", {"contact_id": contact.pk}))
    assert "Dear Ada" in preview["text"]
    assert "Sample list" in preview["text"]
    assert "/confirm/" in preview["html"]
    assert preview["problems"] == []
    sample = read(client.post(f"/emails/{email.pk}/sample-render", {"people": 5}))
    assert (sample["rendered"], sample["blocked"]) == (1, [])
    copy = read(client.post(f"/emails/{email.pk}/copy", {}))
    assert copy["content_type"] == "confirmation_request"
    listed = read(client.get("/emails?content_type=confirmation_request"))
    assert {item["id"] for item in listed["items"]} == {email.pk, copy["id"]}
