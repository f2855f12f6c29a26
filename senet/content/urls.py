"""Addresses of links: made absolute, ASCII and harmless, or refused."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

_SCHEME = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*:")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"[\w.\u0080-\U0010ffff-]+|[0-9a-f:.]+")  # a name, or an IPv6 address
_SAFE_CHARACTERS = "!#$%&'()*+,/:;=?@[]~-._"
MAX_URL = 4_000


def clean_url(text: str) -> str | None:
    """Return an http(s) address as it goes on the wire, or None when the text is none.

    Characters beyond ASCII are percent-encoded, host names become punycode; what is encoded already stays.
    """
    stripped = re.sub(r"[\t\r\n]", "", text).strip()
    if len(stripped) > MAX_URL or _UNSAFE.search(stripped):
        return None
    try:
        parts = urlsplit(stripped)
        host = parts.hostname
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host or not _HOST.fullmatch(host):
        return None
    try:
        name = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return None
    netloc = f"[{name}]" if ":" in name else name
    if port is not None:
        netloc += f":{port}"
    if "@" in parts.netloc:
        netloc = f"{quote(parts.netloc.rpartition('@')[0], safe=_SAFE_CHARACTERS)}@{netloc}"
    rest = (quote(part, safe=_SAFE_CHARACTERS) for part in (parts.path, parts.query, parts.fragment))
    return urlunsplit((parts.scheme, netloc, *rest))


def resolve(text: str, base: str) -> str:
    """Return the address made absolute against the document's base address.

    One that has a scheme stays: urljoin would give “https:///x” the base's host, where browsers read the host x.
    """
    if not base or _SCHEME.match(text):
        return text
    try:
        return urljoin(base, text.strip())
    except ValueError:
        return text
