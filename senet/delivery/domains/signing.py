"""Signs messages (DKIM, RFC 6376; Ed25519 by RFC 8463): header fields relaxed, the body as it is.

The renderer's bodies end in one line break and have no white space at the ends of lines, so the simple canonical form
of the body is the body itself, and nothing but a hash runs over it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

PrivateKey = RSAPrivateKey | Ed25519PrivateKey
# Named once more than it occurs, so that nobody can add another one without breaking the signature.
_OVERSIGNED = (b"from", b"to", b"subject", b"date", b"reply-to")
_SIGNED = (
    *_OVERSIGNED,
    b"message-id",
    b"mime-version",
    b"content-type",
    b"list-unsubscribe",
    b"list-unsubscribe-post",
    b"feedback-id",
)
_FOLD = re.compile(rb"\r\n(?=[ \t])")
_SPACE = re.compile(rb"[ \t]+")
_BODY_END = re.compile(rb"(\r\n)*\Z")


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key, and where its public half is published."""

    domain: str
    selector: str
    key: PrivateKey

    @property
    def algorithm(self) -> str:
        """The signature's `a=`."""
        return "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"


def sign(content: bytes, keys: Sequence[SigningKey], *, at: int) -> bytes:
    """Return a message with a signature of each key before it; `at` is the time in seconds since 1970."""
    if not keys:
        return content
    head, _, body = content.partition(b"\r\n\r\n")
    fields = _read_fields(head)
    body_hash = base64.b64encode(hashlib.sha256(_end_once(body)).digest())
    names, signed = _choose(fields)
    return b"".join([*(_sign_with(key, names, signed, body_hash, at) for key in keys), content])


def _sign_with(key: SigningKey, names: bytes, signed: bytes, body_hash: bytes, at: int) -> bytes:
    start = (
        f"v=1; a={key.algorithm}; c=relaxed/simple; t={at};\r\n d={key.domain}; s={key.selector};\r\n h=".encode()
        + names
        + b";\r\n bh="
        + body_hash
        + b";\r\n b="
    )
    data = signed + b"dkim-signature:" + _SPACE.sub(b" ", _FOLD.sub(b"", start)).strip()
    if isinstance(key.key, RSAPrivateKey):
        signature = key.key.sign(data, PKCS1v15(), hashes.SHA256())
    else:
        signature = key.key.sign(hashlib.sha256(data).digest())
    text = base64.b64encode(signature)
    lines = b"\r\n ".join(text[place : place + 72] for place in range(0, len(text), 72))
    return b"DKIM-Signature: " + start + lines + b"\r\n"


def _read_fields(head: bytes) -> dict[bytes, list[bytes]]:
    """Return the header fields' canonical values by name, the last first, which is the order of their signing."""
    found: dict[bytes, list[bytes]] = {}
    for line in reversed(_FOLD.sub(b"", head).split(b"\r\n")):
        name, _, value = line.partition(b":")
        found.setdefault(name.strip().lower(), []).append(_SPACE.sub(b" ", value).strip())
    return found


def _choose(fields: dict[bytes, list[bytes]]) -> tuple[bytes, bytes]:
    """Return the names to sign, folded, and the text that is signed."""
    names: list[bytes] = []
    lines: list[bytes] = []
    for name in _SIGNED:
        values = fields.get(name, [])
        names += [name] * (len(values) + (name in _OVERSIGNED))
        lines += [name + b":" + value + b"\r\n" for value in values]
    folded = b":\r\n ".join(b":".join(names[place : place + 4]) for place in range(0, len(names), 4))
    return folded, b"".join(lines)


def _end_once(body: bytes) -> bytes:
    """Return a body with one line break at its end."""
    if body.endswith(b"\r\n") and not body.endswith(b"\r\n\r\n"):
        return body
    return _BODY_END.sub(b"", body, count=1) + b"\r\n"
