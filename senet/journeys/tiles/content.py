"""What page, form, event and survey tiles share: people pass at once; later if/then tiles ask about the record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from senet.journeys.conditions import Element, Thing
from senet.journeys.tiles.base import Checking, StraightTile

if TYPE_CHECKING:
    from senet.journeys.move import Move


class ContentTile(StraightTile):
    """A tile that names a record and lets everybody pass."""

    icon: ClassVar[str] = "content"
    thing: ClassVar[Thing]

    @property
    def element(self) -> Element:
        """Return the record that rules may ask about."""
        raise NotImplementedError

    @property
    def answers(self) -> Mapping[str, frozenset[int]]:
        element = self.element
        return {element.kind: frozenset({element.record_id} if element.record_id is not None else ())}

    def check(self, checking: Checking) -> None:
        if self.element.record_id is None:
            advice = f"Choose the {self.thing}, or remove the tile."
            self.find("content_missing", f"No {self.thing} is chosen.", checking, advice)

    def arrive(self, move: Move) -> bool:
        move.execute("pass_tile", tile=self.id)
        return True
