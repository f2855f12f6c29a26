"""API keys: 256 random bits. Only the digest is kept, so a stolen database opens nothing."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

_MARK = "senet_"
_LENGTH = len(_MARK) + 43  # 32 bytes in URL-safe base64 without padding


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown, once."""

    text: str
    prefix: str
    digest: bytes


def make_key() -> NewKey:
    """Return a key that nobody has seen."""
    text = _MARK + secrets.token_urlsafe(32)
    return NewKey(text, text[: len(_MARK) + 6], digest_key(text))


def digest_key(text: str) -> bytes:
    """Return what is kept of a key. A key has 256 random bits, so a fast digest needs neither salt nor stretching."""
    return hashlib.blake2b(text.encode(), digest_size=32, person=b"senet-api-key").digest()


def looks_like_key(text: str) -> bool:
    """Say whether a text can be one of our keys, before a database is asked."""
    return len(text) == _LENGTH and text.startswith(_MARK) and text.isascii()
