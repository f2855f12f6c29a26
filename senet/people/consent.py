"""Consent levels: what each means, and one person's level changed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import senet.people
from senet.shared.sql import execute

LEVELS: Mapping[int, str] = {
    0: "None",
    1: "Consent",
    2: "Transactional",
    3: "Subscriptions",
    4: "Marketing",
    5: "Profiling",
}


def set_consent_level(contact_id: int, level: int, *, now: datetime) -> bool:
    """Give a contact a consent level; False when that changes nothing, or there is no such contact."""
    return execute(senet.people, "set_consent_level", {"contact_id": contact_id, "level": level, "now": now}) > 0
