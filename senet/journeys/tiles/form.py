"""Form: names a marketing form, so that later if/then tiles can ask about it."""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.conditions import Element, Thing
from senet.journeys.tiles.content import ContentTile


class FormTile(ContentTile):
    """Names a marketing form; everybody passes."""

    thing: ClassVar[Thing] = "form"
    kind: Literal["form"] = "form"
    form_id: int | None = None

    @property
    def element(self) -> Element:
        return Element(kind="form", record_id=self.form_id)
