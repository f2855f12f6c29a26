"""Templates and values that want to stall, flood or break out: one message is blocked with its reason, soon."""

from __future__ import annotations

import functools
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from liquid.exceptions import LiquidError, ResourceLimitError

from senet.content.errors import RenderError, TemplateInvalid
from senet.content.language.budget import MAX_OUTPUT, MAX_SECONDS, RenderState
from senet.content.language.filters import ALLOWED_FILTERS
from senet.content.render import Renderer
from senet.content.values import RenderedMessage
from tests.unit.content.test_render import SETTINGS, message, renderer

END = "{{ content_settings.address_main }}"
SOON = 1.5  # seconds of the processor: three times what a message may take
LETTERS = "".join(chr(0x4E00 + number) for number in range(9_999))


def nest(value: Any, depth: int, wrap: Any) -> Any:
    return functools.reduce(lambda inner, _: wrap(inner), range(depth), value)


def write(writer: Renderer, **contact: Any) -> RenderedMessage | RenderError:
    """What becomes of one person's message, which is known soon."""
    started = time.process_time()
    try:
        return writer.render(message(), {"first_name": "Ada", **contact}, SETTINGS)
    except RenderError as error:
        return error
    finally:
        assert time.process_time() - started < SOON


def make(template: str, **more: Any) -> Renderer:
    body = f"<html><body>{template}{END}</body></html>"
    return renderer(source=body, plain_text_automatic=False, plain_text=f"x {END}", **more)


EXPENSIVE: dict[str, tuple[str, Any]] = {
    "loops in loops": ("{% for a in contact.x %}" * 3 + "{{ a }}" + "{% endfor %}" * 3, list(range(1_000))),
    "loops in loops of ranges": ("{% for a in (1..contact.x) %}" * 3 + "{% endfor %}" * 3, 20_000),
    "a range without end": ("{% for a in (1..contact.x) %}{% endfor %}", 10**12),
    "a range backwards": ("{% for a in (contact.x..1) %}{% endfor %}" * 9, -(10**12)),
    "many passes of nothing": (
        "{% for i in (1..contact.x) %}{% case 1 %}" + "{% when 2 %}" * 20_000 + "{% endcase %}{% endfor %}",
        20_000,
    ),
    "many alternatives": (
        "{% for i in (1..contact.x) %}{% if " + " or ".join(["1 == 2"] * 300) + " %}{% endif %}{% endfor %}",
        20_000,
    ),
    "comparing all with all": ("{{ contact.x | split: '' | uniq | size }}" * 200, LETTERS),
    "sorting again and again": ("{{ contact.x | split: '' | sort_natural | first }}" * 3_000, LETTERS),
    "looking through a list": ("{% if contact.x contains 'z' %}{% endif %}" * 8_000, ["q" * 50] * 10_000),
    "looking through a text": ("{% if contact.x contains 'aaaaaab' %}{% endif %}" * 8_000, "a" * 60_000),
    "doubling a text": ("{% assign t = contact.x %}" + "{% assign t = t | append: t %}" * 60 + "{{ t }}", "ab"),
    "doubling a list": (
        "{% assign t = contact.x | split: '' %}" + "{% assign t = t | concat: t %}" * 60,
        "abcdef",
    ),
    "growing by replacing": ("{{ contact.x | replace: '', contact.x }}", "y" * 3_000),
    "growing by joining": ("{{ contact.x | split: '' | join: contact.x }}", "y" * 9_000),
    "a long text many times": ("{{ contact.x }}" * 20_000, "y" * 60_000),
    "a long text kept many times": (
        "{% for i in (1..9999) %}{% capture t %}{{ t }}{{ contact.x }}{% endcapture %}{% endfor %}{{ t }}",
        "y" * 60_000,
    ),
    "a huge number": ("{% assign n = contact.x %}" + "{% assign n = n | times: n %}" * 60 + "{{ n }}", 999_999_999),
    "a number with a huge exponent": ("{{ contact.x | times: 1 | round }}{{ contact.x | plus: 1 }}", "1e999999999"),
    "a deep list": ("{{ contact.x }}", nest(1, 100_000, lambda inner: [inner])),
    "a deep mapping": ("{{ contact.x }}", nest(1, 5_000, lambda inner: {"a": inner})),
    "a long way down": ("{{ contact.x" + ".a" * 5_000 + " }}" * 1, nest(1, 5_000, lambda inner: {"a": inner})),
    "a QR code of everything": ("{{ contact.x | qr_code_url }}", "9" * 60_000),
    "a link to everything": ('<a href="{{ contact.x }}">a</a>' * 250, "https://x.example/" + "y" * 60_000),
    "a date for ever": ("{{ contact.x | date: '" + "%Y" * 49 + "' }}", "9999-12-31T23:59:59.999999+23:59"),
}


