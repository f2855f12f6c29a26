"""Update contact column: sets a column of each person to one value; the person goes on at once.

What it sets is obeyed at once: a mail later on the way asks the same columns, and who is below the journey's minimum
consent now is stopped here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

from pydantic import Field

from senet.journeys.tiles.base import Checking, WaitingTile
from senet.people.normalise import BadValue
from senet.people.settable import ColumnChange, read_change, set_column

if TYPE_CHECKING:
    from senet.journeys.move import Move

Number = Annotated[int, Field(ge=-(10**15), le=10**15)] | Annotated[float, Field(ge=-1e15, le=1e15)]
Text = Annotated[str, Field(max_length=4000)]
Choices = Annotated[tuple[Text, ...], Field(max_length=500)]


class UpdateColumnTile(WaitingTile):
    """Sets one of the columns that may be the same for everybody, or a custom column (custom.<key>).

    Nobody waits here but who was stopped for the consent that it set and may go on after all.
    """

    icon: ClassVar[str] = "edit"
    kind: Literal["update_column"] = "update_column"
    column: str = Field("", max_length=80)
    value: bool | Number | Text | Choices | None = None
    for_inactive: bool = True

    def check(self, checking: Checking) -> None:
        if not self.column:
            self.find("column_missing", "No column is chosen.", checking, "Choose the column that this tile sets.")
            return
        if self.value is None:
            self.find("value_missing", "There is no value.", checking, "Say what the column is to hold.")
            return
        try:
            change = read_change(self.column, self.value, checking.facts.custom_columns)
        except BadValue as error:
            advice = "Choose another column, or another value."
            self.find("value_wrong", f"“{self.column}” cannot be set to this: {error}", checking, advice)
            return
        self._check_sense(change, checking)

    def _check_sense(self, change: ColumnChange, checking: Checking) -> None:
        if change.column == "owner_id" and change.value not in checking.facts.users:
            self.find("owner_missing", "There is no user by that number.", checking, "Choose another owner.")
        level = change.value if change.column == "consent_level" else None
        if isinstance(level, int) and level < checking.minimum_consent:
            message = "The consent level is below the journey's minimum: everybody is stopped here."
            self.find("consent_too_low", message, checking, "Set a higher level, or end the lane here.", "warning")

    def arrive(self, move: Move) -> bool:
        change = move.plan.snapshot.changes[self.id]
        set_column(change, for_inactive=self.for_inactive, now=move.now)
        if change.column == "consent_level" and move.plan.snapshot.minimum_consent > 0:
            move.execute("pass_with_consent", tile=self.id)
            return False
        move.execute("pass_tile", tile=self.id)
        return True
