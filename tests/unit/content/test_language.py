"""Templates do only what is allowed, within a budget, and say where they are wrong."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from liquid.exceptions import LiquidError, LiquidInterrupt

from senet.content.language.analysis import Template, analyse
from senet.content.language.budget import RenderState
from senet.content.language.environment import LiquidContext, html_environment, text_environment
from senet.content.language.masking import Unclosed, blank_out, find_liquid
from senet.content.language.program import compile_template, write_text
from senet.content.language.shapes import Fields

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
FIELDS: Fields = {"contact": {"first_name": None, "tags": None, "custom": {"tier": None}}, "now": None}


def write(source: str, *, html: bool = False, **scope: Any) -> str:
    environment = html_environment() if html else text_environment()
    state = RenderState({"now": NOW, **scope}, NOW)
    return write_text(compile_template(source, environment), state, html=html)


def write_plainly(source: str, *, html: bool = False, **scope: Any) -> str:
    """The same by python-liquid's own rendering of the whole template."""
    environment = html_environment() if html else text_environment()
    template = environment.from_string(source)
    buffer = StringIO()
    template.render_with_context(LiquidContext(template, RenderState({"now": NOW, **scope}, NOW)), buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("source", "code", "where"),
    [
        ("{{ contact.firstname }}", "unknown_field", "subject"),
        ("{{ person.first_name }}", "unknown_field", "subject"),
        ("{{ contact }}", "unknown_field", "subject"),
        ("a\nb\n{{ contact.custom.nope }}", "unknown_field", "subject, line 3"),
        ("{{ contact.first_name.__class__ }}", "unknown_field", "subject"),
        ("{{ contact['first_name']['x'] }}", "unknown_field", "subject"),
        ("{% if contact.nope %}x{% endif %}", "unknown_field", "subject"),
        ("{% for x in contact.nope %}{{ x }}{% endfor %}", "unknown_field", "subject"),
        ("{{ contact.first_name | nope }}", "unknown_filter", "subject"),
        ("{{ contact.first_name | safe }}", "unknown_filter", "subject"),
        ("{% include 'x' %}", "template_syntax", "subject"),
        ("{% render 'x' %}", "template_syntax", "subject"),
        ("{% senet_beacon %}", "template_syntax", "subject"),
        ("{% if contact.first_name %}", "template_syntax", "subject"),
        ("a\n{{ contact.first_name", "template_syntax", "subject, line 2"),
        ("{% raw %}", "template_syntax", "subject"),
        ("{{ }}", "template_syntax", "subject"),
        ("{% assign contact = 1 %}", "name_taken", "subject"),
        ("x" * 500_001, "too_long", "subject"),
    ],
)
def test_a_problem_says_what_and_where(source: str, code: str, where: str) -> None:
    problems = analyse(Template("subject", source), FIELDS)

    assert code in {problem.code for problem in problems}
    assert {problem.where for problem in problems if problem.code == code} == {where}
    assert all(problem.message and problem.advice for problem in problems)


def test_all_problems_come_at_once() -> None:
    source = (
        "{{ contact.a }} {{ contact.first_name | b }} {% c %} {% if contact.first_name %}{{ contact.d }}{% endif %}"
    )
    codes = sorted(problem.code for problem in analyse(Template("subject", source), FIELDS))
    assert codes == ["template_syntax", "unknown_field", "unknown_field", "unknown_filter"]


def test_a_near_name_is_suggested() -> None:
    (problem,) = analyse(Template("subject", "{{ contact.firstname }}"), FIELDS)
    assert problem.advice == "Did you mean {{ contact.first_name }}?"


