"""Makes DKIM keys, and writes the DNS records that a domain's owner has to publish."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from senet.delivery.domains.signing import PrivateKey
from senet.shared.sealing import seal, unseal

Sealed: TypeAlias = "bytes | memoryview[int]"  # as the database gives it
_PURPOSE = "dkim"
_RSA_BITS = 2048


class Purpose(StrEnum):
    """What a DNS record is for."""

    DKIM = "dkim"
    DKIM_ED25519 = "dkim_ed25519"
    DMARC = "dmarc"
    BOUNCE_MX = "bounce_mx"
    BOUNCE_SPF = "bounce_spf"


@dataclass(frozen=True, slots=True)
class DnsRecord:
    """One record to publish. `required` ones have to be there before mails are signed."""

    purpose: Purpose
    name: str
    kind: str  # TXT, MX
    value: str
    required: bool
    words: str


def make_rsa_key() -> bytes:
    """Return a new RSA key, sealed."""
    return _seal(rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS))


def make_ed25519_key() -> bytes:
    """Return a new Ed25519 key, sealed."""
    return _seal(ed25519.Ed25519PrivateKey.generate())


def open_key(sealed: Sealed) -> PrivateKey:
    """Return a key that was made here. Raises: SealBroken."""
    key = load_der_private_key(unseal(bytes(sealed), purpose=_PURPOSE), password=None)
    if not isinstance(key, rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey):
        raise TypeError("This is no key for DKIM.")
    return key


def _seal(key: PrivateKey) -> bytes:
    return seal(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), purpose=_PURPOSE)


def write_dkim_record(sealed: Sealed) -> str:
    """Return the text that publishes a key's public half."""
    public = open_key(sealed).public_key()
    if isinstance(public, rsa.RSAPublicKey):
        raw, kind = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo), "rsa"
    else:
        raw, kind = public.public_bytes(Encoding.Raw, PublicFormat.Raw), "ed25519"
    return f"v=DKIM1; k={kind}; p={base64.b64encode(raw).decode()}"