@pytest.mark.parametrize("name", EXPENSIVE)
def test_what_is_expensive_for_one_person_blocks_that_message_soon_and_the_next_is_written(name: str) -> None:
    template, value = EXPENSIVE[name]
    writer = make(template)
    outcome = write(writer, x=value)
    if isinstance(outcome, RenderError):
        assert outcome.reason == "EmailBlockedOtherReason"
        assert outcome.message
        assert len(outcome.message) < 1_000
    else:
        assert len(outcome.content) <= MAX_OUTPUT
    harmless = "https://x.example/" if "href" in template else ""
    assert isinstance(write(writer, x=harmless), RenderedMessage), "the renderer is as good as new"


def test_a_machine_that_pauses_blocks_nobodys_message() -> None:
    state = RenderState.empty()
    state.spend(16)
    time.sleep(MAX_SECONDS + 0.1)  # a busy neighbour, a slow query
    state.spend(16)
    work(MAX_SECONDS + 0.1)  # garbage is collected, a virtual machine stands still
    state.spend(16)
    work(0.19)
    state.spend(16)
    work(0.19)
    with pytest.raises(ResourceLimitError, match="too long"):
        state.spend(16)


def work(seconds: float) -> None:
    """Keep the processor busy."""
    until = time.thread_time() + seconds
    while time.thread_time() < until:
        pass


def refuse(template: str) -> list[str]:
    """Why a template does not go live, or why everybody's message is blocked."""
    try:
        outcome = write(make(template), x="{% include 'email' %}")
    except TemplateInvalid as error:
        return [each.message for each in error.problems]
    return [outcome.message] if isinstance(outcome, RenderError) else []


@pytest.mark.parametrize(
    "template",
    [
        "{% include 'email' %}",
        "{% render 'email' %}",
        "{% include contact.x %}",
        "{% layout 'x' %}{% block a %}x{% endblock %}",
        "{% macro a %}{% call a %}{% endmacro %}{% call a %}",
        "{% extends 'x' %}",
        "{% tablerow a in (1..9) %}{% endtablerow %}",
        "{% increment x %}",
        "{% liquid include 'x' %}",
        "{{ contact.x | eval }}",
        "{{ contact.x | render }}",
        "{{ contact.x | strip_html | safe }}",
        "{{ contact.x | json }}",
        "{{ contact.x | env }}",
        "{% import 'os' %}",
        "{{ 'a' | slice: 0" + ", 1" * 50_000 + " }}",
        "{% if " + "(" * 5_000 + "a" + ")" * 5_000 + " %}{% endif %}",
        "{% if a %}" * 3_000 + "{% endif %}" * 3_000,
    ],
    ids=lambda text: text[:40],
)
def test_what_could_include_itself_reach_out_or_nest_without_end_never_goes_live(template: str) -> None:
    started = time.process_time()
    refused = refuse(template)
    assert time.process_time() - started < 5
    assert refused
    assert all(len(sentence) > 10 for sentence in refused)


ROOTS = (
    "contact.__class__",
    "contact.first_name.__class__.__mro__",
    "contact.items",
    "contact.keys",
    "contact.x.format",
    "message.__init__.__globals__",
    "content_settings.__dict__",
    "self",
    "config",
    "request",
    "settings",
    "environment",
    "contact['__class__']['__base__']",
    "now.__class__",
    "now.tzinfo.__class__",
    "forloop.__class__",
)


@pytest.mark.parametrize("path", ROOTS)
def test_nothing_but_values_is_reached(path: str) -> None:
    _, _, html, text = make(f"[{{{{ {path} }}}}]").render_parts(message(), {"x": "{0.__class__}"}, SETTINGS)
    assert "<body>[]" in html
    assert "class" not in html + text


