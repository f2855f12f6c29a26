"""Exit: the person's journey ends here, also on the other lanes where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from senet.journeys.tiles.base import Checking, Entrance, Next, Tile

if TYPE_CHECKING:
    from senet.journeys.move import Move


class ExitTile(Tile):
    """Ends the journey of everybody who comes here, for the present iteration."""

    icon: ClassVar[str] = "exit"
    kind: Literal["exit"] = "exit"

    @property
    def exits(self) -> tuple[Next, ...]:
        return ()

    def check(self, checking: Checking) -> None:
        entrances = {tile.id for tile in checking.tiles if isinstance(tile, Entrance)}
        if len(entrances) == 1 and checking.ancestors == entrances:
            message = "Everybody leaves as soon as they have entered."
            self.find("exit_at_once", message, checking, "Put a tile between the audience and the exit.", "warning")

    def arrive(self, move: Move) -> bool:
        move.execute("arrive_at_exit", tile=self.id)
        if move.plan.exit_tiles:
            move.execute("forget_parted")
            move.execute("stop_elsewhere", tiles=list(move.plan.waiting_tiles))
        return False
