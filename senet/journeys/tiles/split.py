"""Split: shares people out by lot. The last branch takes everybody whom the others do not take.

The shares are exact, also when several workers move people at once: each branch's count is a row that the mover locks.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from senet.journeys.tiles.base import Checking, Next, Tile

if TYPE_CHECKING:
    from senet.journeys.move import Move


class Branch(BaseModel):
    """One way: a share in per cent, or a number of people; the last branch has none."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    label: str = Field("", max_length=100)
    amount: float | None = Field(None, ge=-1e12, le=1e12)
    next: Next = None


class SplitTile(Tile):
    """Splits by percentage or by value."""

    icon: ClassVar[str] = "split"
    kind: Literal["split"] = "split"
    by: Literal["percentage", "value"] = "percentage"
    branches: tuple[Branch, ...] = Field((), max_length=50)

    @property
    def exits(self) -> tuple[Next, ...]:
        return tuple(branch.next for branch in self.branches)

    def branch_label(self, branch: int) -> str:
        return self.branches[branch].label or f"Branch {branch + 1}"

    def check(self, checking: Checking) -> None:
        if len(self.branches) < 2:
            self.find("branches_missing", "A split needs at least two branches.", checking, "Add a branch.")
            return
        amounts = [branch.amount for branch in self.branches[:-1]]
        for position, amount in enumerate(amounts):
            label = self.branch_label(position)
            if amount is None:
                self.find("amount_missing", f"The branch “{label}” has no amount.", checking, "Say how much it takes.")
            elif amount <= 0 or (self.by == "value" and amount != int(amount)):
                what = "a share above 0" if self.by == "percentage" else "a whole number of people above 0"
                self.find("amount_wrong", f"The branch “{label}” needs {what}.", checking, "Change the amount.")
        if self.by == "percentage" and sum(amount or 0 for amount in amounts) > 100:
            message = "The branches take more than 100 per cent together."
            self.find("over_100_percent", message, checking, "Lower some of the shares.")
        if self.branches[-1].amount is not None:
            message = "The last branch takes whoever remains; its amount is not used."
            self.find("amount_unused", message, checking, "Leave the last branch's amount empty.", "warning")

    def arrive(self, move: Move) -> bool:
        taken = [count for _, count in sorted(move.fetch("take_shares", tile=self.id, branches=len(self.branches)))]
        more = share_out(self, taken, move.cohort_size())
        move.execute("split_cohort", tile=self.id, bounds=list(accumulate(more[:-1])))
        move.execute("add_shares", tile=self.id, more=more)
        return False


def share_out(tile: SplitTile, taken: list[int], people: int) -> list[int]:
    """Return how many of `people` each branch takes, when the branches have taken so many before.

    By percentage, each branch is kept at the whole number nearest to its share of everybody so far; by value, it takes
    what it still lacks. The sum is exactly `people`.
    """
    more: list[int] = []
    left = people
    everybody = sum(taken) + people
    for branch, before in zip(tile.branches[:-1], taken, strict=False):
        amount = branch.amount or 0
        wanted = int(everybody * amount / 100 + 0.5) if tile.by == "percentage" else int(amount)
        share = min(max(wanted - before, 0), left)
        more.append(share)
        left -= share
    return [*more, left]
