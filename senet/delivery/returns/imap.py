"""Fetches returned mails from a mailbox (IMAP). A mail is removed, or moved, only after its commit.

A mail that was written down and not yet removed, because we died in between, is fetched again and told by its digest.
"""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, unquote, urlsplit

from senet.delivery.errors import MailboxFailed, MailboxUrlInvalid, TooManyKept
from senet.delivery.returns.reading import MOST_BYTES
from senet.delivery.returns.receiving import receive

_BATCH = 100
_TIMEOUT_SECONDS = 30.0
_PLAIN_FOLDER = re.compile(r'[^"\\\r\n\x00]{1,200}')


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """One mailbox. tls: tls (from the first byte), starttls or none; `done`: where read mails go, "" removes them."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    tls: str = "tls"
    done: str = ""


def read_mailbox_url(url: str) -> MailboxSettings:
    """Return a mailbox, from `imaps://user:password@host:993/INBOX?done=Read`. Raises: MailboxUrlInvalid."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise MailboxUrlInvalid from error
    options = dict(parse_qsl(parts.query))
    tls = options.pop("tls", "tls" if parts.scheme == "imaps" else "starttls")
    done, folder = options.pop("done", ""), unquote(parts.path.lstrip("/")) or "INBOX"
    if (
        parts.scheme not in {"imap", "imaps"}
        or not parts.hostname
        or not parts.username
        or options
        or tls not in {"tls", "starttls", "none"}
        or not all(_PLAIN_FOLDER.fullmatch(name) for name in (folder, done or "x"))
    ):
        raise MailboxUrlInvalid
    user, password = unquote(parts.username), unquote(parts.password or "")
    return MailboxSettings(parts.hostname, port or (993 if tls == "tls" else 143), user, password, folder, tls, done)


def poll_mailbox(settings: MailboxSettings, now: datetime) -> int:
    """Take up to a hundred mails from a mailbox; returns how many. Raises: MailboxFailed."""
    try:
        with _open(settings) as mailbox:
            return _take(mailbox, settings, now)
    except (imaplib.IMAP4.error, OSError) as error:
        raise MailboxFailed(f"The mailbox of returned mails at {settings.host} cannot be read: {error}.") from error


@contextmanager
def _open(settings: MailboxSettings) -> Iterator[imaplib.IMAP4]:
    context = ssl.create_default_context()
    mailbox: imaplib.IMAP4
    if settings.tls == "tls":
        mailbox = imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=_TIMEOUT_SECONDS)
    else:
        mailbox = imaplib.IMAP4(settings.host, settings.port, timeout=_TIMEOUT_SECONDS)
    try:
        if settings.tls == "starttls":
            mailbox.starttls(ssl_context=context)
        mailbox.login(settings.user, settings.password)
        _check(mailbox.select(f'"{settings.folder}"'), f"has no folder {settings.folder}")
        yield mailbox
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            mailbox.logout()


def _take(mailbox: imaplib.IMAP4, settings: MailboxSettings, now: datetime) -> int:
    found = _check(mailbox.uid("SEARCH", "UNDELETED"), "cannot be searched")
    listed = found[0] if isinstance(found[0], bytes) else b""
    uids = listed.split()[:_BATCH]
    taken: list[bytes] = []
    try:
        for uid in uids:
            raw = _fetch(mailbox, uid)
            if raw is not None:
                receive(raw, source="imap", now=now)
            taken.append(uid)
    except TooManyKept as error:
        raise MailboxFailed(error.message) from error
    finally:
        _put_away(mailbox, taken, settings.done)
    return len(taken)


def _fetch(mailbox: imaplib.IMAP4, uid: bytes) -> bytes | None:
    """Return a mail's beginning, or None when somebody else has removed it."""
    answer = _check(mailbox.uid("FETCH", uid.decode(), f"(BODY.PEEK[]<0.{MOST_BYTES}>)"), "does not give a mail")
    for item in answer:
        if isinstance(item, tuple):
            return bytes(item[1])
    return None


def _put_away(mailbox: imaplib.IMAP4, uids: list[bytes], done: str) -> None:
    if not uids:
        return
    which = b",".join(uids).decode()
    if done:
        _check(mailbox.uid("COPY", which, f'"{done}"'), f"has no folder {done}")
    _check(mailbox.uid("STORE", which, "+FLAGS.SILENT", r"(\Deleted)"), "does not let mails be removed")
    if "UIDPLUS" in mailbox.capabilities:
        _check(mailbox.uid("EXPUNGE", which), "does not let mails be removed")
    else:
        _check(mailbox.expunge(), "does not let mails be removed")


def _check(answer: tuple[str, Sequence[object]], problem: str) -> Sequence[object]:
    status, data = answer
    if status != "OK":
        raise MailboxFailed(f"The mailbox of returned mails {problem}.")
    return data