@pytest.mark.parametrize(
    "source",
    [
        "Hi {{ contact.first_name | default: 'you' | capitalize }}",
        "{% for tag in contact.tags %}{{ tag }}, {{ forloop.index }}{% endfor %}",
        "{% assign x = contact.custom.tier %}{{ x }}",
        "{{ now | date: '%Y' }}",
        "{% comment %}{{ contact.nope }}{% endcomment %}{% raw %}{{ contact.nope }}{% endraw %}",
        "{{ contact.tags | size }} {{ contact.tags.first }} {{ contact.tags[0] }}",
    ],
)
def test_good_templates_have_no_problems(source: str) -> None:
    assert analyse(Template("subject", source), FIELDS) == []


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in (1..100000) %}{% for b in (1..100000) %}x{% endfor %}{% endfor %}",
        "{% for a in (1..10000) %}{{ a }}{% endfor %}" * 30,
        "{% for a in (1..140) %}{% for b in (1..140) %}{% if true %}{% endif %}{% endfor %}{% endfor %}" * 10,
        "{{ (1..1000000000) | join: ',' }}",
        "{{ (1..1000000000) | size }}{{ (1..1000000000) | reverse | first }}",
        "{% assign x = 'aaaaaaaaaa' %}{% for i in (1..100) %}{% assign x = x | append: x %}{% endfor %}",
        "{% assign x = 'ab' %}{% for i in (1..14) %}{% assign x = x | append: x %}{% endfor %}{{ x | replace: '', x }}",
        "{% assign x = 9999999 %}{% for i in (1..100) %}{% assign x = x | times: x %}{% endfor %}",
        "{% for i in (1..9999) %}{{ big }}{% endfor %}",
        "{{ '1e999999999' | times: '1e999999999' | round }}",
        "{{ now | date: '%1000000000Y' }}",
        "{{ 1 | divided_by: 0 }}",
        "{{ 'a' | capitalize: 1, 2, 3 }}",
        "{% break %}",
        "{% capture x %}" + "{{ big }}" * 30 + "{% endcapture %}" + "{{ x }}" * 30,
    ],
)
def test_what_would_never_end_or_grow_huge_is_an_error(source: str) -> None:
    with pytest.raises((LiquidError, LiquidInterrupt)):
        write(source, big="x" * 60_000)


def test_a_value_is_never_a_template() -> None:
    assert (
        write("{{ contact.name }}", contact={"name": "{{ contact.secret }}", "secret": "s"}) == "{{ contact.secret }}"
    )


def test_values_are_escaped_in_html_and_only_there() -> None:
    contact = {"name": "<script>\"&'", "items": ["<b>", "<i>"]}
    assert write("{{ contact.name }}", html=True, contact=contact) == "&lt;script&gt;&#34;&amp;&#39;"
    assert write("{{ contact.items }}", html=True, contact=contact) == "&lt;b&gt;&lt;i&gt;"
    assert write("{{ contact.name | upcase | append: '<' }}", html=True, contact=contact).startswith("&lt;SCRIPT")
    assert write("{{ contact.name }}", contact=contact) == "<script>\"&'"


def test_no_attribute_of_a_value_is_reached() -> None:
    assert write("{{ contact.__class__ }}{{ contact.name.upper }}{{ contact.keys }}", contact={"name": "x"}) == ""


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2026-03-01", "01.03.2026"), ("now", "01.03.2026"), ("soon", "soon"), (None, ""), (0, "01.01.1970"), ("", "")],
)
def test_dates_are_written_by_a_pattern(value: object, shown: str) -> None:
    assert write("{{ contact.day | date: '%d.%m.%Y' }}", contact={"day": value}) == shown


