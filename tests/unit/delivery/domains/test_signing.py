"""Signatures made here hold for another implementation (dkimpy), and for no changed message."""

from __future__ import annotations

from functools import cache

import dkim
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from senet.delivery.domains.keys import make_ed25519_key, make_rsa_key, open_key, write_dkim_record
from senet.delivery.domains.signing import SigningKey, sign
from senet.shared.sealing import SealBroken, seal, unseal

MAIL = (
    b'From: "Shop" <news@shop.example>\r\nTo: ada@example.com\r\n'
    b"Subject: =?utf-8?b?RnLDvGhsaW5n?=\r\n =?utf-8?b?IGlzdCBkYQ==?=\r\nDate: Sun, 01 Mar 2026 09:00:00 +0000\r\n"
    b"Message-ID: <x@shop.example>\r\nList-Unsubscribe: <https://door.example/u/x>\r\n"
    b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\nFeedback-ID: 1:2:commercial:senet\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/alternative;\r\n boundary="b"\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nHello =C3=A9=\r\n world\r\n\r\n--b--\r\n"
)


@cache
def _sealed(kind: str) -> bytes:
    return make_rsa_key() if kind == "rsa" else make_ed25519_key()


def _key(kind: str) -> SigningKey:
    return SigningKey("shop.example", f"s-{kind}", open_key(_sealed(kind)))


def _is_valid(mail: bytes, *, which: int = 0) -> bool:
    def find(name: bytes, timeout: int = 5) -> bytes:
        selector, _, rest = name.decode().partition("._domainkey.")
        assert rest.rstrip(".") == "shop.example"
        return write_dkim_record(_sealed(selector.removeprefix("s-"))).encode()

    try:
        return bool(dkim.DKIM(mail).verify(idx=which, dnsfunc=find))
    except dkim.ValidationError:
        return False


@pytest.mark.parametrize("kinds", [["rsa"], ["ed25519"], ["rsa", "ed25519"]])
def test_another_implementation_finds_the_signatures_good(kinds: list[str]) -> None:
    signed = sign(MAIL, [_key(kind) for kind in kinds], at=1_772_000_000)
    assert signed.endswith(MAIL), "the message itself stays as it is"
    assert signed.count(b"DKIM-Signature: ") == len(kinds)
    assert all(_is_valid(signed, which=number) for number in range(len(kinds)))
    assert all(len(line) <= 78 for line in signed.split(b"\r\n"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"Hello", b"Hallo"),
        (b"news@shop", b"fake@shop"),
        (b"Subject: ", b"Subject: Re: "),
        (b"door.example", b"evil.example"),
        (b"MIME-Version", b"From: boss@shop.example\r\nMIME-Version"),  # a second From field
        (b"MIME-Version", b"Reply-To: evil@example.net\r\nMIME-Version"),  # one that was not there
        (b"--b--\r\n", b"--b--\r\nMore\r\n"),
    ],
)
def test_a_changed_message_has_no_good_signature(old: bytes, new: bytes) -> None:
    signed = sign(MAIL, [_key("rsa")], at=1_772_000_000)
    head, tail = signed.split(MAIL[:20])
    assert not _is_valid(head + (MAIL[:20] + tail).replace(old, new))


def test_what_servers_may_change_on_the_way_breaks_no_signature() -> None:
    signed = sign(MAIL, [_key("rsa")], at=1_772_000_000)
    on_its_way = b"Received: from a by b\r\nReturn-Path: <b-x@bounces.shop.example>\r\n" + signed
    assert _is_valid(on_its_way)
    assert _is_valid(on_its_way.replace(b"Subject: =?utf-8", b"SUBJECT:    =?utf-8"))


@given(
    st.lists(st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=70), max_size=30), st.integers(0, 3)
)
@settings(max_examples=50, deadline=None)
def test_any_body_is_signed_well_whatever_it_ends_in(lines: list[str], empty: int) -> None:
    body = "\r\n".join(lines).encode() + b"\r\n" * empty
    assert _is_valid(sign(MAIL.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" + body, [_key("ed25519")], at=1))


def test_a_message_without_keys_stays_as_it_is() -> None:
    assert sign(MAIL, [], at=1) == MAIL


def test_keys_are_sealed_and_opened_for_their_purpose_alone() -> None:
    sealed = _sealed("rsa")
    assert b"PRIVATE" not in sealed
    assert sealed != make_rsa_key()
    with pytest.raises(SealBroken):
        unseal(sealed, purpose="something else")
    with pytest.raises(SealBroken):
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), purpose="dkim")
    with pytest.raises(SealBroken):
        unseal(b"", purpose="dkim")
    assert unseal(seal(b"secret", purpose="x"), purpose="x") == b"secret"


def test_the_published_record_holds_the_public_half_alone() -> None:
    assert write_dkim_record(_sealed("rsa")).startswith("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEF")
    assert len(write_dkim_record(_sealed("ed25519")).rpartition("p=")[2]) == 44
