"""Reads delivery status notifications (RFC 3464): what became of a message, in the words of the server that gave up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message

from senet.delivery.returns.values import Kind, Report, ReturnRule, clean_text
from senet.delivery.values import Outcome, Stage, Verdict

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
_CODE = re.compile(r"(?<![\d.])([45][0-5]\d)(?=[\s\-]|$)")
_FOR_NOW = re.compile(r"\btry (it )?again|temporar", re.IGNORECASE)
_DATA = re.compile(r"end of data|\bDATA command|after DATA", re.IGNORECASE)
_MOST_RECIPIENTS = 20
_RANKS = {"failed": 0, "delayed": 1, "relayed": 2, "expanded": 2, "delivered": 2}
_KINDS = {0: Kind.BOUNCE, 1: Kind.DELAY, 2: Kind.RECEIPT}


def read_dsn(status: Message, message_id: int | None) -> Report | None:
    """Return what a message/delivery-status part says, or None when it says nothing of a recipient.

    Of several recipients (a list's, or an alias's) the worst counts.
    """
    found = [
        (_RANKS[action], fields)
        for fields in _list_recipients(status)
        if (action := _field(fields, "Action").split(" ")[0].lower()) in _RANKS
    ]
    if not found:
        return None
    rank, fields = min(found, key=lambda each: each[0])
    kind = _KINDS[rank]
    outcome = read_outcome(_field(fields, "Status"), _field(fields, "Diagnostic-Code"))
    return Report(kind, message_id, outcome if kind is Kind.BOUNCE else None, outcome.text, ReturnRule.DELIVERY_STATUS)


def _list_recipients(status: Message) -> Iterator[Message]:
    blocks = status.get_payload()
    if isinstance(blocks, list):
        for block in blocks[: _MOST_RECIPIENTS + 1]:
            if isinstance(block, Message) and (
                block["Final-Recipient"] or block["Original-Recipient"] or block["Action"]
            ):
                yield block


def _field(fields: Message, name: str) -> str:
    return clean_text(str(fields[name] or ""), most=1000)


def read_outcome(status: str, diagnostic: str) -> Outcome:
    """Return a refusal, from a Status field and the words behind it. The refusing server's own code goes first."""
    kind, _, words = diagnostic.partition(";") if ";" in diagnostic[:20] else ("", "", diagnostic)
    named, said = _STATUS.search(status), _STATUS.search(words)
    chosen = said if said and not (named and said[0].endswith(".0.0")) else named
    enhanced = chosen[0] if chosen else ""
    code = _CODE.search(words) if not kind or "smtp" in kind.lower() else None
    number = int(code[1]) if code else 0
    if not number or (enhanced and int(enhanced[0]) != number // 100):  # nothing said, or given up after a temporary no
        number = 450 if enhanced.startswith("4") or (not enhanced and _FOR_NOW.search(words)) else 554
    stage = Stage.DATA if _DATA.search(words) else Stage.RCPT
    return Outcome(0, Verdict.REFUSED, stage, number, enhanced, clean_text(words or status))
