"""Reads a mail that came back. Pure: bytes in, a report out; whatever a stranger sends ends in one.

Reports in their standard forms first (ARF, DSN); then what can only be an automatic reply; then the forms that servers
made up before the standards (flufl.bounce); then what else a machine wrote. The rest is unreadable.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message

from flufl.bounce import all_failures

from senet.delivery.bounces import Category, classify, find_reason
from senet.delivery.returns.arf import read_arf
from senet.delivery.returns.autoreplies import is_automatic, is_surely_automatic
from senet.delivery.returns.dsn import read_dsn, read_outcome
from senet.delivery.returns.paths import find_message_of_fields, find_message_of_path
from senet.delivery.returns.values import Kind, Report, ReturnRule, clean_text
from senet.delivery.values import Outcome

logging.getLogger("flufl.bounce").setLevel(logging.CRITICAL)  # it logs what broken mails do to it
MOST_BYTES = 1024 * 1024  # a report stands before the returned mail; the rest of a longer one is not read
_MOST_PARTS = 100
_MOST_HOPS = 100  # RFC 5321 6.3
_MOST_TEXT = 32 * 1024
_MOST_SEARCHED = 64 * 1024
_PART = re.compile(rb"^content-type[ \t]*:", re.IGNORECASE | re.MULTILINE)
_HOP = re.compile(rb"^received[ \t]*:", re.IGNORECASE | re.MULTILINE)
_ORIGINAL_ID = re.compile(r"^[> \t]*message-id:[ \t]*(<[^<>\s]{1,200}>)", re.IGNORECASE | re.MULTILINE)
_MOST_WORDS = 4_000
_BEFORE_REASON = 120
_OPEN = frozenset({"", "4.0.0", "5.0.0"})
_COPY = re.compile(  # where the returned mail begins in a bounce that is one text
    r"^.{0,40}(copy of (the|your) (first part of the )?message|original message (is |follow)|message follows"
    r"|message header|original message *-|forwarded message|returned m(ail|essage)\b)",
    re.IGNORECASE | re.MULTILINE,
)
_REFUSAL = re.compile(
    r"\b[45][0-5]\d[ -]+(?:[45]\.\d{1,3}\.\d{1,3}\b)?.{0,300}|\b[45]\.\d{1,3}\.\d{1,3}\b.{0,300}", re.DOTALL
)


def read_report(raw: bytes, *, envelope_to: str = "") -> Report:
    """Return what a mail says, and which message it is about."""
    head = raw[:MOST_BYTES]
    if len(_PART.findall(head)) > _MOST_PARTS:
        return Report(
            Kind.UNREADABLE, find_message_of_path(envelope_to), reason="It has too many parts.", rule=ReturnRule.LIMITS
        )
    if len(_HOP.findall(head)) > _MOST_HOPS:
        return Report(
            Kind.UNREADABLE,
            find_message_of_path(envelope_to),
            reason="It has gone round in a loop.",
            rule=ReturnRule.LIMITS,
        )
    try:
        return _read(head, envelope_to)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:  # what broken mails raise
        reason = f"It cannot be parsed ({type(error).__name__})."
        return Report(Kind.UNREADABLE, find_message_of_path(envelope_to), reason=reason, rule=ReturnRule.BROKEN)


def _read(head: bytes, envelope_to: str) -> Report:
    mail = message_from_bytes(head)
    parts = list(_list_parts(mail))
    message_id = find_message_of_path(envelope_to) or _find_by_header(mail) or _find_original(parts)
    report = _read_standard(parts, message_id)
    if report is None:
        short = message_from_bytes(head[:_MOST_SEARCHED]) if len(head) > _MOST_SEARCHED else mail
        report = _read_other(mail, short, parts, message_id)
    if report.message_id is None and report.kind in {Kind.BOUNCE, Kind.COMPLAINT}:
        said = f"{report.kind.value}: {report.reason}".rstrip(": ")
        reason = f"It names no message of ours ({said[:300]})."
        return Report(Kind.UNKNOWN_MESSAGE, reason=reason, rule=ReturnRule.NOT_OURS)
    return report


def _list_parts(mail: Message) -> Iterator[Message]:
    """Yield a mail's own parts; not those of the mail that it returns."""
    yield mail
    payload = mail.get_payload()
    if mail.get_content_maintype() == "multipart" and isinstance(payload, list):
        for part in payload:
            if isinstance(part, Message):
                yield from _list_parts(part)


