"""Reads a provider's address: `smtp://user:password@host:port?tls=starttls&connections=4&rate=50`.

tls: `none`, `starttls` (required), `tls` (from the first byte), or `auto`: STARTTLS where it is offered, which is the
default without a password; with one it is `starttls`, and `tls` on port 465. Certificates are verified but with `auto`,
which has nothing to compare them with; `verify=no` waives it, `ca=/path.pem` trusts another authority.
"""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from senet.delivery.errors import ProviderUrlInvalid

_IMPLICIT_PORT = 465
_KNOWN = frozenset({"tls", "verify", "ca", "connections", "rate", "timeout", "connect_timeout", "hello"})


class Tls(StrEnum):
    """How a connection is protected."""

    NONE = "none"
    AUTO = "auto"
    STARTTLS = "starttls"
    IMPLICIT = "tls"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """One SMTP provider."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Tls = Tls.AUTO
    verify: bool = True
    ca: str = ""
    connections: int = 4
    rate: float | None = None  # messages a second, by all senders together
    timeout_seconds: float = 300.0  # RFC 5321 4.5.3.2 asks for five minutes
    connect_timeout_seconds: float = 30.0
    hello: str = ""

    @property
    def name(self) -> str:
        """What the provider is called in rate limits and logs."""
        return f"smtp://{self.host}:{self.port}"

    @property
    def hello_name(self) -> str:
        """The name that EHLO gives."""
        return self.hello or _own_name()

    def make_tls_context(self) -> ssl.SSLContext:
        """Return how certificates are checked."""
        context = ssl.create_default_context(cafile=self.ca or None)
        if not self.verify or self.tls is Tls.AUTO:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context


def _own_name() -> str:
    name = socket.getfqdn()
    return name if "." in name and name.isascii() else "[127.0.0.1]"


def read_url(url: str) -> SmtpSettings:
    """Return the settings that an address holds. Raises: ProviderUrlInvalid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise ProviderUrlInvalid(f"SENET_SMTP_URL cannot be read: {error}.") from error
    options = dict(parse_qsl(parts.query))
    if unknown := sorted(options.keys() - _KNOWN):
        raise ProviderUrlInvalid(f"SENET_SMTP_URL has an option that nobody knows: {unknown[0]}.")
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ProviderUrlInvalid
    user = unquote(parts.username or "")
    tls = _read_tls(options.get("tls", "tls" if parts.scheme == "smtps" else ""), user, port)
    values: dict[str, Any] = {  # one field of the settings each
        "port": port or (_IMPLICIT_PORT if tls is Tls.IMPLICIT else 587 if user else 25),
        "verify": options.get("verify", "yes") not in {"no", "0", "false"},
        "ca": options.get("ca", ""),
        "hello": options.get("hello", ""),
    }
    try:
        for name, field_name, kind in (
            ("connections", "connections", int),
            ("rate", "rate", float),
            ("timeout", "timeout_seconds", float),
            ("connect_timeout", "connect_timeout_seconds", float),
        ):
            if name in options:
                values[field_name] = _positive(kind(options[name]))
    except ValueError as error:
        raise ProviderUrlInvalid(f"SENET_SMTP_URL: {name} needs a number above zero.") from error
    return SmtpSettings(parts.hostname, user=user, password=unquote(parts.password or ""), tls=tls, **values)


def _positive(value: float) -> float:
    if not 0 < value < float("inf"):
        raise ValueError
    return value


def _read_tls(text: str, user: str, port: int | None) -> Tls:
    if not text:
        if port == _IMPLICIT_PORT:
            return Tls.IMPLICIT
        return Tls.STARTTLS if user else Tls.AUTO
    try:
        return Tls(text)
    except ValueError:
        raise ProviderUrlInvalid("SENET_SMTP_URL: tls is one of none, auto, starttls, tls.") from None
