"""Phone call: a colleague is to ring each person, or each company."""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.tiles.activity import DueActivityTile


class PhoneCallTile(DueActivityTile):
    """Makes a phone call for somebody to make."""

    icon: ClassVar[str] = "phone"
    kind: Literal["phone_call"] = "phone_call"
