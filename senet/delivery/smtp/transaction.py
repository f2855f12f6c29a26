"""Writes one message's commands and text as bytes, and refuses what may not be written.

Nothing of a message can end its text early or begin a command: addresses are checked here once more, whoever made them,
and lines that start with a dot are stuffed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import idna

from senet.delivery.values import Outcome, Outgoing, Stage, Verdict

END = b".\r\n"
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f<>]")
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Features:
    """What a server offers (EHLO), as far as messages depend on it."""

    pipelining: bool = False
    eight_bit: bool = False
    utf8: bool = False
    size: int = 0  # 0: no limit that it tells


class UnsendableError(Exception):
    """This message cannot be handed to this server; `outcome` says why."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.text)
        self.outcome = outcome


def write_text(content: bytes) -> bytes:
    """Return a content as DATA wants it, without the final dot: CRLF line ends, dots doubled where a line begins."""
    if b"\n." in content or b"\r." in content or content.startswith(b"."):
        content = _LINE_END.sub(b"\r\n", content)
        content = content.replace(b"\r\n.", b"\r\n..")
        if content.startswith(b"."):
            content = b"." + content
    return content if content.endswith(b"\r\n") else content + b"\r\n"


def write_commands(message: Outgoing, features: Features) -> tuple[bytes, bytes]:
    """Return the MAIL and RCPT commands. Raises: UnsendableError."""
    sender, sender_is_utf8 = _require(_encode_sender(message.from_address), message, Stage.MAIL)
    recipient, recipient_is_utf8 = _require(_encode(message.to_address), message, Stage.RCPT)
    size = len(message.content)
    if 0 < features.size < size:
        text = f"The message has {size} bytes; the server takes {features.size}."
        raise UnsendableError(Outcome(message.id, Verdict.REFUSED, Stage.MAIL, 552, "5.3.4", text))
    parameters = b" SIZE=%d" % size if features.size else b""
    if sender_is_utf8 or recipient_is_utf8:
        if not features.utf8:
            text = "The address needs SMTPUTF8, which the server does not offer."
            raise UnsendableError(Outcome(message.id, Verdict.REFUSED, Stage.RCPT, 553, "5.6.7", text))
        parameters += b" SMTPUTF8"
    if features.eight_bit and not message.stuffed and not message.content.isascii():
        parameters += b" BODY=8BITMIME"
    return b"MAIL FROM:<%b>%b\r\n" % (sender, parameters), b"RCPT TO:<%b>\r\n" % recipient


def _require(found: tuple[bytes, bool] | None, message: Outgoing, stage: Stage) -> tuple[bytes, bool]:
    if found is None:
        whose = "sender's" if stage is Stage.MAIL else "recipient's"
        raise UnsendableError(Outcome(message.id, Verdict.MALFORMED, stage, text=f"The {whose} address is malformed."))
    return found


def _encode(address: str) -> tuple[bytes, bool] | None:
    """Return an address as bytes, and whether they need SMTPUTF8."""
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or len(address) > 254 or _FORBIDDEN.search(address):
        return None
    if address.isascii():
        return address.encode("ascii"), False
    try:
        plain = domain if domain.isascii() else idna.encode(domain, uts46=True).decode("ascii")
    except idna.IDNAError:
        return None
    return f"{local}@{plain}".encode(), not local.isascii()


_encode_sender = lru_cache(maxsize=256)(_encode)  # recipients do not come again
