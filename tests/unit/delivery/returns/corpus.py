"""Mails that come back, one a shape: what servers write by the RFCs and by their makers' public documentation.

Each case is the mail and what it is: a kind, or for a bounce its class and category.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from senet.delivery.bounces import BounceClass, Category
from senet.delivery.returns.values import Kind
from tests.support.returns import make_arf, make_auto_reply, make_dsn, original_headers, return_path

HARD, SOFT, BLOCK = BounceClass.HARD, BounceClass.SOFT, BounceClass.BLOCK


@dataclass(frozen=True, slots=True)
class Case:
    """A mail and what it is."""

    name: str
    mail: bytes
    kind: Kind
    bounce_class: BounceClass | None = None
    category: Category | None = None


_DSNS = Path(__file__).with_name("dsn_shapes.tsv")


def _list_reports() -> Iterator[Case]:
    for line in _DSNS.read_text(encoding="utf-8").splitlines()[1:]:
        name, status, words, bounce_class, category = line.split("\t")
        mail = make_dsn(status=status, diagnostic=words)
        yield Case(name, mail, Kind.BOUNCE, BounceClass(bounce_class), Category(category))


def _in_words(name: str, subject: str, text: str, bounce_class: BounceClass, category: Category, **fields: str) -> Case:
    more = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in fields.items())
    sender = "" if "From" in fields else "From: MAILER-DAEMON@mx.example.com\r\n"
    mail = f"{sender}To: {return_path(7)}\r\nSubject: {subject}\r\n{more}\r\n{text}"
    return Case(name, mail.replace("\r\n", "\n").replace("\n", "\r\n").encode(), Kind.BOUNCE, bounce_class, category)


def _list_in_words() -> Iterator[Case]:
    yield _in_words(
        "qmail", "failure notice",
        "Hi. This is the qmail-send program at mx.example.com.\nI'm afraid I wasn't able to deliver your message to the"
        " following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        "<ada@example.com>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <x@shop.example>\n"
        f"{original_headers(7)}\n\nHello\n",
        HARD, Category.INVALID_MAILBOX,
    )  # fmt: skip
    yield _in_words(
        "exim", "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
        " delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        "  ada@example.com\n    host mx.example.com [192.0.2.2]\n    SMTP error from remote mail server after RCPT"
        " TO:<ada@example.com>:\n    550 5.1.1 Unknown user\n\n------ This is a copy of the message, including all the"
        f" headers. ------\n\n{original_headers(7)}\n\nHello\n",
        HARD, Category.INVALID_MAILBOX, X_Failed_Recipients="ada@example.com", Auto_Submitted="auto-replied",
    )  # fmt: skip
    yield _in_words(
        "exim, full", "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be"
        " delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n"
        "  ada@example.com\n    552 5.2.2 mailbox is full: retry timeout exceeded\n",
        SOFT, Category.FULL_MAILBOX, X_Failed_Recipients="ada@example.com", Auto_Submitted="auto-replied",
    )  # fmt: skip
    yield _in_words(
        "sendmail, before the standards", "Returned mail: User unknown",
        "The original message was received at Sun, 1 Mar 2026 10:00:00 GMT\n\n   ----- The following addresses had"
        " permanent fatal errors -----\n<ada@example.com>\n\n   ----- Transcript of session follows -----\n... while"
        " talking to mx.example.com.:\n>>> RCPT To:<ada@example.com>\n<<< 550 5.1.1 <ada@example.com>... User unknown\n"
        "550 <ada@example.com>... User unknown\n",
        HARD, Category.INVALID_MAILBOX,
    )  # fmt: skip
    yield _in_words(
        "yahoo, in words", "Failure Notice",
        "Sorry, we were unable to deliver your message to the following address.\n\n<ada@example.com>:\n550: 5.1.1"
        " <ada@example.com>: User unknown\n\n--- Below this line is a copy of the message.\n",
        HARD, Category.INVALID_MAILBOX, From="MAILER-DAEMON@yahoo.com",
    )  # fmt: skip
    yield _in_words(
        "smtp32", "Undeliverable Mail",
        "User mailbox exceeds allowed size: ada@example.com\n\nOriginal message follows.\n",
        SOFT, Category.FULL_MAILBOX, From="Postmaster@example.com", X_Mailer="<SMTP32 v8.22>",
    )  # fmt: skip


def _list_replies() -> Iterator[Case]:
    subjects = (
        "Out of office: Spring is here", "Automatic reply: Spring is here", "Abwesenheitsnotiz",
        "Automatische Antwort: Hallo",
        "Réponse automatique : Printemps", "Respuesta automática: Primavera", "Risposta automatica: Primavera",
        "Automatisch antwoord: Lente", "Autosvar: Forår", "自動応答: 春", "Автоответ: Весна", "Auto: away",
        "=?utf-8?b?" + "UsOpcG9uc2UgYXV0b21hdGlxdWU=" + "?=",
    )  # fmt: skip
    for number, subject in enumerate(subjects):
        extra = {"Auto_Submitted": "auto-replied"} if number % 2 or "away" in subject else {}
        yield Case(f"away, {subject}", make_auto_reply(subject=subject, **extra), Kind.AUTO_REPLY)
    for name, value in (
        ("X_Autoreply", "yes"),
        ("Precedence", "auto_reply"),
        ("X_Autorespond", "Away"),
        ("Auto_Submitted", "auto-replied (vacation)"),
        ("Auto_Submitted", "auto-generated"),
        ("X_Auto_Response_Suppress", "All"),
        ("Auto_Submitted", "Auto-Replied; owner-email=ada@example.com"),
    ):
        mail = make_auto_reply(subject="Re: Spring is here", **{name: value})
        yield Case(f"away, {name}: {value}", mail, Kind.AUTO_REPLY)


def _list_others() -> Iterator[Case]:
    late = "smtp; 450 4.2.0 <ada@example.com>: Recipient address rejected: Greylisted"
    yield Case("delayed", make_dsn(action="delayed", status="4.2.0", diagnostic=late), Kind.DELAY)
    yield Case("delivered", make_dsn(action="delivered", status="2.0.0", diagnostic=""), Kind.RECEIPT)
    yield Case("relayed", make_dsn(action="relayed", status="2.0.0", diagnostic=""), Kind.RECEIPT)
    yield Case("expanded", make_dsn(action="expanded", status="2.1.5", diagnostic=""), Kind.RECEIPT)
    for feedback in ("abuse", "fraud", "opt-out", "other"):
        yield Case(f"arf, {feedback}", make_arf(7, feedback=feedback), Kind.COMPLAINT)
    yield Case("arf, headers alone", make_arf(7, original_type="text/rfc822-headers"), Kind.COMPLAINT)
    yield Case("arf, not spam", make_arf(7, feedback="not-spam"), Kind.OTHER_REPORT)
    yield Case("arf, authentication", make_arf(7, feedback="auth-failure"), Kind.OTHER_REPORT)
    yield Case("arf, of somebody else", make_arf(None), Kind.UNKNOWN_MESSAGE)
    person = f"From: ada@example.com\r\nTo: {return_path(7)}\r\nSubject: Re: Spring is here\r\n\r\nThanks! In blue?\r\n"
    yield Case("a person's answer", person.encode(), Kind.UNREADABLE)
    spam = (
        f"From: x@example.net\r\nTo: {return_path(7)}\r\nSubject: You won\r\n\r\nClick here to claim 550 dollars.\r\n"
    )
    yield Case("spam", spam.encode(), Kind.UNREADABLE)
    yield Case("nothing", b"", Kind.UNREADABLE)


def list_cases() -> list[Case]:
    """Everything."""
    return [*_list_reports(), *_list_in_words(), *_list_replies(), *_list_others()]