@pytest.mark.parametrize(
    "value",
    [
        "{{ content_settings.secret }}",
        "{% for i in (1..99999) %}x{% endfor %}",
        "{{ 7 | times: 7 }}",
        "{%- raw -%}",
        "${7*7}",
        "#{7*7}",
        "<%= 7*7 %>",
        "{{constructor.constructor('x')()}}",
        "%{7*7}",
        "{senet_link 1}",
        "{% senet_beacon %}",
    ],
)
def test_what_a_person_is_called_is_never_read_as_a_template(value: str) -> None:
    writer = make("[{{ contact.x }}]", subject="S {{ contact.x }}", from_name="F {{ contact.x }}")
    outcome = write(writer, x=value)
    assert isinstance(outcome, RenderedMessage)
    _, _, html, _ = writer.render_parts(message(), {"x": value}, SETTINGS)
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&#34;"), ("'", "&#39;")):
        value = value.replace(character, entity)
    assert f"[{value}]" in html


# -- what nobody has thought of ----------------------------------------------------------------------------------------

HOSTILE = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(),
    st.text(max_size=50),
    st.sampled_from(
        [
            "",
            " ",
            "%",
            "%Y" * 60,
            "1e999",
            "-1",
            "\x00",
            "\u2028",
            "'",
            '"',
            "{{",
            "\u0663",
            "\U0001d7db",
            "\ud800",
            "9" * 400,
            "2026-02-30",
            "x" * 70_000,
            "1," * 20_000,
            LETTERS,
        ]
    ),
    st.lists(
        st.one_of(st.none(), st.text(max_size=3), st.integers(), st.dictionaries(st.text(max_size=2), st.integers())),
        max_size=5,
    ),
    st.dictionaries(st.sampled_from(["a", "size", "first", "x"]), st.text(max_size=3), max_size=3),
    st.builds(lambda value, times: [value] * times, st.text(max_size=2), st.integers(0, 12_000)),
)
ARGUMENTS = st.sampled_from(
    [
        "contact.a",
        "contact.b",
        "nothing",
        "0",
        "-1",
        "1.5",
        "99999999999999999999",
        "'x'",
        "''",
        "'%d'",
        "'EUR'",
        "true",
        "(1..9)",
        "contact",
        "nil",
    ]
)
FILTERS = st.builds(
    lambda name, arguments: f"| {name}" + (f": {', '.join(arguments)}" if arguments else ""),
    st.sampled_from(sorted(ALLOWED_FILTERS)),
    st.lists(ARGUMENTS, max_size=3),
)
OUTPUTS = st.builds(
    lambda first, filters: f"{{{{ {first} {' '.join(filters)} }}}}", ARGUMENTS, st.lists(FILTERS, max_size=4)
)
BLOCKS = st.sampled_from(
    [
        "{{% if {} %}}{}{{% endif %}}",
        "{{% unless {} %}}{}{{% endunless %}}",
        "{{% for i in {} %}}{}{{% endfor %}}",
        "{{% for i in (1..{}) reversed %}}{}{{% endfor %}}",
        "{{% case {} %}}{{% when 'x' %}}{}{{% endcase %}}",
        "{{% assign t = {} %}}{}",
        "{{% capture t %}}{{{{ {} }}}}{{% endcapture %}}{}",
        "{{% cycle {} %}}{}",
    ]
)
TEMPLATES = st.recursive(
    OUTPUTS,
    lambda inner: st.builds(
        lambda block, argument, parts: block.format(argument, "".join(parts)),
        BLOCKS,
        ARGUMENTS,
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)


@given(TEMPLATES, HOSTILE, HOSTILE)
@settings(max_examples=400, deadline=None)
def test_any_template_with_any_values_ends_soon_in_a_mail_or_in_a_reason(template: str, a: Any, b: Any) -> None:
    try:
        writer = make(template, subject=f"S{template[:200]}" if "{%" not in template else "S")
    except (TemplateInvalid, LiquidError):
        return
    outcome = write(writer, a=a, b=b)
    if isinstance(outcome, RenderedMessage):
        assert len(outcome.content) <= MAX_OUTPUT
        assert b"\r\n\r\n" in outcome.content
    else:
        assert outcome.reason.startswith(("Email", "Invalid"))
