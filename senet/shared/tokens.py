"""Signed tokens for the public door: what a link in a mail carries.

A token is the packed fields followed by a keyed MAC, in URL-safe base64 without padding. It is checked without a
database, in constant time, and says nothing about the person.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from django.conf import settings

_BODY = struct.Struct(">QIH")  # message id, email version id, link number
_MAC_BYTES = 16
_MESSAGE = struct.Struct(">Q")
_REST = struct.Struct(">IH")
_URL_SAFE = bytes.maketrans(b"+/", b"-_")
_LENGTH = len(base64.urlsafe_b64encode(b"\0" * (_BODY.size + _MAC_BYTES)).rstrip(b"="))


class LinkToken(NamedTuple):
    """Names one link of one message. Link 0 is the beacon; real links count from 1."""

    message_id: int
    email_version_id: int
    link: int


@cache
def derive_key(purpose: str) -> bytes:
    """Return a 32-byte key for one purpose, derived from the installation's secret."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"senet:{purpose}".encode(), "sha256")


@cache
def _start_mac(purpose: str) -> hashlib.blake2b:
    """Return a MAC that has taken in its key: a copy of it is cheaper than a new one."""
    return hashlib.blake2b(key=derive_key(purpose), digest_size=_MAC_BYTES)


def _mac(purpose: str, body: bytes) -> bytes:
    mac = _start_mac(purpose).copy()
    mac.update(body)
    return mac.digest()


def sign_link(token: LinkToken, *, purpose: str) -> str:
    """Return the token's text. Purpose is "open", "redirect", "unsubscribe", "centre" or another door path."""
    body = _BODY.pack(token.message_id, token.email_version_id, token.link)
    return base64.urlsafe_b64encode(body + _mac(purpose, body)).rstrip(b"=").decode()


def find_link(text: str, *, purpose: str) -> LinkToken | None:
    """Return what a token names, or None when it was not made here for this purpose."""
    if len(text) != _LENGTH:
        return None
    try:
        raw = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (ValueError, UnicodeEncodeError):
        return None
    body, mac = raw[: _BODY.size], raw[_BODY.size :]
    if not hmac.compare_digest(mac, _mac(purpose, body)):
        return None
    return LinkToken._make(_BODY.unpack(body))


class LinkSigner:
    """Signs the same links of one email version for message after message, several times faster than `sign_link`.

    Shape: `sign(message_id)` returns a token for each (purpose, link) that it was made with, in that order.
    """

    def __init__(self, email_version_id: int, links: Sequence[tuple[str, int]]) -> None:
        self._links = [(_start_mac(purpose).copy, _REST.pack(email_version_id, link)) for purpose, link in links]
        self._slices = [slice(index * _LENGTH, (index + 1) * _LENGTH) for index in range(len(links))]

    def sign(self, message_id: int) -> list[bytes]:
        """Return this message's tokens."""
        message = _MESSAGE.pack(message_id)
        raw: list[bytes] = []
        for copy, rest in self._links:
            body = message + rest
            mac = copy()
            mac.update(body)
            raw += (body, mac.digest())
        text = binascii.b2a_base64(b"".join(raw), newline=False).translate(_URL_SAFE)
        return [text[each] for each in self._slices]


def sign_text(text: str, *, purpose: str) -> str:
    """Return a token that carries a short text, readable by anybody and made here only."""
    body = text.encode()
    return base64.urlsafe_b64encode(_mac(purpose, body) + body).rstrip(b"=").decode()


def find_text(token: str, *, purpose: str) -> str | None:
    """Return the text that a token carries, or None when it was not made here for this purpose."""
    try:
        raw = base64.b64decode(token.encode("ascii") + b"=" * (-len(token) % 4), altchars=b"-_", validate=True)
        mac, body = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        return body.decode() if hmac.compare_digest(mac, _mac(purpose, body)) else None
    except (ValueError, UnicodeEncodeError):
        return None
