"""What the mailbox keeps: the newest messages, as many as fit, in memory.

Written by the SMTP server's thread, read by the page and the audience. Every message has a number that only grows.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape

from senet.demo.smtp_sink import Envelope

_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_SOURCE = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_HEADER_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message, as it came."""

    number: int
    at: datetime
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """One message, taken apart."""

    headers: Sequence[tuple[str, str]]
    subject: str
    text: str
    html: str
    links: Sequence[str]
    images: Sequence[str]

    def header(self, name: str) -> str:
        """Return a header's value, or nothing."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")


class MessageStore:
    """Keeps the newest messages within a number and a size, and counts all of them."""

    def __init__(self, *, messages: int = 10_000, size: int = 256 * 1024 * 1024) -> None:
        self._messages: deque[StoredMessage] = deque()
        self._limit, self._size_limit = messages, size
        self._size = 0
        self._lock = threading.Lock()
        self.taken = 0

    def add(self, envelopes: Sequence[Envelope], at: datetime) -> None:
        """Keep some messages, and drop the oldest beyond the limits."""
        with self._lock:
            for envelope in envelopes:
                self.taken += 1
                self._messages.append(StoredMessage(self.taken, at, envelope))
                self._size += len(envelope.data)
            while len(self._messages) > self._limit or (self._size > self._size_limit and len(self._messages) > 1):
                self._size -= len(self._messages.popleft().envelope.data)

    def find(self, number: int) -> StoredMessage | None:
        """Return a message by its number, or None when it is gone or never was."""
        with self._lock:
            index = number - self._messages[0].number if self._messages else -1
            return self._messages[index] if 0 <= index < len(self._messages) else None

    def list_after(self, number: int, limit: int) -> list[StoredMessage]:
        """Return the oldest messages behind a number."""
        with self._lock:
            first = self._messages[0].number if self._messages else 0
            start = max(0, number + 1 - first)
            return [self._messages[index] for index in range(start, min(start + limit, len(self._messages)))]

    def list_newest(self, *, before: int = 0, search: str = "", limit: int = 50) -> list[StoredMessage]:
        """Return the newest messages (older than `before`) whose recipient or subject holds a text."""
        return list(self._search(before, search.lower(), limit))

    def _search(self, before: int, search: str, limit: int) -> Iterator[StoredMessage]:
        with self._lock:
            kept = list(self._messages)
        found = 0
        for message in reversed(kept):
            if found >= limit:
                return
            if before and message.number >= before:
                continue
            if (
                not search
                or any(search in one.lower() for one in message.envelope.recipients)
                or (search in read_subject(message.envelope.data).lower())
            ):
                found += 1
                yield message

    @property
    def kept(self) -> int:
        """How many messages are kept now."""
        return len(self._messages)


def _parse(data: bytes) -> EmailMessage:
    parsed = message_from_bytes(data, policy=policy.default)
    return parsed if isinstance(parsed, EmailMessage) else EmailMessage()


def read_subject(data: bytes) -> str:
    """Return a message's subject; of one that cannot be read, nothing."""
    end = data.find(b"\r\n\r\n", 0, _HEADER_BYTES)
    try:
        return str(_parse(data[: end if end > 0 else _HEADER_BYTES]).get("subject", ""))
    except Exception:  # noqa: BLE001  the standard library's parser raises all kinds of things on hostile headers
        return ""


def read_message(data: bytes) -> ReadMessage:
    """Take a message apart. What cannot be read is left out, never raised."""
    try:
        parsed = _parse(data)
        headers = [(key, str(value)) for key, value in parsed.items()]
        text, html = _read_part(parsed, "plain"), _read_part(parsed, "html")
    except Exception:  # noqa: BLE001  as above
        head, _, rest = data.partition(b"\r\n\r\n")
        lines = [line.partition(":") for line in head.decode("utf-8", "replace").splitlines() if ":" in line]
        headers = [(key, value.strip()) for key, _, value in lines]
        text, html = rest.decode("utf-8", "replace"), ""
    subject = next((value for key, value in headers if key.lower() == "subject"), "")
    return ReadMessage(headers, subject, text, html, _list(_HREF, html), _list(_SOURCE, html))


def _read_part(parsed: EmailMessage, kind: str) -> str:
    part = parsed.get_body(preferencelist=(kind,))
    if part is None:
        return ""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _list(pattern: re.Pattern[str], html: str) -> list[str]:
    return [unescape(double or single) for double, single in pattern.findall(html)]
