"""Old templates become Liquid that means the same, or are left as they stand with the reason; nothing else changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.content.language.analysis import Template, analyse
from senet.content.language.budget import RenderState
from senet.content.language.environment import text_environment
from senet.content.language.program import compile_template, write_text
from senet.content.language.shapes import ById, Fields, Rows
from senet.content.translation.translate import translate
from senet.content.translation.vocabulary import Vocabulary

COMPANY: Fields = {"name": None, "city": None, "external_id": None}
FIELDS: Fields = {
    "contact": {
        "first_name": None, "city": None, "vip": None, "points": None, "tier": None, "labels": {"tier": None},
        "company": COMPANY, "owner": {"name": None, "email": None}, "leads": Rows({"topic": None, "id": None}),
    },
    "company": COMPANY,
    "content_settings": {"address_main": None, "subscription_center": None},
    "message": {"web_view_url": None, "confirmation_url": None, "confirmation_object_name": None},
    "records": {"company": ById(COMPANY)},
}  # fmt: skip
VOCABULARY = Vocabulary(
    FIELDS,
    kinds={
        "contact.first_name": "text",
        "contact.vip": "boolean",
        "contact.points": "number",
        "contact.tier": "choice",
    },
    options={"contact.tier": ("gold", "silver")},
)


def liquid(source: str) -> str:
    translation = translate(source, VOCABULARY)
    assert translation.complete, translation.findings
    return translation.source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Dear {{contact.firstname}},", "Dear {{ contact.first_name }},"),
        ("{{ contact.FirstName }}", "{{ contact.first_name }}"),
        ("{{contact.contact_account_parentcustomerid.name}}", "{{ contact.company.name }}"),
        ("{{contact.contact_systemuser_owninguser.fullname}}", "{{ contact.owner.name }}"),
        ("{{account(4cf1-22).name}}", "{{ records.company['4cf1-22'].name }}"),
        ("{{msdyncrm_contentsettings.msdyncrm_addressmain}}", "{{ content_settings.address_main }}"),
        ("{{Message.ViewAsWebpageURL}}", "{{ message.web_view_url }}"),
        ("{{Message.ConfirmationRedirectURL}}", "{{ message.confirmation_url }}"),
        ("{{Message.ConfirmationObjectName}}", "{{ message.confirmation_object_name }}"),
        ("{{ConfirmationUrl}}", "{{ message.confirmation_url }}"),
        ("{{contact.tier}}", "{{ contact.labels.tier }}"),
        ("{{#if (eq contact.address1_city 'Kiel')}}a{{/if}}", "{% if contact.city == 'Kiel' %}a{% endif %}"),
        ("{{#if (eq contact.address1_city &#39;Kiel&#39;)}}a{{/if}}", "{% if contact.city == 'Kiel' %}a{% endif %}"),
        ("{{#if (gte contact.points 2.5)}}a{{/if}}", "{% if contact.points >= 2.5 %}a{% endif %}"),
        ("{{#if (ne contact.tier 'gold')}}a{{/if}}", "{% if contact.tier != 'gold' %}a{% endif %}"),
        ("{{#if contact.vip}}a{{else}}b{{/if}}", "{% if contact.vip %}a{% else %}b{% endif %}"),
        ("{{#if contact.firstname}}a{{/if}}", "{% if contact.first_name and contact.first_name != '' %}a{% endif %}"),
        (
            "{{#if (lt contact.points 1)}}a{{else if (eq contact.points 1)}}b{{else}}c{{/if}}",
            "{% if contact.points < 1 %}a{% elsif contact.points == 1 %}b{% else %}c{% endif %}",
        ),
        (
            "<!-- {{#each contact.contact_lead_parentcontactid}} -->{{this.subject}}<!-- {{/each}} -->",
            "<!-- {% for lead in contact.leads %} -->{{ lead.topic }}<!-- {% endfor %} -->",
        ),
        (r"\{{ not an expression \}}", "{{ '{{' }} not an expression }}"),
        ("{% was text %}", "{{ '{%' }} was text %}"),
        ("@media x{.a{width:100%}}", "@media x{.a{width:100%}}"),
    ],
)
def test_an_expression_becomes_liquid(source: str, expected: str) -> None:
    assert liquid(source) == expected
    assert analyse(Template("body", expected), FIELDS) == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("{{contact.new_shoesize}}", "custom column"),
        ("{{lead.subject}}", "no “lead”"),
        ("{{contact.a.b.c}}", "one or two dots"),
        ("{{contact.contact_lead_parentcontactid.subject}}", "many rows"),
        ("{{msevtmgt_event(12).msevtmgt_name}}", "calendar event"),
        ("{{msdyncrm_marketingpage(12).msdyncrm_full_page_url}}", "address"),
        ("{{FormDoiSubmission.email}}", "form"),
        ("{{this.subject}}", "only inside a loop"),
        ("{{#if (EQ contact.firstname 'a')}}x{{/if}}", "small letters"),
        ("{{#if (eq contact.firstname)}}x{{/if}}", "compares two values"),
        ("{{#if (and a b)}}x{{/if}}", "no comparison “and”"),
        ("{{#if (eq contact.points 1,000)}}x{{/if}}", "no number"),
        ("{{#if (eq 'a' 'b')}}x{{/if}}", "two constants"),
        ("{{#if (eq contact.tier 100000001)}}x{{/if}}", "by their value"),
        ("{{#if contact.vip}}x", "never closed"),
        ("x{{/if}}", "closes no"),
        ("x{{else}}", "no block"),
        ("{{#unless contact.vip}}x{{/unless}}", "no block “unless”"),
        ("{{#each contact.unknown}}x{{/each}}", "not known"),
        ("{{ contact.firstname", "never closed"),
        ("{{}}", "nothing in it"),
        ("{{{contact.firstname}}}", ""),
    ],
)
def test_what_cannot_be_translated_stands_as_it_was_and_is_reported(source: str, why: str) -> None:
    translation = translate(f"first line\n{source}", VOCABULARY)
    assert not translation.complete
    assert why in " ".join(finding.why for finding in translation.findings)
    assert {finding.line for finding in translation.findings} == {2}
    if why:
        assert translation.source.removeprefix("first line\n") == source


def test_all_tags_of_a_block_stay_when_one_of_them_must() -> None:
    source = "{{#if (eq contact.nothing 'x')}}{{contact.firstname}}{{else}}b{{/if}}"
    translation = translate(source, VOCABULARY)
    assert translation.source == "{{#if (eq contact.nothing 'x')}}{{ contact.first_name }}{{else}}b{{/if}}"
    assert len(translation.findings) == 3
    codes = {problem.code for problem in analyse(Template("body", translation.source), FIELDS)}
    assert "template_syntax" in codes  # so it cannot go live unseen


def test_a_guess_is_told() -> None:
    translation = translate("{{contact.new_vip}}\n{{account(7).name}}", VOCABULARY)
    assert translation.complete
    assert translation.source == "{{ contact.vip }}\n{{ records.company['7'].name }}"
    assert [(finding.line, finding.done) for finding in translation.findings] == [(1, True), (2, True)]


def test_a_template_means_the_same_afterwards() -> None:
    source = "{{#if contact.points}}{{#if (gt contact.points 10)}}many{{else}}few{{/if}}{{else}}none{{/if}}"
    template = compile_template(liquid(source), text_environment())

    def shown(points: object) -> str:
        state = RenderState({"contact": {"points": points}}, datetime(2026, 1, 1, tzinfo=UTC))
        return write_text(template, state, html=False)

    assert [shown(points) for points in (None, "", 0, 1, 10.5)] == ["none", "none", "none", "few", "many"]


@given(st.lists(st.sampled_from([
    "text", "\n", "{{", "}}", "\\{{", "{%", "{{#if contact.vip}}", "{{#if x}}", "{{else}}", "{{/if}}",
    "{{contact.firstname}}",
    "{{#each contact.lead_parent_contact}}", "{{/each}}", "{{this.subject}}", "<p style='a:b'>", "&amp;",
]), max_size=20))  # fmt: skip
def test_whatever_stands_there_is_translated_or_reported(parts: list[str]) -> None:
    source = "".join(parts)
    translation = translate(source, VOCABULARY)
    problems = [
        each for each in analyse(Template("body", translation.source), FIELDS) if each.code == "template_syntax"
    ]
    assert translation.complete or translation.findings
    if translation.complete:
        assert problems == []
