"""Writes a message's header fields. Values are cleaned and encoded, addresses are checked; nothing can add a line."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from typing import Protocol

from senet.content.addresses import find_address
from senet.content.errors import RenderError
from senet.content.language.budget import RenderState
from senet.content.language.environment import text_environment
from senet.content.language.program import Piece, compile_template, write_text
from senet.content.mime import clean_header, encode_mailbox, encode_text
from senet.content.values import CompiledEmail, MessageToRender

MESSAGE_ID, ONE_CLICK = 1, 2  # where these tokens are among a message's
_USUAL_RECIPIENT = re.compile(r"\s*\{\{-?\s*contact\.email\s*-?\}\}\s*")
_PART = b"Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"


def is_usual_recipient(template: str) -> bool:
    """Say whether a To expression gives the contact's own address and nothing else."""
    return _USUAL_RECIPIENT.fullmatch(template) is not None


class AddressedState(Protocol):
    """What header fields need of a message's state, besides its values."""

    message: MessageToRender
    tokens: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class WrittenHeaders:
    """The bytes up to the text body, and the envelope."""

    content: bytes
    from_address: str
    to_address: str


class HeaderWriter:
    """Writes the header fields of one email version's messages, and what stands between and behind their bodies."""

    def __init__(self, compiled: CompiledEmail, door: str) -> None:
        environment = text_environment()
        boundary = f"=_{secrets.token_hex(12)}".encode()  # “=_” cannot occur in quoted-printable
        self._subject = compile_template(compiled.subject, environment)
        self._from_name = compile_template(compiled.from_name, environment)
        self._from_address = compile_template(compiled.from_address.strip(), environment)
        self._reply_to = compile_template(compiled.reply_to.strip(), environment)
        self._to = (
            None if is_usual_recipient(compiled.to_address) else compile_template(compiled.to_address, environment)
        )
        self._unsubscribe = f"<{door}/u/".encode() if compiled.legal_designation == "commercial" else b""
        self._designation = compiled.legal_designation
        self._tail = (
            b"\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
            b'Content-Type: multipart/alternative;\r\n boundary="'
            + boundary
            + b'"\r\n\r\n--'
            + boundary
            + b"\r\n"
            + _PART % b"plain"
        )
        self.between = b"\r\n--" + boundary + b"\r\n" + _PART % b"html"
        self.end = b"\r\n--" + boundary + b"--\r\n"
        self._senders: dict[tuple[str, str], tuple[bytes, str, bytes]] = {}
        self._at: datetime | None = None
        self._second: datetime | None = None
        self._date = b""
        self._feedback: dict[tuple[int | None, int], bytes] = {}

    def write(self, state: AddressedState) -> WrittenHeaders:
        """Return one message's header fields.

        Raises: RenderError when an address is none or a required field is empty.
        """
        message, tokens = state.message, state.tokens
        sender, from_address, domain = self._sender(state)
        to_address = self._recipient(state)
        fields = [
            sender,
            b"\r\nTo: ",
            to_address.encode("ascii"),
            self._reply(state),
            b"\r\nSubject: ",
            encode_text(self._subject_text(state), used=9),
            b"\r\nDate: ",
            self._date_text(message.at),
            b"\r\nMessage-ID: <",
            tokens[MESSAGE_ID],
            domain,
        ]
        if self._unsubscribe:
            fields += (
                b"\r\nList-Unsubscribe: ",
                self._unsubscribe,
                tokens[ONE_CLICK],
                b">\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click",
            )
        fields += (self._feedback_text(message), self._tail)
        return WrittenHeaders(b"".join(fields), from_address, to_address)

    def write_texts(self, state: RenderState) -> tuple[str, str]:
        """Return the subject and the sender as a person reads them."""
        name = clean_header(_text(self._from_name, state))
        address = clean_header(_text(self._from_address, state))
        return clean_header(_text(self._subject, state)), f"{name} <{address}>" if name else address

    def _subject_text(self, state: AddressedState) -> str:
        subject = clean_header(_text(self._subject, state))
        if not subject:
            raise RenderError("EmailBlockedOtherReason", "The subject is empty for this person.")
        return subject

    def _sender(self, state: AddressedState) -> tuple[bytes, str, bytes]:
        name, address = _text(self._from_name, state), _text(self._from_address, state)
        found = self._senders.get((name, address))
        if found is None:
            valid = find_address(address)
            if valid is None:
                raise RenderError("InvalidSenderAddress", "The from address is empty or none for this person.")
            if not clean_header(name):
                raise RenderError("EmailBlockedOtherReason", "The from name is empty for this person.")
            domain = b"@" + valid.rpartition("@")[2].encode("ascii") + b">"
            found = (b"From: " + encode_mailbox(name, valid, used=6), valid, domain)
            if len(self._senders) < 1000:
                self._senders[(name, address)] = found
        return found

    def _recipient(self, state: AddressedState) -> str:
        usual = self._to is None or state.message.test
        address = state.message.address if usual else _text(self._to or (), state).strip()
        valid = find_address(address)
        if valid is None:
            raise RenderError("InvalidRecipientAddress", "The recipient's address is empty or none.")
        return valid

    def _reply(self, state: AddressedState) -> bytes:
        if not self._reply_to:
            return b""
        address = _text(self._reply_to, state).strip()
        if not address:
            return b""
        valid = find_address(address)
        if valid is None:
            raise RenderError("InvalidReplyToAddress", "The reply-to address is none for this person.")
        return b"\r\nReply-To: " + valid.encode("ascii")

    def _date_text(self, at: datetime) -> bytes:
        if at is not self._at:  # messages are rendered a few at a time, for one moment
            self._at = at
            second = at.replace(microsecond=0)
            if second != self._second:
                self._second, self._date = second, format_datetime(second).encode("ascii")
        return self._date

    def _feedback_text(self, message: MessageToRender) -> bytes:
        key = (message.journey_id, message.email_version_id)
        found = self._feedback.get(key)
        if found is None:
            if len(self._feedback) > 1000:
                self._feedback.clear()
            found = f"\r\nFeedback-ID: {key[0] or 0}:{key[1]}:{self._designation}:senet".encode("ascii")
            self._feedback[key] = found
        return found


def _text(pieces: tuple[Piece, ...], state: AddressedState | RenderState) -> str:
    if len(pieces) == 1 and isinstance(pieces[0], str):
        return pieces[0]
    return write_text(pieces, state, html=False)  # type: ignore[arg-type]  # a message's state is both
