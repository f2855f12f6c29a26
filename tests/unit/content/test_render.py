"""A rendered message is a valid mail that says what its template says for one person, whatever their data."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.content.compiler import compile_email
from senet.content.errors import RenderError, TemplateInvalid
from senet.content.render import Renderer
from senet.content.values import (
    CompiledEmail,
    Confirmation,
    EmailSource,
    MessageToRender,
    RenderedMessage,
    declared_number,
)
from senet.shared.tokens import LinkSigner, LinkToken, find_link, find_text, sign_link
from tests.support.content import CONFIRMATION_BODY

DOOR = "https://links.example.com"
AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SETTINGS = {"address_main": "1 Main Street", "subscription_center": ""}
BODY = """<!doctype html><html><body class=x>
<p>Dear {{ contact.first_name | capitalize | default: "friend" }} of {{ company.name }},</p>
<a href="https://x.example/a?b=1&amp;c=2">one</a> <a href='https://x.example/two'>two</a>
{% if contact.vip %}<p>VIP: <a href="https://x.example/vip">three</a></p>{% endif %}
<a href="{{ content_settings.subscription_center }}">centre</a> <a href="{{ message.unsubscribe_url }}">leave</a>
{{ content_settings.address_main }}
</body></html>
"""


def source(**columns: Any) -> EmailSource:
    values: dict[str, Any] = {
        "subject": "Hello {{ contact.first_name }}",
        "from_name": "The Shop",
        "from_address": "news@shop.example.com",
        "source": BODY,
        **columns,
    }
    return EmailSource(**values)


def renderer(**columns: Any) -> Renderer:
    stored = json.dumps(compile_email(source(**columns)).as_json())
    return Renderer(CompiledEmail.from_json(json.loads(stored)), DOOR)


def message(**columns: Any) -> MessageToRender:
    values: dict[str, Any] = {
        "message_id": 77,
        "email_version_id": 5,
        "contact_id": 9,
        "address": "anna@example.com",
        "at": AT,
        "journey_id": 3,
        **columns,
    }
    return MessageToRender(**values)


def render(
    contact: dict[str, Any] | None = None, settings: dict[str, Any] | None = None, **columns: Any
) -> RenderedMessage:
    tracking = columns.pop("tracking_allowed", True)
    return renderer(**columns).render(message(tracking_allowed=tracking), contact or {}, settings or SETTINGS)


def parse(rendered: RenderedMessage) -> EmailMessage:
    parsed = message_from_bytes(rendered.content, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    for part in parsed.walk():
        assert not part.defects
    return parsed


def bodies(rendered: RenderedMessage) -> tuple[str, str]:
    parsed = parse(rendered)
    text, html = parsed.get_body(("plain",)), parsed.get_body(("html",))
    assert isinstance(text, EmailMessage)
    assert isinstance(html, EmailMessage)
    return text.get_content().replace("\r\n", "\n"), html.get_content().replace("\r\n", "\n")


def tokens(html: str, path: str) -> list[str]:
    return re.findall(rf"{DOOR}/{path}/([\w-]+)", html)


def test_a_message_has_its_structure_and_headers() -> None:
    rendered = render({"first_name": "Anna"})
    parsed = parse(rendered)

    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]
    assert parsed["From"] == "The Shop <news@shop.example.com>"
    assert parsed["To"] == "anna@example.com"
    assert parsed["Subject"] == "Hello Anna"
    assert parsed["Date"].datetime == AT
    assert parsed["MIME-Version"] == "1.0"
    assert parsed["Auto-Submitted"] == "auto-generated"
    assert parsed["Feedback-ID"] == "3:5:commercial:senet"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (rendered.from_address, rendered.to_address) == ("news@shop.example.com", "anna@example.com")
    assert rendered.size == len(rendered.content)


def test_ids_and_links_can_be_checked_and_not_be_guessed() -> None:
    rendered = render({"first_name": "Anna"})
    parsed = parse(rendered)
    text, html = bodies(rendered)

    message_id = re.fullmatch(r"<([\w-]{40})@shop\.example\.com>", parsed["Message-ID"])
    assert message_id
    assert find_link(message_id[1], purpose="message-id") == LinkToken(77, 5, 0)
    unsubscribe = re.fullmatch(rf"<{DOOR}/u/([\w-]{{40}})>", parsed["List-Unsubscribe"])
    assert unsubscribe
    assert find_link(unsubscribe[1], purpose="unsubscribe") == LinkToken(77, 5, 0)
    assert [find_link(token, purpose="redirect") for token in tokens(html, "r")] == [
        LinkToken(77, 5, 1),
        LinkToken(77, 5, 2),
    ]
    assert tokens(text, "r") == tokens(html, "r")
    assert [find_link(token, purpose="open") for token in tokens(html, "o")] == [LinkToken(77, 5, 0)]
    assert [find_link(token, purpose="centre") for token in tokens(html, "c")] == [LinkToken(77, 5, 4)]
    assert [find_link(token, purpose="unsubscribe") for token in tokens(html, "u")] == [LinkToken(77, 5, 5)]
    assert not tokens(text, "o")


def test_the_signer_makes_the_same_tokens_as_signing_one_by_one() -> None:
    links = [("open", 0), ("redirect", 1), ("redirect", 300), ("centre", 2)]
    for message_id in (0, 1, 2**63 - 1):
        signed = LinkSigner(2**32 - 1, links).sign(message_id)
        assert [token.decode() for token in signed] == [
            sign_link(LinkToken(message_id, 2**32 - 1, link), purpose=purpose) for purpose, link in links
        ]


def test_the_bodies_are_what_the_template_writes_for_this_person() -> None:
    contact = {"first_name": "müller", "vip": True, "company": {"name": "Acme & <Sons>"}}
    shown = renderer()
    state_parts = shown.render_parts(message(), contact, SETTINGS)
    text, html = bodies(shown.render(message(), contact, SETTINGS))

    assert html.rstrip("\n") == state_parts[2].rstrip("\n")
    assert text.rstrip("\n") == state_parts[3].rstrip("\n")
    assert "Dear Müller of Acme &amp; &lt;Sons&gt;," in html
    assert "Dear Müller of Acme & <Sons>," in text
    assert len(tokens(html, "r")) == 3


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "first_name": st.text(max_size=200),
            "vip": st.booleans(),
            "company": st.fixed_dictionaries({"name": st.text(max_size=500)}),
        },
    ),
    st.booleans(),
)
def test_any_data_gives_a_valid_mail_that_says_it(contact: dict[str, Any], tracking: bool) -> None:
    one = message(tracking_allowed=tracking)
    shown = SHARED.render_parts(one, contact, SETTINGS)
    rendered = SHARED.render(one, contact, SETTINGS)
    text, html = bodies(rendered)

    def plain(value: str) -> list[str]:
        return re.split(r"\r\n|\r|\n", value.encode("utf-8", "replace").decode().rstrip("\r\n"))

    assert plain(html) == plain(shown[2])
    assert plain(text) == plain(shown[3])
    assert parse(rendered).keys().count("Subject") == 1
    assert rendered.content.isascii(), "the sender takes it for that"
    for line in rendered.content.partition(b"\r\n\r\n")[0].split(b"\r\n"):
        assert len(line) <= 78 or line.startswith((b"List-Unsubscribe: <", b"Message-ID: <"))  # one word each
    for line in rendered.content.split(b"\r\n"):
        assert len(line) <= 998
        assert b"\n" not in line
        assert b"\r" not in line
        assert not line.startswith(b".")


SHARED = renderer(subject="Hello {{ contact.first_name }}!")


def test_somebody_who_may_not_be_tracked_gets_no_beacon_and_the_original_links() -> None:
    text, html = bodies(render({"vip": True}, tracking_allowed=False))

    assert 'href="https://x.example/a?b=1&amp;c=2"' in html
    assert "https://x.example/a?b=1&c=2" in text
    assert "<img" not in html
    assert not tokens(html + text, "r")
    assert find_link(tokens(html, "c")[0], purpose="centre") == LinkToken(77, 5, 0)


def test_the_beacon_stands_at_the_end_of_the_body() -> None:
    _, html = bodies(render())
    assert re.search(r'<img src="https://links\.example\.com/o/[\w-]{40}" width="1"[^>]*></body></html>\s*$', html)


def test_the_preheader_stands_first_and_is_not_in_the_text() -> None:
    text, html = bodies(render({"first_name": "<b>"}, preheader="Tom & {{ contact.first_name }}"))
    assert re.search(r"<body class=x><div style=\"display:none[^>]*>Tom &amp; &lt;b&gt;</div>", html)
    assert "Tom" not in text


def test_a_handwritten_text_is_used_as_it_is() -> None:
    plain = "Hi {{ contact.first_name }}\nhttps://x.example/two and https://y.example/\n"
    text, html = bodies(render({"first_name": "A&B"}, plain_text=plain, plain_text_automatic=False))

    found = [find_link(token, purpose="redirect") for token in tokens(text, "r")]
    assert text.startswith("Hi A&B\n")
    assert found == [LinkToken(77, 5, 2), LinkToken(77, 5, 6)]
    assert tokens(html, "r")[1] == tokens(text, "r")[0]


def test_an_external_subscription_centre_is_linked_without_a_redirect() -> None:
    _, html = bodies(render(settings={"address_main": "x", "subscription_center": "https://me.example/?a=1&b=2"}))
    assert 'href="https://me.example/?a=1&amp;b=2">centre' in html


def test_transactional_mail_has_no_unsubscribe_header() -> None:
    parsed = parse(render(legal_designation="transactional"))
    assert parsed["List-Unsubscribe"] is None
    assert parsed["List-Unsubscribe-Post"] is None


LOOP = '{% for item in contact.items %}<a href="{{ item.url }}">{{ item.name }}</a>{% endfor %}'


def test_dynamic_links_tell_their_targets() -> None:
    items = [{"url": "https://x.example/?q=1&r=2", "name": "1"}, {"url": "https://y.example/ü", "name": "2"}] * 2
    rendered = render({"items": items}, source=LOOP)
    _, html = bodies(rendered)

    assert rendered.dynamic_links == ((1, "https://x.example/?q=1&r=2"), (257, "https://y.example/%C3%BC"))
    found = [find_link(token, purpose="redirect") for token in tokens(html, "r")]
    assert [link.link for link in found if link] == [1, 257, 1, 257]
    assert declared_number(257) == 1
    _, original = bodies(render({"items": items}, source=LOOP, tracking_allowed=False))
    assert 'href="https://x.example/?q=1&amp;r=2"' in original


@pytest.mark.parametrize(
    "url", ["", "javascript:alert(1)", "data:text/html,x", "//evil.example", "x", "https://", "https://a\r\nb: c@d e"]
)
@pytest.mark.parametrize("tracking", [True, False])
def test_a_dynamic_link_that_is_no_web_address_blocks_the_message(url: str, tracking: bool) -> None:
    with pytest.raises(RenderError) as caught:
        render({"url": url}, source='<a href="{{ contact.url }}">a</a>', tracking_allowed=tracking)
    assert caught.value.reason == "EmailBlockedOtherReason"


def test_an_untracked_dynamic_link_is_checked_and_not_redirected() -> None:
    link = '<a data-senet-tracking="false" href="{{ contact.url }}">a</a>'
    _, html = bodies(render({"url": "https://x.example/?a=1&b=2"}, source=link))
    assert 'href="https://x.example/?a=1&amp;b=2"' in html
    with pytest.raises(RenderError):
        render({"url": "javascript:alert(1)"}, source=link)


def test_a_link_in_a_loop_may_not_have_endless_targets() -> None:
    items = [{"url": f"https://x.example/{n}", "name": "x"} for n in range(200)]
    with pytest.raises(RenderError, match="too many"):
        render({"items": items}, source=LOOP)


@pytest.mark.parametrize("field", ["subject", "from_name"])
def test_no_value_adds_a_header(field: str) -> None:
    evil = "Hi\r\nBcc: victim@example.com\r\n\r\n<script>\x00\u2028X-A: 1"
    columns: dict[str, Any] = {field: "{{ contact.evil }}"}
    parsed = parse(render({"evil": evil}, **columns))

    assert parsed["Bcc"] is None
    assert parsed["X-A"] is None
    assert len(parsed.keys()) == len(set(parsed.keys()))


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"from_address": "{{ contact.evil }}"}, "InvalidSenderAddress"),
        ({"from_address": "{{ contact.missing }}"}, "InvalidSenderAddress"),
        ({"reply_to": "{{ contact.evil }}"}, "InvalidReplyToAddress"),
        ({"to_address": "{{ contact.evil }}"}, "InvalidRecipientAddress"),
        ({"to_address": "{{ contact.missing }}"}, "InvalidRecipientAddress"),
        ({"subject": "{{ contact.missing }}"}, "EmailBlockedOtherReason"),
        ({"from_name": "{{ contact.missing }}"}, "EmailBlockedOtherReason"),
        ({"subject": "{{ 1 | divided_by: contact.missing }}"}, "EmailBlockedOtherReason"),
        ({"source": "{% for i in (1..99999) %}x{% endfor %}"}, "EmailBlockedOtherReason"),
        (
            {"source": "{% for i in (1..9000) %}{% for j in (1..9000) %}x{% endfor %}{% endfor %}"},
            "EmailBlockedOtherReason",
        ),
        ({"source": "{% for i in (1..19000) %}" + "x" * 100 + "{% endfor %}"}, "EmailBlockedOtherReason"),
    ],
)
def test_what_cannot_be_sent_is_blocked_with_its_reason(columns: dict[str, Any], reason: str) -> None:
    with pytest.raises(RenderError) as caught:
        render({"evil": "a@b.example\r\nBcc: c@d.example"}, **columns)
    assert caught.value.reason == reason
    assert caught.value.message


def test_an_invalid_recipient_is_blocked() -> None:
    for address in ("", "nobody", "a@b.example\r\nX: 1", "a@b.example, c@d.example"):
        with pytest.raises(RenderError) as caught:
            renderer().render(message(address=address), {}, SETTINGS)
        assert caught.value.reason == "InvalidRecipientAddress"


def test_a_to_expression_of_its_own_decides_the_recipient_except_in_tests() -> None:
    contact = {"work": "work@example.com"}
    own = renderer(to_address="{{ contact.work }}")
    assert own.render(message(), contact, SETTINGS).to_address == "work@example.com"
    assert own.render(message(test=True), contact, SETTINGS).to_address == "anna@example.com"


def test_people_do_not_see_each_other() -> None:
    shared = renderer(source="{% if contact.a %}{% assign x = contact.a %}{% endif %}{{ x }}|{{ contact.first_name }}")
    first = bodies(shared.render(message(), {"a": "secret", "first_name": "A"}, SETTINGS))[1]
    second = bodies(shared.render(message(message_id=78), {"first_name": "B"}, SETTINGS))[1]
    assert first.startswith("secret|A")
    assert second.startswith("|B")


@pytest.mark.parametrize(
    "broken",
    [
        {"source": "{% if contact.x %}<a href='{% endif %}'>"},
        {"source": "<p>{{ x"},
        {"source": "<a href='https://x.example/'>" * 256},
        {"source": "<mjml><mj-body><mj-nothing></mj-body></mjml>", "source_kind": "mjml"},
        {"source": '<mjml><mj-body><mj-include path="/etc/passwd"/></mj-body></mjml>', "source_kind": "mjml"},
        {"subject": "{% if %}"},
    ],
)
def test_what_cannot_be_compiled_says_why(broken: dict[str, Any]) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        compile_email(source(**broken))
    assert caught.value.problems
    assert all(problem.message and problem.advice for problem in caught.value.problems)


def test_mjml_becomes_a_mail_with_links_and_liquid() -> None:
    mjml = (
        "<mjml><mj-body><mj-section><mj-column>"
        '<mj-text>Hi {{ contact.first_name | default: "you" }} &amp; co</mj-text>'
        '<mj-button href="https://x.example/?a=1&amp;b=2">Go</mj-button>'
        "</mj-column></mj-section></mj-body></mjml>"
    )
    text, html = bodies(render(source=mjml, source_kind="mjml"))

    assert "Hi you &amp; co" in html
    assert "Hi you & co" in text
    assert find_link(tokens(html, "r")[0], purpose="redirect") == LinkToken(77, 5, 1)
    assert "mj-" not in re.sub(r"(?s)<style.*?</style>|class=\"[^\"]*\"", "", html)


def test_the_guide_of_a_long_door_address_still_fits_the_lines() -> None:
    long = Renderer(compile_email(source()), "https://" + "very-long-name." * 8 + "example.com/sub/path")
    rendered = long.render(message(), {}, SETTINGS)
    _, html = bodies(rendered)
    assert html.count("/sub/path/r/") == 2
    assert max(map(len, rendered.content.split(b"\r\n"))) <= 998


def test_a_template_that_writes_too_much_for_one_person_blocks_that_message_with_the_reason() -> None:
    body = BODY.replace("{{ company.name }}", "{{ contact.note }}" * 2_000)
    shown = renderer(source=body)
    with pytest.raises(RenderError, match="writes too much for one message"):
        shown.render(message(), {"first_name": "Anna", "note": "x" * 4_000}, SETTINGS)
    assert shown.render(message(), {"first_name": "Anna", "note": "x"}, SETTINGS).size < 100_000


def test_roots_that_all_messages_share_are_given_and_a_record_that_is_gone_blocks_all_but_the_page() -> None:
    shown = renderer(subject="{{ event.name }}{{ records.company[1].name }}!")
    records = {"company": {1: {"name": "Acme"}}}
    assert parse(shown.render(message(), {}, SETTINGS, {"event": {"name": "Show "}, "records": records}))[
        "Subject"
    ] == ("Show Acme!")
    with pytest.raises(RenderError, match="The company 1 is gone") as blocked:
        shown.render(message(), {}, SETTINGS, {"event": {"name": "Show "}, "records": {"company": {}}})
    assert blocked.value.reason == "EmailBlockedMissingRelatedData"
    assert shown.render_parts(message(web_view=True), {}, SETTINGS)[0] == "!"
    told = renderer(subject="{{ event.name }}!", event_id=4)
    assert parse(told.render(message(), {}, SETTINGS, {"event": {"name": "Show"}}))["Subject"] == "Show!"
    with pytest.raises(RenderError, match="The calendar event 4 is gone"):
        told.render(message(), {}, SETTINGS, {"event": {}})


def test_a_qr_code_is_an_address_that_carries_its_text_signed() -> None:
    image = '<img src="{{ contact.external_id | qr_code_url }}" alt="code">'
    _, html = bodies(render({"external_id": "Kunde 7 & Söhne"}, source=BODY.replace("<p>Dear", f"{image}<p>Dear")))
    found = re.search(rf'<img src="{DOOR}/q/([\w-]+)\.png"', html)
    assert found
    assert find_text(found[1], purpose="qr") == "Kunde 7 & Söhne"
    assert find_text(found[1], purpose="redirect") is None
    with pytest.raises(RenderError, match="at most 500 bytes"):
        render({"external_id": "x" * 501}, source=BODY.replace("<p>Dear", f"{image}<p>Dear"))
    _, empty = bodies(render({}, source=BODY.replace("<p>Dear", f"{image}<p>Dear")))
    assert '<img src="" alt="code">' in empty


def test_a_web_view_has_the_mails_links_but_no_beacon_and_no_link_of_its_own() -> None:
    body = BODY.replace(
        "</body>", '<a href="{{ message.web_view_url }}">view</a><a href="{{ contact.page }}">p</a></body>'
    )
    shown = renderer(source=body)
    contact = {"page": "https://x.example/p?id=1"}
    mail = shown.render_parts(message(), contact, SETTINGS)[2]
    page = shown.render_parts(message(web_view=True), contact, SETTINGS)[2]
    assert [find_link(token, purpose="view") for token in tokens(mail, "v")] == [LinkToken(77, 5, 6)]
    assert tokens(mail, "o")
    assert not tokens(page, "o")
    assert tokens(page, "r") == tokens(mail, "r")[:-1]
    assert 'href="https://x.example/p?id=1"' in page


ASKS = {
    "content_type": "confirmation_request",
    "legal_designation": "transactional",
    "source": CONFIRMATION_BODY,
}


def test_a_confirmation_request_says_what_it_asks_and_links_to_its_own_page() -> None:
    asked = Confirmation("Subscription", "Tea & <b>cake</b>", "", "Once a month")
    mail = renderer(**ASKS).render(message(confirmation=asked), {}, SETTINGS)
    parsed, (text, html) = parse(mail), bodies(mail)
    found = re.search(r'href="https://[^"]+/confirm/([\w-]+)"', html)
    assert found is not None
    assert find_link(found[1], purpose="confirm") == LinkToken(77, 5, 0)
    assert f"/confirm/{found[1]}" in text
    assert "Subscription: Tea &amp; &lt;b&gt;cake&lt;/b&gt;" in html
    assert "Once a month" in text
    assert parsed["List-Unsubscribe"] is None
    assert not any(find_link(found[1], purpose=other) for other in ("redirect", "unsubscribe", "centre", "view"))


def test_a_confirmation_request_for_nobody_is_blocked_with_a_reason() -> None:
    with pytest.raises(RenderError) as caught:
        renderer(**ASKS).render(message(), {}, SETTINGS)
    assert caught.value.reason == "EmailBlockedOtherReason"
    assert "something to confirm" in caught.value.message


def test_what_was_compiled_before_there_were_confirmation_requests_is_still_read() -> None:
    old = {key: value for key, value in compile_email(source()).as_json().items() if key != "content_type"}
    assert CompiledEmail.from_json(old).content_type == "default"