def _read_standard(parts: list[Message], message_id: int | None) -> Report | None:
    for part in parts:
        if part.get_content_type() == "message/feedback-report":
            return read_arf(part, message_id)
    for part in parts:
        if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
            found = read_dsn(part, message_id)
            if found is not None:
                return _add_words(found, parts)
    return None


def _read_other(mail: Message, short: Message, parts: list[Message], message_id: int | None) -> Report:
    """Read what follows no standard; of a long mail the beginning, because it is searched for a hundred patterns."""
    if is_surely_automatic(mail):
        return Report(Kind.AUTO_REPLY, message_id, rule=ReturnRule.AUTOMATIC)
    temporary, permanent = _find_failures(short)
    if permanent or mail["X-Failed-Recipients"]:
        outcome = _read_words(parts)
        rule = ReturnRule.OLD_FORM if permanent else ReturnRule.FAILED_RECIPIENTS
        return Report(Kind.BOUNCE, message_id, outcome, outcome.text, rule)
    if temporary:
        return Report(Kind.DELAY, message_id, rule=ReturnRule.OLD_FORM)
    if is_automatic(mail):
        return Report(Kind.AUTO_REPLY, message_id, rule=ReturnRule.AUTOMATIC)
    return Report(Kind.UNREADABLE, message_id, reason="It is no report and no automatic reply.")


def _find_failures(mail: Message) -> tuple[Collection[bytes], Collection[bytes]]:
    """Return the addresses that old forms of bounces name: put off, and given up."""
    try:
        return all_failures(mail)
    except Exception:  # noqa: BLE001  a detector that a broken mail has surprised finds nothing
        return (), ()


def _read_words(parts: list[Message]) -> Outcome:
    """Return the refusal that a bounce in words quotes, or its own words of why; they may be anywhere in the text."""
    text = _COPY.split(_read_text(parts), maxsplit=1)[0]
    found = _REFUSAL.search(text)
    if found:
        return read_outcome("", clean_text(found[0]))
    text = clean_text(text, most=_MOST_WORDS)
    place = find_reason(text) or 0
    return read_outcome("", clean_text(text[max(0, place - _BEFORE_REASON) :]))


def _add_words(report: Report, parts: list[Message]) -> Report:
    """Return a report whose codes leave everything open with what the text beside them says."""
    outcome = report.outcome
    if outcome is None or outcome.enhanced not in _OPEN or classify(outcome).category is not Category.OTHER:
        return report
    words = _read_words(parts)
    return report if classify(words).category is Category.OTHER else replace(report, outcome=words, reason=words.text)


def _read_text(parts: list[Message]) -> str:
    for part in parts:
        if part.get_content_type() in {"text/plain", "text/html"}:
            raw = part.get_payload(decode=True)
            if isinstance(raw, bytes) and raw.strip():
                return _decode(raw[:_MOST_TEXT], part.get_content_charset() or "utf-8")
    return ""


def _decode(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset, "replace")
    except (LookupError, ValueError):
        return raw.decode("utf-8", "replace")


# -- which message it is about -------------------------------------------------------------------------------------


def _find_by_header(mail: Message) -> int | None:
    """Return the message whose return path a mailbox's mail was addressed to."""
    for name in ("X-Original-To", "Delivered-To", "Envelope-To", "To"):
        for value in mail.get_all(name, [])[:5]:
            for address in str(value)[:2000].split(","):
                found = find_message_of_path(address.rpartition("<")[2].strip(" >"))
                if found is not None:
                    return found
    return None


def _find_original(parts: list[Message]) -> int | None:
    """Return the message that a report returns, whole, by its header fields alone, or in its text."""
    for part in parts:
        original = _original_of(part)
        if original is not None:
            fields = (str(original[name] or "")[:2000] for name in ("Message-ID", "List-Unsubscribe"))
            found = find_message_of_fields(*fields)
            if found is not None:
                return found
    for match in list(_ORIGINAL_ID.finditer(_read_text(parts)))[:5]:
        found = find_message_of_fields(match[1], "")
        if found is not None:
            return found
    return None


def _original_of(part: Message) -> Message | None:
    kind, payload = part.get_content_type(), part.get_payload()
    if kind in {"message/rfc822", "message/global"} and isinstance(payload, list) and payload:
        return payload[0] if isinstance(payload[0], Message) else None
    if kind in {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}:
        if isinstance(payload, list):
            return payload[0] if payload and isinstance(payload[0], Message) else None
        raw = part.get_payload(decode=True)
        return message_from_bytes(raw.lstrip()) if isinstance(raw, bytes) else None
    return None
