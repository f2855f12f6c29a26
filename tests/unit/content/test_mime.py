"""Quoted-printable pieces join to the text they were made from; headers hold one line's worth and no more."""

from __future__ import annotations

import quopri
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.content.addresses import find_address
from senet.content.mime import clean_header, encode_mailbox, encode_piece, encode_text

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=300)


@given(st.lists(TEXTS, max_size=8))
def test_joined_pieces_decode_to_the_joined_texts(texts: list[str]) -> None:
    encoded = b"".join(encode_piece(text) for text in texts)

    assert quopri.decodestring(encoded).replace(b"\r\n", b"\n").decode() == "".join(texts)
    for line in encoded.split(b"\r\n"):
        assert len(line) <= 76
        assert not line.startswith(b".")
        assert not line.endswith((b" ", b"\t"))
        assert b"\n" not in line
        assert line.isascii()


@pytest.mark.parametrize(
    "text", ["", ".", "..", "a" * 73, "." * 500, "=" * 200, "x \n", "\n.\n", "ü" * 100, "a" * 74 + "."]
)
def test_awkward_texts_survive(text: str) -> None:
    assert quopri.decodestring(encode_piece(text)).replace(b"\r\n", b"\n").decode() == text


@given(st.text(max_size=400))
def test_a_subject_is_one_field_that_reads_as_written(subject: str) -> None:
    cleaned = clean_header(subject)
    raw = b"Subject: " + encode_text(cleaned, used=9) + b"\r\nX-Next: 1\r\n\r\n"

    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    parsed = message_from_bytes(raw)
    assert parsed.keys() == ["Subject", "X-Next"]
    shown = str(make_header(decode_header(parsed["Subject"].replace("\r\n", ""))))
    assert shown.split() == cleaned.encode("utf-8", "replace").decode().split()


@given(st.text(max_size=200))
def test_a_sender_is_one_mailbox_whatever_its_name(name: str) -> None:
    raw = b"From: " + encode_mailbox(name, "news@shop.example.com", used=6) + b"\r\n\r\n"

    parsed = message_from_bytes(raw, policy=policy.default)
    assert parsed.keys() == ["From"]
    assert [address.addr_spec for address in parsed["From"].addresses] == ["news@shop.example.com"]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78


@pytest.mark.parametrize("text", ["a@b.example", "a.b+c@x.y.example", "o'neil@example.com", "a@xn--bcher-kva.example"])
def test_valid_addresses_are_found(text: str) -> None:
    assert find_address(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@",
        "@b.example",
        "a@b.example\r\nBcc: x@y.example",
        "a@b.example, c@d.example",
        "a b@c.example",
        "a..b@c.example",
        ".a@c.example",
        "a@b..example",
        "a@-b.example",
        "a@b.example\0",
        "a" * 65 + "@b.example",
        "a@" + "b" * 250 + ".example",
        "<a@b.example>",
        "ü@b.example",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert find_address(text) is None


def test_an_international_domain_becomes_ascii() -> None:
    assert find_address("a@bücher.example") == "a@xn--bcher-kva.example"
