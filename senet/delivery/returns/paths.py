"""The return path of each message (VERP): a signed token in the local part says which message comes back.

The token is base32 without padding, because mail servers may change the case of a local part; it says nothing about
the person and nobody else can make one.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import struct

from senet.shared.tokens import derive_key, find_link

PREFIX = "b-"
_ID = struct.Struct(">Q")
_MAC_BYTES = 10
_LENGTH = len(base64.b32encode(b"\0" * (_ID.size + _MAC_BYTES)).rstrip(b"="))
_PADDING = "=" * (-_LENGTH % 8)
_SIGNED = r"([A-Za-z0-9_-]{40})(?![A-Za-z0-9_-])"
# Fields that a returned mail still has, and what their tokens are for.
_FIELDS = (
    ("message-id", re.compile(rf"^\s*<{_SIGNED}@")),
    ("unsubscribe", re.compile(rf"/u/{_SIGNED}")),
)


def _mac(raw_id: bytes) -> bytes:
    return hashlib.blake2b(raw_id, key=derive_key("return-path"), digest_size=_MAC_BYTES).digest()


def write_return_path(message_id: int, domain: str) -> str:
    """Return the address that a message's bounces come back to."""
    raw = _ID.pack(message_id)
    return f"{PREFIX}{base64.b32encode(raw + _mac(raw)).decode().rstrip('=').lower()}@{domain}"


def find_message_of_path(address: str) -> int | None:
    """Return which message's return path an address is, or None when it was not made here."""
    local = address.strip().strip("<>").rpartition("@")[0].lower()
    if not local.startswith(PREFIX) or len(local) != len(PREFIX) + _LENGTH:
        return None
    try:
        raw = base64.b32decode(local[len(PREFIX) :].upper() + _PADDING)
    except ValueError:
        return None
    raw_id, mac = raw[: _ID.size], raw[_ID.size :]
    return int(_ID.unpack(raw_id)[0]) if hmac.compare_digest(mac, _mac(raw_id)) else None


def find_message_of_fields(message_id_field: str, list_unsubscribe_field: str) -> int | None:
    """Return which message a returned mail was, by the tokens in its own header fields, or None."""
    for (purpose, pattern), text in zip(_FIELDS, (message_id_field, list_unsubscribe_field), strict=True):
        match = pattern.search(text)
        token = find_link(match[1], purpose=purpose) if match else None
        if token is not None:
            return token.message_id
    return None
