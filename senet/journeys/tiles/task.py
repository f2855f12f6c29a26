"""Task: makes a task about each person and assigns it to a user; the person goes on at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from senet.journeys.tiles.base import Checking, Duration, StraightTile

if TYPE_CHECKING:
    from senet.journeys.move import Move


class TaskTile(StraightTile):
    """Makes a task; the tile's description is the task's. A contact without an owner gets the journey's owner."""

    icon: ClassVar[str] = "task"
    kind: Literal["task"] = "task"
    subject: str = Field("", max_length=500)
    assign_to: Literal["contact_owner", "contact_creator", "journey_owner"] = "journey_owner"
    due_in: Duration | None = None

    def check(self, checking: Checking) -> None:
        if not self.subject.strip():
            self.find("subject_missing", "The task has no subject.", checking, "Say what is to be done.")
        if self.due_in is not None and self.due_in.length <= timedelta(0):
            self.find("due_not_positive", "The task would be due before it is made.", checking, "Make it longer.")
        if self.assign_to == "contact_creator":
            message = "Contacts do not keep who made them; the contact's owner gets the task."
            self.find("creator_unknown", message, checking, "Choose the contact's owner.", "warning")

    def arrive(self, move: Move) -> bool:
        move.execute(
            "make_tasks",
            tile=self.id,
            subject=self.subject,
            description=self.description,
            assign_to=self.assign_to,
            owner_id=move.plan.snapshot.owner_id,
            due_at=move.now + self.due_in.length if self.due_in else None,
        )
        move.execute("pass_tile", tile=self.id)
        return True