def test_liquid_is_found_in_one_pass_and_positions_stay() -> None:
    source = "a{{ b }}c{% raw %}{{ d {% endraw %}{e{%if f%}"
    spans = find_liquid(source)

    assert [source[span.start : span.end] for span in spans] == ["{{ b }}", "{% raw %}{{ d {% endraw %}", "{%if f%}"]
    assert len(blank_out(source, spans)) == len(source)
    with pytest.raises(Unclosed):
        find_liquid("{{ x }} {{ y")


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-1000, 1000),
    st.floats(-1e6, 1e6),
    st.text(max_size=20),
    st.lists(st.text(max_size=5), max_size=4),
)
SNIPPETS = st.sampled_from(
    [
        "plain <b>text</b> ",
        "{{ contact.a }}",
        "{{ contact.b | default: 'x<y' }}",
        "{{ contact.a | default: contact.b }}",
        "{{ contact.a | capitalize | append: '&' }}",
        "{{ contact.c | upcase }}",
        "{{ contact.d.e }}",
        "{{ contact.d.missing.more | default: 1 }}",
        "{{ nothing }}{{ nothing.at_all }}",
        "{{ contact.a | date: '%Y' }}",
        "{{ contact.b | size }}{{ contact.b.size }}{{ contact.b.first }}",
        "{{ 'literal <' }}{{ 5 }}{{ true }}{{ nil }}",
        "{{ contact.a | escape }}{{ contact.b | newline_to_br }}{{ contact.c | url_encode }}",
        "{{ contact.a | truncate: 5, '…' }}",
        "{% if contact.a %}yes {{ contact.b }}{% elsif contact.c == 'x' %}maybe{% else %}no{% endif %}",
        "{% if contact.a == contact.b %}same{% endif %}",
        "{% if contact.a != 'x' and contact.b %}1{% elsif contact.b or contact.c == 'x' %}2{% else %}3{% endif %}",
        "{% if contact.a contains 'x' or contact.l contains 'x' %}1{% endif %}",
        "{% if contact.b contains '' %}2{% endif %}",
        "{% if contact.a == 1 or contact.a == true or contact.a == nil or contact.a == empty %}1{% endif %}",
        "{% if contact.d and nothing or contact.a == blank %}1{% endif %}{% if 'x' and contact.a %}2{% endif %}",
        "{% if contact.a %}   {% endif %}",
        "{% unless contact.a %}u{% endunless %}",
        "{% case contact.a %}{% when 1 %}one{% else %}other{% endcase %}",
        "{% for x in contact.l %}[{{ x }}{{ forloop.index }}]{% endfor %}",
        "{% assign y = contact.a %}{{ y }}",
        "{% if contact.b %}{% assign y = 'set' %}{% endif %}{{ y }}",
        "{{- contact.a -}} ",
        "{% capture z %}{{ contact.a }}!{% endcapture %}{{ z }}",
        "{% cycle 'a', 'b' %}",
        "{% comment %}{{ contact.a }}{% endcomment %}",
    ]
)


@given(
    st.lists(SNIPPETS, max_size=12),
    st.fixed_dictionaries(
        {},
        optional={
            "a": VALUES,
            "b": VALUES,
            "c": VALUES,
            "d": st.one_of(VALUES, st.fixed_dictionaries({"e": VALUES})),
            "l": st.lists(VALUES, max_size=4),
        },
    ),
    st.booleans(),
)
def test_the_compiled_template_writes_what_liquid_writes(parts: list[str], contact: dict[str, Any], html: bool) -> None:
    source = "".join(parts)

    def outcome(writer: Callable[..., str]) -> str | type[Exception]:
        try:
            return writer(source, html=html, contact=contact)
        except LiquidError as error:
            return type(error)

    assert outcome(write) == outcome(write_plainly)


@pytest.mark.parametrize(
    "source",
    [
        "{% if (1..9999999999) contains 'a' %}x{% endif %}",
        "{% assign r = (1..9999999999) %}{% if r contains 1.5 %}x{% endif %}",
        "{% for i in (1..9999999999) reversed %}{% break %}{% endfor %}",
        "{% for i in (1..9999999999) limit: 1 offset: 9999999990 %}{{ i }}{% endfor %}",
        "{% for i in (contact.low..contact.high) reversed %}{% break %}{% endfor %}",
        "{% case 'a' %}{% when (1..9999999999) contains 'a' %}x{% endcase %}",
    ],
)
def test_a_long_range_is_refused_before_it_is_walked(source: str) -> None:
    with pytest.raises(LiquidError, match="range grew too long"):
        write(source, contact={"low": "1", "high": "9" * 12})
