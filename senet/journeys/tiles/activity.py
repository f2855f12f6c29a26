"""What task, phone call and appointment tiles share: they make an activity for a colleague; the person goes on at once.

What it is about comes from a template of the tile's kind, as it was when the journey went live, or from the tile.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from senet.journeys.tiles.base import LONGEST, Checking, Duration, StraightTile
from senet.journeys.values import ActivityContent, ActivityKind, Priority

if TYPE_CHECKING:
    from senet.journeys.move import Move

Assignee = Literal["contact_owner", "contact_creator", "journey_owner", "company_owner", "company_creator"]
Templates = Mapping[int, tuple[ActivityKind, ActivityContent]]


class ActivityTile(StraightTile):
    """Makes an activity about each person, or about each company. Without an assignee the journey's owner gets it."""

    template_id: int | None = None
    subject: str = Field("", max_length=500)  # of its own; the description is the tile's
    priority: Priority = Priority.NORMAL
    assign_to: Assignee = "journey_owner"
    create_for: Literal["contact", "company"] = "contact"
    for_inactive: bool = True

    def make_content(self, templates: Templates) -> ActivityContent:
        """Return what the tile's activities are about."""
        if self.template_id is not None:
            return templates[self.template_id][1]
        return self.inline

    @property
    def inline(self) -> ActivityContent:
        """Return what the tile itself says of its activities."""
        return ActivityContent(self.subject, self.description, self.priority)

    def _list_times(self) -> Iterator[Duration]:
        """Yield the tile's own times."""
        yield from ()

    def check(self, checking: Checking) -> None:
        if self.template_id is not None:
            self._check_template(checking)
        else:
            if not self.subject.strip():
                self.find("subject_missing", "The activity has no subject.", checking, "Say what is to be done.")
            self._check_times(checking)
        for wanted in ("create_for", "assign_to"):
            if getattr(self, wanted).startswith("company") and checking.target != "company":
                what = "is made for each company" if wanted == "create_for" else "goes to somebody by the company"
                advice = "Choose the contact instead, or let the journey target companies."
                message = f"The activity {what}, but the journey targets people."
                self.find("company_target_missing", message, checking, advice)

    def _check_template(self, checking: Checking) -> None:
        kind, _ = checking.facts.templates.get(self.template_id or 0, (None, None))
        if kind is None:
            message = f"There is no activity template {self.template_id}."
            self.find("template_missing", message, checking, "Choose another template.")
        elif kind != self.kind:
            message = f"The template is for a {kind.replace('_', ' ')}."
            advice = f"Choose a template for a {self.kind.replace('_', ' ')}."
            self.find("template_kind_wrong", message, checking, advice)
        if self.subject.strip():
            message = "The tile has a subject, but the template's is used."
            self.find("subject_unused", message, checking, "Leave one of the two empty.", "warning")

    def _check_times(self, checking: Checking) -> None:
        if any(time.length > LONGEST for time in self._list_times()):
            self.find("activity_time_too_long", "A time is longer than ten years.", checking, "Make it shorter.")

    def arrive(self, move: Move) -> bool:
        snapshot = move.plan.snapshot
        content = snapshot.activities.get(self.id, self.inline)  # older versions froze no content of their own
        start = move.now + content.start_after if content.start_after is not None else None
        minutes = content.duration // timedelta(minutes=1) if content.duration is not None else None
        move.execute(
            "make_company_activities" if self.create_for == "company" else "make_activities",
            tile=self.id,
            kind=self.kind,
            template_id=self.template_id,
            subject=content.subject,
            description=content.description,
            priority=content.priority.value,
            location=content.location,
            due_at=move.now + content.due_in if content.due_in is not None else start,
            start_at=start,
            end_at=start + content.duration if start is not None and content.duration is not None else None,
            duration_minutes=minutes,
            assign_to=self.assign_to,
            for_inactive=self.for_inactive,
            owner_id=snapshot.owner_id,
            unit_id=snapshot.business_unit_id,
        )
        move.execute("pass_tile", tile=self.id)
        return True


class DueActivityTile(ActivityTile):
    """Makes an activity that is to be done by some time after somebody has come."""

    due_in: Duration | None = None

    @property
    def inline(self) -> ActivityContent:
        due_in = self.due_in.length if self.due_in else None
        return ActivityContent(self.subject, self.description, self.priority, due_in=due_in)

    def _list_times(self) -> Iterator[Duration]:
        if self.due_in is not None:
            yield self.due_in

    def _check_times(self, checking: Checking) -> None:
        super()._check_times(checking)
        if self.due_in is not None and self.due_in.length <= timedelta(0):
            self.find("due_not_positive", "The activity would be due before it is made.", checking, "Make it longer.")
