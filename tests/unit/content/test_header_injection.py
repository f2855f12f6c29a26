"""What a person is called, and what an author lets it be, adds no header field, no recipient and no line to a mail."""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from senet.content.errors import RenderError
from senet.content.render import Renderer
from senet.content.values import RenderedMessage
from tests.unit.content.test_render import SETTINGS, message, renderer

BREAKS = (
    *("\r\n", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029", "\x00"),
    *("%0d%0a", "&#13;&#10;", "=?utf-8?q?=0D=0A?=", "=0D=0A", "\\r\\n"),
)
FIELDS = (
    *("Bcc: victim@evil.example", "Subject: other", "Content-Type: text/html", "\r\n<script>alert(1)</script>"),
    *(" folded", "DKIM-Signature: v=1", ".\r\nMAIL FROM:<a@evil.example>"),
)
ATTACKS = [f"Ada{line}{field}" for line in BREAKS for field in FIELDS]
_FIELD = re.compile(rb"[A-Za-z][A-Za-z0-9-]*: \S|[ \t]+\S")


def make() -> Renderer:
    return renderer(
        subject="For {{ contact.x }}",
        preheader="{{ contact.x }}",
        from_name="The {{ contact.x }} Shop",
        from_address="{{ contact.sender | default: 'news@shop.example.com' }}",
        reply_to="{{ contact.reply }}",
        to_address="{{ contact.to | default: contact.email }}",
    )


WRITER = make()


def list_fields(content: bytes) -> list[str]:
    """The names of a mail's header fields, as any server reads them."""
    head, _, _ = content.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    assert all(_FIELD.match(line) for line in lines), "each line is a field or the continuation of one"
    assert not re.search(rb"[\r\n](?<!\r\n)(?!\n)|[^\r]\n|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]", head)
    assert max(map(len, lines)) <= 998
    return [line.partition(b":")[0].decode() for line in lines if line[:1] not in b" \t"]


def write(**contact: str) -> RenderedMessage | RenderError:
    try:
        return WRITER.render(message(), {"email": "anna@example.com", **contact}, SETTINGS)
    except RenderError as error:
        return error


PLAIN = write(x="Ada", reply="reply@shop.example.com")
assert isinstance(PLAIN, RenderedMessage)
USUAL = list_fields(PLAIN.content)


def check(outcome: RenderedMessage | RenderError, *, replies: bool = False) -> None:
    if isinstance(outcome, RenderError):
        assert outcome.message.isprintable()
        return
    names = list_fields(outcome.content)
    assert names == [name for name in USUAL if replies or name != "Reply-To"]
    mail = message_from_bytes(outcome.content, policy=policy.default)
    assert mail.get_all("To") == ["anna@example.com"]
    assert [address for _, address in getaddresses([str(mail["From"])])] == ["news@shop.example.com"]
    assert outcome.to_address == "anna@example.com"
    assert mail["Subject"].startswith("For")


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_name_adds_no_field_to_subject_or_sender(attack: str) -> None:
    check(write(x=attack))


@given(
    st.text(
        alphabet=st.one_of(st.sampled_from('\r\n\x00:<>,;"\\@=?\u2028\x85 '), st.characters(exclude_categories=["Cs"])),
        max_size=200,
    )
)
@settings(max_examples=300)
@example("=?utf-8?b?DQpCY2M6IGFAZXZpbC5leGFtcGxl?=")
@example('"Ada" <victim@evil.example>, ')
def test_any_text_stays_in_its_field(text: str) -> None:
    check(write(x=text))


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["sender", "reply", "to"])
def test_an_address_that_is_more_than_one_blocks_the_message(field: str, attack: str) -> None:
    for address in (
        f"a@shop.example{attack}",
        f"{attack}@shop.example",
        f"a@b.example,{attack}",
        f"<a@b.example>{attack}",
    ):
        outcome = write(x="Ada", **{field: address})
        assert isinstance(outcome, RenderError), (field, address)
        assert outcome.reason in {"InvalidSenderAddress", "InvalidReplyToAddress", "InvalidRecipientAddress"}
        check(outcome)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
@settings(max_examples=200)
def test_any_reply_address_is_one_address_or_blocks(text: str) -> None:
    outcome = write(x="Ada", reply=text)
    check(outcome, replies=bool(text.strip()))
