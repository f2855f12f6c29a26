"""The go-live check names every problem at once, and lets good mail pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from senet.content.check import check_source
from senet.content.language.shapes import Fields
from senet.content.values import EmailSource
from tests.support.content import BODY, NOW

FIELDS: Fields = {
    "contact": {"first_name": None, "email": None, "custom": {"tier": None}},
    "content_settings": {"address_main": None, "subscription_center": None},
    "message": {
        "unsubscribe_url": None,
        "subscription_center_url": None,
        "web_view_url": None,
        "forward_url": None,
        "confirmation_url": None,
        "confirmation_object_name": None,
    },
}
GOOD = EmailSource(
    subject="Hello {{ contact.first_name }}", from_name="Shop", from_address="news@shop.example.com", source=BODY
)


def codes(source: EmailSource) -> dict[str, str]:
    """Code → severity of every problem."""
    return {problem.code: problem.severity for problem in check_source(source, FIELDS, NOW)}


def body(html: str) -> EmailSource:
    return replace(GOOD, source=BODY.replace("</body>", f"{html}</body>"))


def test_a_good_email_has_no_problem() -> None:
    assert codes(GOOD) == {}


def test_an_empty_email_has_every_problem_at_once() -> None:
    assert codes(EmailSource(to_address="anna@example.com")) == {
        "subject_missing": "error",
        "from_name_missing": "error",
        "address_missing": "error",
        "to_static": "error",
        "html_missing": "error",
    }


@pytest.mark.parametrize(
    ("source", "code", "severity"),
    [
        (replace(GOOD, subject=" "), "subject_missing", "error"),
        (replace(GOOD, from_name=""), "from_name_missing", "error"),
        (replace(GOOD, from_address=""), "address_missing", "error"),
        (replace(GOOD, from_address="Shop <news@shop.example.com>"), "address_invalid", "error"),
        (replace(GOOD, from_address="news@shop.example.com\r\nBcc: a@b.example"), "address_invalid", "error"),
        (replace(GOOD, reply_to="nobody"), "address_invalid", "error"),
        (replace(GOOD, to_address="anna@example.com"), "to_static", "error"),
        (replace(GOOD, to_address=""), "to_static", "error"),
        (replace(GOOD, source=" "), "html_missing", "error"),
        (replace(GOOD, plain_text_automatic=False), "text_missing", "error"),
        (replace(GOOD, plain_text_automatic=False, plain_text="Hello"), "centre_missing", "error"),
        (replace(GOOD, plain_text_automatic=False, plain_text="Hello"), "postal_address_missing", "error"),
        (replace(GOOD, source="<p>Hello</p>"), "centre_missing", "error"),
        (replace(GOOD, source="<p>Hello</p>"), "postal_address_missing", "error"),
        (body("{{ content_settings.nope }}"), "unknown_field", "error"),
        (body("{{ contact.first_name | nope }}"), "unknown_filter", "error"),
        (body("{% if contact.first_name %}"), "template_syntax", "error"),
        (body("{{ contact"), "template_syntax", "error"),
        (body("{% for a in (1..9000) %}{% for b in (1..9000) %}x{% endfor %}{% endfor %}"), "too_costly", "error"),
        (
            body("{% for a in (1..15000) %}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}{{ a }}{% endfor %}"),
            "too_costly",
            "error",
        ),
        (replace(GOOD, subject="{{ 1 | divided_by: contact.first_name }}"), "render_failed", "warning"),
        (body("<div><b>x</div>"), "html_invalid", "error"),
        (body("</div>"), "html_invalid", "error"),
        (body('<a href="https://x.example>x</a>'), "html_invalid", "error"),
        (body("<style>p{}"), "html_invalid", "error"),
        (body("<!-- x"), "html_invalid", "error"),
        (body('<a href="javascript:alert(1)">x</a>'), "link_unsafe", "error"),
        (body('<a href="javascript:{{ contact.first_name }}">x</a>'), "link_unsafe", "error"),
        (body('<a href="/x/{{ contact.first_name }}">x</a>'), "link_relative", "warning"),
        (body('<a href="http://a b/">x</a>'), "link_invalid", "error"),
        (body('<a href="page.html">x</a>'), "link_relative", "warning"),
        (body('<a href="">x</a>'), "link_empty", "warning"),
        (body("<script>var x = '{{ contact.first_name }}'</script>"), "unsafe_place", "error"),
        (body('<p onclick="{{ contact.first_name }}">x</p>'), "unsafe_place", "error"),
        (body("<p class={{ contact.first_name }}>x</p>"), "unsafe_place", "error"),
        (body("<script>x</script>"), "script", "warning"),
        (body('<img src="https://x.example/a.png">'), "alt_missing", "information"),
        (body("x" * 101 * 1024), "html_large", "warning"),
        (body("x" * 129 * 1024), "html_large", "warning"),
        (body('<a href="https://x.example/">x</a>' * 256), "too_many_links", "error"),
        (
            body(
                '<a data-senet-tracking-id="a" href="https://x.example/1">x</a>'
                '<a data-senet-tracking-id="a" href="https://x.example/2">x</a>'
            ),
            "tracking_id_differs",
            "information",
        ),
        (replace(GOOD, source_kind="mjml", source="<mjml><mj-body><nope></mj-body></mjml>"), "mjml_invalid", "error"),
    ],
)
def test_each_problem_is_found(source: EmailSource, code: str, severity: str) -> None:
    assert codes(source).get(code) == severity


def test_transactional_mail_needs_the_address_but_no_centre() -> None:
    source = replace(GOOD, legal_designation="transactional", source="<p>Your order</p>")
    assert codes(source) == {"postal_address_missing": "error"}


def test_an_expression_counts_as_an_address() -> None:
    assert codes(replace(GOOD, from_address="{{ contact.email }}", reply_to="{{ contact.email }}")) == {}


def test_markup_that_depends_on_a_condition_is_only_warned_about() -> None:
    source = body("{% if contact.first_name %}<div>{% else %}<div class='x'>{% endif %}x</div>")
    assert codes(source) == {"html_invalid": "warning"}


def test_a_centre_that_is_no_link_is_not_enough() -> None:
    source = replace(
        GOOD, source="<p>{{ content_settings.subscription_center }} {{ content_settings.address_main }}</p>"
    )
    assert codes(source) == {"centre_missing": "error"}


def test_errors_come_first_with_place_and_advice() -> None:
    problems = check_source(body('<img src="x">\n{{ contact.firstname }}'), FIELDS, NOW)
    assert [problem.severity for problem in problems] == ["error", "information"]
    assert problems[0].where == "html body, line 9"
    assert "firstname" in problems[0].message
    assert problems[0].advice == "Did you mean {{ contact.first_name }}?"
    assert all(problem.message and problem.advice and problem.where for problem in problems)


def test_checking_takes_linear_time() -> None:
    for piece in ("<b>", "<b></i>", "<a href=x>", "{{ contact.nope }}", "<img>", "<p class={{ x }}>", "&lt", "{%"):
        check_source(replace(GOOD, source=piece * (40_000 // len(piece))), FIELDS, NOW)


ASKS = replace(
    GOOD,
    content_type="confirmation_request",
    legal_designation="transactional",
    source="<p><a href='{{ message.confirmation_url }}'>Yes</a> {{ message.confirmation_object_name }}</p>"
    "<p>{{ content_settings.address_main }}</p>",
)


def test_a_confirmation_request_needs_no_way_out_but_its_link_and_the_address() -> None:
    assert codes(ASKS) == {}
    assert codes(replace(ASKS, source="<p>Hello</p>")) == {
        "confirmation_link_missing": "error",
        "postal_address_missing": "error",
    }


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (replace(ASKS, legal_designation="commercial"), "confirmation_commercial"),
        (replace(ASKS, to_address="{{ contact.custom.tier }}"), "confirmation_to_others"),
        (replace(ASKS, to_address="{{ contact.email }}, x@y.example"), "confirmation_to_others"),
        (replace(ASKS, source=ASKS.source + "<a href='{{ message.web_view_url }}'>x</a>"), "confirmation_shared"),
        (replace(ASKS, source=ASKS.source + "<a href='{{ message.forward_url }}'>x</a>"), "confirmation_shared"),
        (replace(ASKS, source=ASKS.source.replace("<a href='", "<b title='")), "confirmation_link_missing"),
        (replace(ASKS, plain_text_automatic=False, plain_text="Hello"), "confirmation_link_missing"),
        (body("<a href='{{ message.confirmation_url }}'>x</a>"), "confirmation_elsewhere"),
        (body("{{ message.confirmation_object_name }}"), "confirmation_elsewhere"),
    ],
)
def test_a_confirmation_request_is_for_its_reader_alone(source: EmailSource, code: str) -> None:
    assert codes(source).get(code) == "error"
