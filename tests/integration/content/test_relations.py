"""Related rows, labels of options and records named by number reach the message, a batch at a time."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from senet.audiences.actions import join_list
from senet.content.cards import CardLoader
from senet.content.check import check_email
from senet.content.errors import RenderError
from senet.content.events import create_event, delete_event
from senet.content.queries import content_settings_for_render, get_published
from senet.content.render import Renderer
from senet.content.values import EmailSource, MessageToRender
from senet.people.models import CustomColumn, Lead
from senet.shared.errors import Conflict
from tests.support.accounts import main_unit, make_unit
from tests.support.audiences import make_list
from tests.support.content import BODY, email_columns, make_live_email
from tests.support.people import make_company, make_contact

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, tzinfo=UTC)
DOOR = "https://links.example.com"


def body_with(liquid: str) -> str:
    return BODY.replace("<p>Dear", f"<p>{liquid}</p><p>Dear")


def render(version_id: int, contact_id: int, loader: CardLoader | None = None) -> str:
    loader = loader or CardLoader(DOOR)
    published = get_published(version_id)
    cards = loader.load([(version_id, contact_id)])
    rendered = Renderer(published.compiled, DOOR).render(
        MessageToRender(1, version_id, contact_id, "anna@example.com", AT),
        cards[contact_id],
        content_settings_for_render(None),
        loader.find_shared(version_id, AT),
    )
    html = message_from_bytes(rendered.content, policy=policy.default).get_body(("html",))
    assert html is not None
    return str(html.get_content())


def make_lead(**columns: object) -> Lead:
    return Lead.objects.create(last_name="Lead", business_unit=main_unit(), **columns)


def codes(source: str, **columns: object) -> set[str]:
    values = {**email_columns(source=body_with(source)), **columns}
    del values["name"]
    return {problem.code for problem in check_email(EmailSource(**values))}


def test_the_rows_that_a_contact_and_its_company_have_are_looped_over() -> None:
    company = make_company("Acme")
    anna = make_contact("anna@example.com", first_name="Anna", company=company)
    make_contact("ben@example.com", first_name="Ben", company=company)
    make_contact("gone@example.com", first_name="Gone", company=company, active=False)
    make_lead(topic="Boats & ships", contact=anna)
    make_lead(topic="Sails", contact=anna)
    make_lead(topic="Whole harbour", company=company, for_company=True)
    shown = make_list(name="News", public=True)
    hidden = make_list(name="Secret", public=False)
    for each in (shown, hidden):
        join_list(each.pk, [anna.pk], by="user", now=AT)
    email = make_live_email(
        source=body_with(
            "{% for lead in contact.leads %}[{{ lead.topic }}]{% endfor %}"
            "{% for one in company.contacts %}({{ one.first_name }}){% endfor %}"
            "{% for one in account.leads %}<{{ one.topic }}>{% endfor %}"
            "{% for one in contact.lists %}/{{ one.name }}/{% endfor %} {{ contact.leads.size }}"
        )
        .replace("<{{", "&lt;{{")
        .replace("}}>", "}}&gt;")
    )
    assert email.live_version_id
    html = render(email.live_version_id, anna.pk)
    assert "[Boats &amp; ships][Sails](Anna)(Ben)&lt;Whole harbour&gt;/News/ 2" in html
    assert "Secret" not in html

    alone = make_contact("alone@example.com")
    assert "<p> 0</p>" in render(email.live_version_id, alone.pk)


def test_a_batch_asks_one_statement_a_relation_and_none_for_emails_without() -> None:
    people = [make_contact(f"p{number}@example.com") for number in range(20)]
    for person in people:
        make_lead(topic="T", contact=person)
    plain, looped = (
        make_live_email(),
        make_live_email(source=body_with("{% for lead in contact.leads %}{{ lead.topic }}{% endfor %}")),
    )
    assert plain.live_version_id
    assert looped.live_version_id
    loader = CardLoader(DOOR)
    loader.load([(plain.live_version_id, people[0].pk), (looped.live_version_id, people[0].pk)])  # learns both

    with CaptureQueriesContext(
        connection,
    ) as queries:
        loader.load([(plain.live_version_id, person.pk) for person in people])
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        cards = loader.load([(looped.live_version_id, person.pk) for person in people])
    assert len(queries) == 2
    assert all(len(card["leads"]) == 1 for card in cards.values())


def test_a_loop_gets_the_first_thousand_rows() -> None:
    anna = make_contact("anna@example.com")
    Lead.objects.bulk_create(
        Lead(topic=str(number), last_name="L", contact=anna, business_unit=main_unit()) for number in range(1_005)
    )
    email = make_live_email(source=body_with("{{ contact.leads.size }} {{ contact.leads.last.topic }}"))
    assert email.live_version_id
    assert "<p>1000 999</p>" in render(email.live_version_id, anna.pk)


def test_the_check_knows_the_columns_of_rows_and_refuses_a_list_as_a_value() -> None:
    assert "unknown_field" not in codes("{% for lead in contact.leads %}{{ lead.topic }}{% endfor %}")
    assert "unknown_field" in codes("{% for lead in contact.leads %}{{ lead.topik }}{% endfor %}")
    assert "unknown_field" in codes("{{ contact.leads.topic }}")
    assert "unknown_field" in codes("{{ contact.company.leads.size }}")  # one hop only
    assert "rows_as_value" in codes("{{ contact.leads }}")
    assert "rows_as_value" in codes("{% for p in company.contacts %}{{ company.contacts }}{% endfor %}")


def test_options_are_called_by_their_label_in_the_contacts_language() -> None:
    CustomColumn.objects.create(
        entity="contact", key="tier", label="Tier", kind="choice", options=["gold", "none"],
        option_labels={"gold": {"de": "Gold-Kunde", "en": "Gold customer"}},
    )  # fmt: skip
    CustomColumn.objects.create(
        entity="contact", key="likes", label="Likes", kind="choices", options=["a", "b"],
        option_labels={"a": {"de": "Boote"}},
    )  # fmt: skip
    email = make_live_email(source=body_with("{{ contact.labels.tier }}|{{ contact.labels.likes }}|{{ contact.tier }}"))
    assert email.live_version_id

    def shown(**columns: Any) -> str:
        contact = make_contact(**columns)
        return render(email.live_version_id or 0, contact.pk).split("<p>")[1].split("</p>")[0]

    assert shown(language="de-CH", custom={"tier": "gold", "likes": ["a", "b"]}) == "Gold-Kunde|Boote, b|gold"
    assert shown(language="fr", custom={"tier": "gold"}) == "Gold customer||gold"
    assert shown(custom={"tier": "none"}) == "none||none"
    assert shown() == "||"
    assert "unknown_field" in codes("{{ contact.labels.first_name }}")


def test_records_are_named_by_number_or_external_id_and_must_exist() -> None:
    company = make_company("Acme", external_id="AC-1", city="Kiel")
    contact = make_contact("anna@example.com")
    source = f"{{{{ records.company[{company.pk}].name }}}} {{{{ records.company['AC-1'].city }}}}"
    assert not codes(source) & {"unknown_field", "record_missing"}
    email = make_live_email(source=body_with(source))
    assert email.live_version_id
    assert "<p>Acme Kiel</p>" in render(email.live_version_id, contact.pk)

    company_id = company.pk
    company.delete()
    with pytest.raises(RenderError) as blocked:
        render(email.live_version_id, contact.pk)
    assert (blocked.value.reason, blocked.value.message) == (
        "EmailBlockedMissingRelatedData", f"The company {company_id} is gone."
    )  # fmt: skip

    assert "record_missing" in codes("{{ records.company[999999].name }}")
    assert "record_missing" in codes("{{ records.company['nobody'].name }}")
    assert "unknown_field" in codes(f"{{{{ records.company[{company.pk}].nam }}}}")
    assert "unknown_field" in codes("{{ records.user[1].password }}")
    assert "unknown_field" in codes("{{ records.company[contact.id].name }}")


def test_a_record_of_another_business_unit_is_as_good_as_missing() -> None:
    other = make_unit("Elsewhere")
    company = make_company("Acme", business_unit=other)
    source = EmailSource(source=f"{{{{ records.company[{company.pk}].name }}}}")
    assert "record_missing" not in {problem.code for problem in check_email(source)}
    assert "record_missing" in {problem.code for problem in check_email(source, {main_unit().pk})}


def test_an_event_is_written_as_it_is_when_the_message_leaves() -> None:
    values = {"name": "Boat show", "starts_at": datetime(2026, 6, 1, 16, tzinfo=UTC), "time_zone": "Europe/Berlin"}
    event_id = create_event(
        business_unit_id=main_unit().pk, owner_id=None, ends_at=datetime(2026, 6, 1, 18, tzinfo=UTC), **values
    )
    template = "{{ event.name }}, {{ event.starts_at | local_datetime: 'short', event.time_zone }}"
    link = '<a href="{{ event.calendar_url }}">Add to calendar</a>'
    assert "event_missing" in codes(template)
    assert "record_missing" in codes(template, event_id=999_999)
    assert "event_without_page" in codes('<a href="{{ event.url }}">Register</a>', event_id=event_id)
    email = make_live_email(source=body_with(template + link), event_id=event_id)
    assert email.live_version_id
    html = render(email.live_version_id, make_contact("a@example.com", language="de").pk)
    assert "Boat show, 01.06.26, 18:00" in html
    assert f"{DOOR}/r/" in html

    email.event_id = None
    email.save()
    with pytest.raises(Conflict, match="was published with this event"):
        delete_event(event_id)
