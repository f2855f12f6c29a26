"""Page: names a marketing page, so that later if/then tiles can ask about it."""

from __future__ import annotations

from typing import ClassVar, Literal

from senet.journeys.conditions import Element, Thing
from senet.journeys.tiles.content import ContentTile


class PageTile(ContentTile):
    """Names a marketing page; everybody passes."""

    thing: ClassVar[Thing] = "page"
    kind: Literal["page"] = "page"
    page_id: int | None = None

    @property
    def element(self) -> Element:
        return Element(kind="page", record_id=self.page_id)
