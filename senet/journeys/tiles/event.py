"""Event: names an event, so that later if/then tiles can ask about it."""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.conditions import Element, Thing
from senet.journeys.tiles.content import ContentTile


class EventTile(ContentTile):
    """Names an event; everybody passes."""

    thing: ClassVar[Thing] = "event"
    kind: Literal["event"] = "event"
    event_id: int | None = None

    @property
    def element(self) -> Element:
        return Element(kind="event", record_id=self.event_id)
