"""Signs calls, so that their receiver knows who sent them and when.

The signature is HMAC-SHA256 over `<timestamp>.<body>` with the webhook's secret, in hexadecimal. A secret is never
kept: it is derived from the installation's own secret and the webhook's salt. For a day after a rotation the old one
signs too.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from senet.shared.tokens import derive_key

OVERLAP = timedelta(hours=24)
_MARK = "whsec_"


def make_salt() -> bytes:
    """Return what makes a new secret."""
    return secrets.token_bytes(32)


def derive_secret(salt: bytes | memoryview) -> str:
    """Return a webhook's secret."""
    digest = hmac.digest(derive_key("webhook"), bytes(salt), "sha256")
    return _MARK + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def list_secrets(salt: bytes, previous: bytes | None, rotated_at: datetime | None, now: datetime) -> tuple[str, ...]:
    """Return the secrets that sign now, the newest first."""
    salts = [salt] if salt else []
    if previous and rotated_at is not None and now < rotated_at + OVERLAP:
        salts.append(previous)
    return tuple(derive_secret(each) for each in salts)


def sign(body: bytes, *, secrets: Sequence[str], key: str, now: datetime) -> dict[str, str]:
    """Return the headers that a call carries."""
    timestamp = str(int(now.timestamp()))
    signed = timestamp.encode() + b"." + body
    marks = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Senet",
        "Idempotency-Key": key,
        "Senet-Timestamp": timestamp,
        "Senet-Signature": ",".join(marks),
    }
