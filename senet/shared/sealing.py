"""Keeps secrets that must be read again (private keys, passwords of providers) encrypted in the database.

AES-GCM under a key derived from the installation's secret, one a purpose. Whoever has the database alone reads nothing.
"""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from senet.shared.errors import Conflict
from senet.shared.tokens import derive_key

_NONCE_BYTES = 12


class SealBroken(Conflict):
    """A secret was sealed under another SENET_SECRET_KEY. Set that one again, or make the secret anew."""

    code = "seal_broken"


def seal(plain: bytes, *, purpose: str) -> bytes:
    """Return a secret as it may be stored."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(derive_key(f"sealed:{purpose}")).encrypt(nonce, plain, purpose.encode())


def unseal(sealed: bytes, *, purpose: str) -> bytes:
    """Return a secret that `seal` made for the same purpose. Raises: SealBroken."""
    try:
        nonce, rest = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        return AESGCM(derive_key(f"sealed:{purpose}")).decrypt(nonce, rest, purpose.encode())
    except (InvalidTag, ValueError) as error:
        raise SealBroken from error
