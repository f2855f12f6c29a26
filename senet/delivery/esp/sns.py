"""Verifies what Amazon SNS posts, as its documentation tells a receiver to: Amazon signed it, and it is our topic's.

Anybody with an account may have Amazon sign a message and send it to us, so a signature says nothing without the topic.
Certificates are fetched from Amazon's own hosts alone, and kept.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlsplit

import httpx
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import load_pem_x509_certificate

Fetch = Callable[[str], bytes]

_HOST = re.compile(r"sns\.[a-z0-9-]{3,30}\.amazonaws\.com(\.cn)?")
_CERTIFICATE = re.compile(r"/SimpleNotificationService-[0-9a-zA-Z]{1,64}\.pem")
_SIGNED = {  # the fields that are signed, in their order
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    "UnsubscribeConfirmation": ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_HASHES: Mapping[str, Callable[[], hashes.HashAlgorithm]] = {"1": hashes.SHA1, "2": hashes.SHA256}
_MOST_BYTES = 64 * 1024
_TIMEOUT_SECONDS = 10.0


class SnsInvalidError(ValueError):
    """A message that Amazon did not sign for our topic."""


def fetch(url: str) -> bytes:
    """Return what an address of Amazon's answers. Raises: SnsInvalidError, httpx.HTTPError."""
    _check_host(url)
    answer = httpx.get(url, timeout=_TIMEOUT_SECONDS, follow_redirects=False)
    answer.raise_for_status()
    if len(answer.content) > _MOST_BYTES:
        raise SnsInvalidError("Amazon's answer is too long.")
    return answer.content


def verify(message: Mapping[str, object], topic: str, fetch: Fetch = fetch) -> datetime:
    """Return when a message was made, if Amazon signed it for a topic. Raises: SnsInvalidError, httpx.HTTPError."""
    kind = _text(message, "Type")
    if kind not in _SIGNED or _text(message, "TopicArn") != topic:
        raise SnsInvalidError("The message is of another topic.")
    digest = _HASHES.get(_text(message, "SignatureVersion"))
    if digest is None:
        raise SnsInvalidError("The message is signed in a way that nobody knows.")
    key = _load_key(_text(message, "SigningCertURL"), fetch)
    lines = [
        f"{name}\n{_text(message, name)}\n"
        for name in _SIGNED[kind]
        if name != "Subject" or message.get(name) is not None
    ]
    try:
        signature = base64.b64decode(_text(message, "Signature"), validate=True)
        key.verify(signature, "".join(lines).encode(), PKCS1v15(), digest())
    except (InvalidSignature, binascii.Error) as error:
        raise SnsInvalidError("Amazon did not sign the message.") from error
    return datetime.fromisoformat(_text(message, "Timestamp"))


def confirm(message: Mapping[str, object], fetch: Fetch = fetch) -> None:
    """Tell Amazon that we want a verified subscription. Raises: SnsInvalidError, httpx.HTTPError."""
    url = _text(message, "SubscribeURL")
    _check_host(url)
    fetch(url)


def _load_key(url: str, fetch: Fetch) -> RSAPublicKey:
    parts = _check_host(url)
    if not _CERTIFICATE.fullmatch(parts):
        raise SnsInvalidError("The certificate is not Amazon's.")
    return _load_certificate(url, fetch)


@lru_cache(maxsize=16)
def _load_certificate(url: str, fetch: Fetch) -> RSAPublicKey:
    key = load_pem_x509_certificate(fetch(url)).public_key()
    if not isinstance(key, RSAPublicKey):
        raise SnsInvalidError("The certificate has no RSA key.")
    return key


def _check_host(url: str) -> str:
    """Return an address's path, if it is on a host of Amazon's."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not _HOST.fullmatch(parts.netloc):
        raise SnsInvalidError("The address is not Amazon's.")
    return parts.path


def _text(message: Mapping[str, object], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str):
        raise SnsInvalidError(f"The message has no {name}.")
    return value
