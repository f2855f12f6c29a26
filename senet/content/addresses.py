"""Checks addresses of mail: what can stand in an envelope and a header, without asking the network."""

from __future__ import annotations

import re
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

_USUAL = re.compile(
    r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}"
)
_MAX = 254
_MAX_LOCAL = 64


def find_address(text: str) -> str | None:
    """Return the ASCII form of an address, or None when it is none.

    Usual addresses are decided by a pattern, unusual ones by the full rules; nothing is looked up.
    """
    if len(text) <= _MAX and _USUAL.fullmatch(text):
        return text if text.index("@") <= _MAX_LOCAL else None
    return _find_unusual(text.strip())


@lru_cache(maxsize=4096)
def _find_unusual(text: str) -> str | None:
    if not text or len(text) > _MAX:
        return None
    try:
        checked = validate_email(text, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.ascii_email
