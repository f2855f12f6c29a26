"""Reads: what workflows are, how the outbox of calls stands, and the policy that the settings make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.conf import settings

import senet.integrations
from senet.integrations.addresses import AddressPolicy
from senet.integrations.errors import ActionsBroken
from senet.integrations.models import Workflow
from senet.integrations.registry import find_action
from senet.integrations.values import Backlog, WorkflowFacts
from senet.shared.sql import fetch_all

COUNTED = 10_000  # counts go no further


def find_workflows(ids: Iterable[int]) -> Mapping[int, WorkflowFacts]:
    """Return what a journey's check asks of workflows; ids that are none are left out."""
    wanted = list(ids)
    rows = Workflow.objects.filter(pk__in=wanted).values_list("id", "name", "action", "active") if wanted else ()
    return {id_: WorkflowFacts(name, active, _find_problem(action)) for id_, name, action, active in rows}


def _find_problem(action: str) -> str:
    """Return why a workflow's action cannot be called; nothing for a webhook."""
    try:
        if not action or find_action(action) is not None:
            return ""
    except ActionsBroken as broken:
        return broken.message
    return f"No action is registered as “{action}” on this server. Look at SENET_ACTIONS."


def measure_backlog(now: datetime) -> Backlog:
    """Return how many calls wait and how many have failed, each up to a bound, and how late the oldest is."""
    ((queued, failed, due_at),) = fetch_all(senet.integrations, "measure_backlog", {"bound": COUNTED, "now": now})
    late = (now - due_at).total_seconds() if due_at is not None else 0.0
    return Backlog(queued, failed, round(max(late, 0.0), 1))


def read_policy() -> AddressPolicy:
    """Return which addresses webhooks may reach, as the settings say."""
    return AddressPolicy(settings.WEBHOOK_ALLOW_PRIVATE, settings.WEBHOOK_NETWORKS)
