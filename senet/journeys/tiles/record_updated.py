"""Record updated: the contact of a record that was made, changed or deleted enters here, while the journey runs.

It may stand anywhere in a lane: who walks here passes, who is brought here by a record begins here.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.tiles.base import Checking, Entrance

# The records that have a contact, and the columns that hold it. The tables have triggers: see people's migrations.
ENTITIES: dict[str, tuple[str, ...]] = {"contact": ("id",), "lead": ("contact_id",), "activity": ("contact_id",)}
EVENTS: dict[str, tuple[str, ...]] = {
    "contact": ("create", "update"),
    "lead": ("create", "update", "delete"),
    "activity": ("create", "update", "delete"),
}
Event = Literal["create", "update", "delete"]


class RecordUpdatedTile(Entrance):
    """Calls in the contacts of records on which something happens."""

    walkable: ClassVar[bool] = True
    icon: ClassVar[str] = "record"
    kind: Literal["record_updated"] = "record_updated"
    entity: str = "contact"
    event: Event = "update"
    column: str | None = None  # update: changes of this column alone; None: of any

    def check(self, checking: Checking) -> None:
        if self.entity not in ENTITIES:
            message = f"There are no records “{self.entity}” that have a contact."
            self.find("entity_unknown", message, checking, f"Choose one of: {', '.join(sorted(ENTITIES))}.")
            return
        if self.event not in EVENTS[self.entity]:
            message = f"“{self.event}” of a {self.entity} brings nobody in."
            self.find("event_unusable", message, checking, f"Choose one of: {', '.join(EVENTS[self.entity])}.")
        if self.column is None:
            return
        if self.event != "update":
            message = "A column is set, but only changes look at one."
            self.find("column_unused", message, checking, "Leave the column empty.", "warning")
        elif self.column not in checking.facts.columns.get(self.entity, ()):
            message = f"A {self.entity} has no column “{self.column}” to watch."
            self.find("column_unknown", message, checking, "Choose another column.")

    @property
    def watch(self) -> tuple[str, str, str]:
        """Return what is watched: entity, event, column ('' any)."""
        return self.entity, self.event, (self.column or "") if self.event == "update" else ""
