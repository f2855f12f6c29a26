"""Run workflow: launches a webhook or a Python action for each person, or once a company; the person goes on at once.

The call is made by a worker afterwards. Whether it succeeds does not hold the person up: what fails for good is a
recovery item.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from senet.integrations.actions import enqueue_calls
from senet.journeys.tiles.base import Checking, StraightTile

if TYPE_CHECKING:
    from senet.journeys.move import Move


class RunWorkflowTile(StraightTile):
    """Launches a workflow."""

    icon: ClassVar[str] = "workflow"
    kind: Literal["run_workflow"] = "run_workflow"
    workflow_id: int | None = None
    launch_for: Literal["contact", "company"] = "contact"

    def check(self, checking: Checking) -> None:
        workflow = checking.facts.workflows.get(self.workflow_id or 0)
        if self.workflow_id is None:
            self.find("workflow_missing", "No workflow is chosen.", checking, "Choose the workflow to launch.")
        elif workflow is None:
            message = f"There is no workflow {self.workflow_id}."
            self.find("workflow_missing", message, checking, "Choose another workflow.")
        elif not workflow.active:
            message = f"The workflow “{workflow.name}” is not active: its calls would wait."
            self.find("workflow_inactive", message, checking, "Activate the workflow first.")
        elif workflow.problem:
            self.find("workflow_broken", workflow.problem, checking, "Mend the workflow first.")
        if self.launch_for == "company" and checking.target != "company":
            message = "The workflow is to be launched for each company, but the journey targets people."
            advice = "Launch it for each contact, or let the journey target companies."
            self.find("company_target_missing", message, checking, advice)

    def arrive(self, move: Move) -> bool:
        assert self.workflow_id is not None  # noqa: S101  checked before going live
        enqueue_calls(
            workflow_id=self.workflow_id,
            journey_id=move.plan.journey_id,
            iteration=move.plan.iteration,
            tile=self.id,
            per_company=self.launch_for == "company" and move.plan.snapshot.target == "company",
            now=move.now,
        )
        move.execute("pass_tile", tile=self.id)
        return True
