"""Writes: workflows and their secrets, the launches of a cohort, the outbox of calls as workers see it, recovery."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings

import senet.integrations
from senet.integrations.addresses import AddressPolicy, read_url
from senet.integrations.errors import RecoveryItemNotFound, WorkflowInUse, WorkflowNotFound
from senet.integrations.models import Channel, Workflow, WorkflowCall
from senet.integrations.queries import find_activities
from senet.integrations.registry import list_actions
from senet.integrations.signing import derive_secret, list_secrets, make_salt
from senet.integrations.usage import find_usage
from senet.integrations.values import OPEN_STATES, Activity, Call, CallState, Report, WorkflowKind
from senet.shared.errors import InvalidInput, Problem
from senet.shared.sql import execute, fetch_all

LEASE = timedelta(seconds=60)
FORGOTTEN_AT_ONCE = 10_000


def create_workflow(
    *,
    name: str,
    kind: WorkflowKind,
    policy: AddressPolicy,
    business_unit_id: int,
    owner_id: int | None = None,
    url: str = "",
    action: str = "",
    description: str = "",
    active: bool = True,
) -> tuple[int, str | None]:
    """Make a workflow; return its id and, of a webhook, the secret that is shown this once. Raises: InvalidInput."""
    workflow = Workflow(
        kind=kind.value, description=description, active=active, business_unit_id=business_unit_id, owner_id=owner_id
    )
    if kind is WorkflowKind.WEBHOOK:
        workflow.salt = make_salt()
    _set(workflow, {"name": name, "url": url, "action": action}, policy)
    workflow.save()
    return workflow.pk, derive_secret(workflow.salt) if workflow.salt else None


def change_workflow(workflow_id: int, values: Mapping[str, Any], policy: AddressPolicy) -> None:
    """Change what is given. Raises: InvalidInput, WorkflowNotFound."""
    workflow = _get_locked(workflow_id)
    _set(workflow, values, policy)
    workflow.save()


def _set(workflow: Workflow, values: Mapping[str, Any], policy: AddressPolicy) -> None:
    for name in ("description", "active"):
        if name in values:
            setattr(workflow, name, values[name])
    if "name" in values:
        workflow.name = values["name"].strip()
        if not workflow.name:
            raise InvalidInput("Give the workflow a name.", name="Say what it does.")
    is_webhook = workflow.kind == WorkflowKind.WEBHOOK
    if is_webhook and "url" in values:
        workflow.url = read_url(values["url"], policy)
        workflow.held_until = None
    if not is_webhook and "action" in values:
        workflow.action = values["action"]
        if workflow.action not in list_actions():
            raise InvalidInput(
                f"No action is registered as “{workflow.action}”. Register it in a module that SENET_ACTIONS lists.",
                action="No action is registered by this name.",
            )
    foreign = "action" if is_webhook else "url"
    if values.get(foreign):
        message = "A webhook has a URL; only a workflow of the kind action has an action."
        problem = Problem("not_of_this_kind", message, foreign)
        raise InvalidInput(message, problems=[problem])


def rotate_secret(workflow_id: int, now: datetime) -> str:
    """Give a webhook a new secret and return it; the old one signs beside it for a day. Raises: InvalidInput."""
    workflow = _get_locked(workflow_id)
    if workflow.kind != WorkflowKind.WEBHOOK:
        raise InvalidInput("Only a webhook has a secret.")
    workflow.previous_salt, workflow.salt, workflow.rotated_at = workflow.salt, make_salt(), now
    workflow.save()
    return derive_secret(workflow.salt)


def delete_workflow(workflow_id: int) -> None:
    """Remove a workflow that nothing uses. What it did stays in the log. Raises: WorkflowInUse, WorkflowNotFound."""
    workflow = _get_locked(workflow_id)
    if problems := find_usage("workflow", workflow_id):
        raise WorkflowInUse("A live journey uses this workflow. Stop the journey first.", problems=problems)
    if channel := Channel.objects.filter(workflow_id=workflow_id).order_by("id").first():
        raise WorkflowInUse(f"The channel “{channel.name}” tells this workflow of its activities. Change it first.")
    if WorkflowCall.objects.filter(workflow_id=workflow_id, state__in=OPEN_STATES).exists():
        message = "Calls of this workflow still wait or have failed. Let them end, or delete the recovery items, first."
        raise WorkflowInUse(message)
    workflow.delete()


def _get_locked(workflow_id: int) -> Workflow:
    workflow = Workflow.objects.select_for_update(of=("self",)).filter(pk=workflow_id).first()
    if workflow is None:
        raise WorkflowNotFound
    return workflow


def enqueue_calls(
    *, workflow_id: int, journey_id: int, iteration: int, tile: int, per_company: bool, now: datetime
) -> int:
    """Launch a workflow for each contact of the temporary table `cohort`, or once a company; return how many launches.

    Runs in the caller's transaction; one statement. Running it again changes nothing.
    """
    parameters = {
        "workflow_id": workflow_id,
        "journey_id": journey_id,
        "iteration": iteration,
        "tile": tile,
        "per_company": per_company,
        "now": now,
    }
    return execute(senet.integrations, "enqueue_calls", parameters)


def claim_calls(
    *, claim: int, kinds: Sequence[WorkflowKind], limit: int, most: int, busy: Mapping[int, int], now: datetime
) -> list[Call]:
    """Take calls that are due, for a worker that holds them until its lease is over. One statement.

    `most` is how many of one workflow a worker makes at a time, `busy` how many it is making already.
    """
    parameters = {
        "claim": claim,
        "kinds": [kind.value for kind in kinds],
        "limit": limit,
        "most": most,
        "workflows": list(busy),
        "calls": list(busy.values()),
        "now": now,
        "lease_until": now + LEASE,
    }
    rows = fetch_all(senet.integrations, "claim_calls", parameters)
    activities = find_activities({row[-1] for row in rows} - {None})
    return [_read_call(row, activities, now) for row in rows]


def _read_call(row: tuple[Any, ...], activities: Mapping[int, Activity], now: datetime) -> Call:
    id_, key, workflow_id, name, kind, url, action, salt, previous, rotated_at, *rest, activity_id = row
    secrets = list_secrets(bytes(salt), bytes(previous) if previous else None, rotated_at, now)
    call = Call(id_, key, workflow_id, name, WorkflowKind(kind), url, action, secrets, *rest)
    return replace(call, activity=activities.get(activity_id))


def renew_calls(ids: Sequence[int], *, claim: int, now: datetime) -> int:
    """Keep calls that are under way for another lease; return how many are still held."""
    return execute(senet.integrations, "renew_calls", {"ids": list(ids), "claim": claim, "lease_until": now + LEASE})


def record_reports(reports: Sequence[Report], *, claim: int) -> dict[CallState, int]:
    """Write down what came of calls: one statement. Return how many moved, by their new state."""
    if not reports:
        return {}
    parameters = {
        "ids": [report.call_id for report in reports],
        "states": [report.state.value for report in reports],
        "dues": [report.due_at for report in reports],
        "statuses": [report.status for report in reports],
        "errors": [report.error for report in reports],
        "ats": [report.at for report in reports],
        "milliseconds": [report.milliseconds for report in reports],
        "holds": [report.hold_until for report in reports],
        "claim": claim,
    }
    rows = fetch_all(senet.integrations, "record_reports", parameters)
    return {CallState(state): count for state, count in rows}


def recover_item(call_id: int, now: datetime) -> None:
    """Make a call that failed for good again, with all its attempts. Raises: RecoveryItemNotFound."""
    if not _requeue(now, id=call_id):
        raise RecoveryItemNotFound


def recover_all(now: datetime, *, journey_id: int | None = None, workflow_id: int | None = None) -> int:
    """Make all failed calls of a journey, of a workflow, or of both again; return how many. Raises: InvalidInput."""
    wanted = {"journey_id": journey_id, "workflow_id": workflow_id}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    if not chosen:
        raise InvalidInput("Say whose recovery items you want to recover: journey_id or workflow_id.")
    return _requeue(now, **chosen)


def _requeue(now: datetime, **which: int) -> int:
    return WorkflowCall.objects.filter(state=CallState.FAILED.value, **which).update(
        state=CallState.QUEUED.value, due_at=now, attempt=0, first_tried_at=None, finished_at=None
    )


def dismiss_item(call_id: int, now: datetime) -> None:
    """Give a failed call up. Raises: RecoveryItemNotFound."""
    found = WorkflowCall.objects.filter(pk=call_id, state=CallState.FAILED.value)
    if not found.update(state=CallState.DISMISSED.value, finished_at=now):
        raise RecoveryItemNotFound


def forget_calls(now: datetime, *, limit: int = FORGOTTEN_AT_ONCE) -> int:
    """Take away calls that ended longer ago than the settings say; return how many, at most a limit."""
    before = now - timedelta(days=settings.WORKFLOW_CALL_DAYS)
    return execute(senet.integrations, "forget_calls", {"before": before, "limit": limit})
