"""What is published can be rendered by another process, for real contacts, with the fields that exist."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from senet.content.actions import render_test
from senet.content.cards import load_cards
from senet.content.check import check_email
from senet.content.errors import EmailNotReady
from senet.content.fields import load_fields
from senet.content.needs import LABELS, RELATIONS
from senet.content.queries import content_settings_for_render, find_live_versions, get_published, load_links
from senet.content.render import Renderer
from senet.content.values import EmailSource, MessageToRender
from senet.people.models import CustomColumn
from senet.people.queries import find_contacts_for_render
from senet.shared.errors import NotFound
from tests.support.content import BODY, make_content_settings, make_email, make_live_email
from tests.support.people import make_company, make_contact

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)


def test_a_published_email_is_rendered_for_a_contact() -> None:
    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="text")
    contact = make_contact("anna@example.com", first_name="Anna", company=make_company("Acme"), custom={"tier": "gold"})
    settings = make_content_settings(address_main="1 Main Street")
    email = make_live_email(source=BODY.replace("<p>Dear", "<p>{{ company.name }} {{ contact.custom.tier }}: Dear"))
    assert email.live_version_id
    published = get_published(email.live_version_id)

    rendered = Renderer(published.compiled, "https://links.example.com").render(
        MessageToRender(1, published.email_version_id, contact.pk, contact.email, AT),
        find_contacts_for_render([contact.pk])[contact.pk],
        content_settings_for_render(settings.pk),
    )
    body = message_from_bytes(rendered.content, policy=policy.default).get_body(("html",))
    assert body is not None
    assert "<p>Acme gold: Dear Anna,</p>" in body.get_content()
    assert "1 Main Street" in body.get_content()


def test_links_are_looked_up_by_version_and_number() -> None:
    email = make_live_email()
    assert email.live_version_id
    links = load_links([email.live_version_id])
    assert links[(email.live_version_id, 1)].label == "See the spring collection"
    assert find_live_versions([email.pk, make_email().pk]) == {email.pk: email.live_version_id}


def test_what_was_never_published_is_not_found() -> None:
    with pytest.raises(NotFound):
        get_published(999_999)
    with pytest.raises(NotFound):
        content_settings_for_render(999_999)
    assert content_settings_for_render(None)["address_main"] == ""


def test_custom_columns_are_known_to_the_check() -> None:
    source = EmailSource(subject="{{ contact.custom.tier }} {{ contact.tier }} {{ company.custom.size }}")
    assert "unknown_field" in {problem.code for problem in check_email(source)}
    CustomColumn.objects.create(entity="contact", key="tier", label="Tier", kind="text")
    CustomColumn.objects.create(entity="company", key="size", label="Size", kind="text")
    assert "unknown_field" not in {problem.code for problem in check_email(source)}


def test_every_field_that_the_check_allows_is_there_when_rendering() -> None:
    contact = make_contact(company=make_company("Acme"))
    needs = [(root, name) for root, names in RELATIONS.items() for name in (*names, LABELS)]
    card = load_cards([contact.pk], needs)[contact.pk]
    fields = load_fields()
    known = {**(fields["contact"] or {}), "company": fields["company"]}
    assert set(known) - {"custom"} == set(card) - {"custom"}
    assert set(known["company"] or {}) - {"custom"} == set(card["company"]) - {"custom"}
    assert set(fields["content_settings"] or {}) == set(content_settings_for_render(None))


def test_a_test_message_says_what_the_contact_would_read_and_goes_elsewhere() -> None:
    contact = make_contact("anna@example.com", first_name="Anna")
    email = make_email(to_address="{{ contact.email }}")
    rendered = render_test(email.pk, address="boss@example.com", contact_id=contact.pk, now=AT)

    parsed = message_from_bytes(rendered.content, policy=policy.default)
    assert (parsed["To"], parsed["Subject"]) == ("boss@example.com", "Hello Anna")
    assert rendered.to_address == "boss@example.com"
    assert b"/r/" not in rendered.content
    assert b"<img" not in rendered.content


def test_a_broken_email_is_not_sent_as_a_test() -> None:
    with pytest.raises(EmailNotReady):
        render_test(make_email(subject="").pk, address="boss@example.com", now=AT)
