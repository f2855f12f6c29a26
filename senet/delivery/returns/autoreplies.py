"""Tells automatic replies (RFC 3834) from bounces: somebody is out of office, and the mail has arrived."""

from __future__ import annotations

import re
from email.header import decode_header
from email.message import Message

_SUBJECT = re.compile(
    r"^\s*(\[?auto(mated|matic|mat\w*)?[\s:_-]*(reply|response|antwort\w*|svar\w*|re\b)"
    r"|out[\s-]of[\s-](the[\s-])?office|ooo\b|on (vacation|holiday|leave)|vacation (reply|response)"
    r"|away from|abwesen|automatische antwort|réponse automatique|absence du bureau|absent[e]? du bureau"
    r"|respuesta autom|fuera de (la )?oficina|risposta automatica|fuori sede|resposta automática"
    r"|automatisch antwoord|afwezig|autosvar|frånvaro|fravær|automaattinen vastaus|poissa|automatyczna odpowied"
    r"|nieobecno|automatická odpov"
    r"|автоответ|автоматический ответ|自動応答|自動返信|自动回复|自動回覆|자동 회신|부재중)",
    re.IGNORECASE,
)
_STRONG = ("X-Autoreply", "X-Autorespond", "X-Vacation", "X-MS-Exchange-Inbox-Rules-Loop", "X-AutoReply-From")
_PRECEDENCE = frozenset({"auto_reply", "auto-reply"})


def is_surely_automatic(mail: Message) -> bool:
    """Say whether a mail can only be an automatic reply, whatever its text looks like."""
    if any(mail[name] is not None for name in _STRONG):
        return True
    if str(mail["Precedence"] or "").strip().lower() in _PRECEDENCE:
        return True
    submitted = str(mail["Auto-Submitted"] or "").lower()
    return "vacation" in submitted or _SUBJECT.search(_read_subject(mail)) is not None


def is_automatic(mail: Message) -> bool:
    """Say whether a mail, which is no bounce, was written by a machine."""
    submitted = str(mail["Auto-Submitted"] or "no").split(";")[0].strip().lower()
    return submitted != "no" or str(mail["X-Auto-Response-Suppress"] or "") != ""


def _read_subject(mail: Message) -> str:
    subjects = (str(value) for name, value in mail.raw_items() if name.lower() == "subject")
    text = next(subjects, "")[:500].encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # as it was written
    try:
        words = decode_header(text)
        return "".join(
            word.decode(charset or "ascii", "replace") if isinstance(word, bytes) else word for word, charset in words
        )
    except (LookupError, ValueError):
        return text
