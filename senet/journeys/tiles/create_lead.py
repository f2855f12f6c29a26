"""Create lead: makes a lead of each person, or of each company; the person goes on at once.

It always makes a new one and never looks for one that is there. The journey's owner gets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field

from senet.journeys.tiles.base import Checking, StraightTile
from senet.people.leads import make_leads
from senet.people.values import LeadSource

if TYPE_CHECKING:
    from senet.journeys.move import Move


class CreateLeadTile(StraightTile):
    """Makes leads. A company has one of the tile and iteration, whoever of its contacts comes first."""

    icon: ClassVar[str] = "lead"
    kind: Literal["create_lead"] = "create_lead"
    topic: str = Field("", max_length=300)
    create_for: Literal["contact", "company"] = "contact"
    last_name_placeholder: str = Field("", max_length=200)
    for_inactive: bool = True

    def check(self, checking: Checking) -> None:
        if self.create_for == "company":
            if checking.target != "company":
                message = "A lead is to be made of each company, but the journey targets people."
                advice = "Make it of each contact, or let the journey target companies."
                self.find("company_target_missing", message, checking, advice)
            if not self.last_name_placeholder.strip():
                advice = "Say what a lead of a company has as its last name."
                self.find("placeholder_missing", "A company's lead needs a last name.", checking, advice)

    def arrive(self, move: Move) -> bool:
        plan, snapshot = move.plan, move.plan.snapshot
        assert snapshot.business_unit_id is not None  # noqa: S101  every journey has one
        email = plan.definition.find_email_before(self.id)
        make_leads(
            LeadSource(plan.journey_id, plan.iteration, self.id, snapshot.emails[email][0] if email else None),
            topic=self.topic.strip() or self.title,
            last_name=self.last_name_placeholder.strip(),
            for_company=self.create_for == "company",
            for_inactive=self.for_inactive,
            owner_id=snapshot.owner_id,
            business_unit_id=snapshot.business_unit_id,
            now=move.now,
        )
        move.execute("pass_tile", tile=self.id)
        return True
