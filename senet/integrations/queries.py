"""Reads: what workflows are, how the outbox of calls stands, and the policy that the settings make."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

import senet.integrations
from senet.integrations.addresses import AddressPolicy
from senet.integrations.errors import ActionsBroken, ChannelNotFound
from senet.integrations.models import Channel, ChannelActivity, Workflow
from senet.integrations.registry import find_action
from senet.integrations.values import Activity, Backlog, ChannelFacts, ChannelRules, ResponseType, WorkflowFacts
from senet.people.custom import load_definitions
from senet.shared.sql import fetch_all

COUNTED = 10_000  # counts go no further
COMPLIANCE_COLUMNS = ("", "do_not_email", "do_not_bulk_email")  # beside custom.<key>; "": nobody is forbidden


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


def find_channels(ids: Iterable[int]) -> Mapping[int, ChannelFacts]:
    """Return what a journey's check asks of channels; ids that are none are left out."""
    wanted = list(ids)
    found = Channel.objects.filter(pk__in=wanted).select_related("workflow") if wanted else ()
    return {one.pk: ChannelFacts(one.name, read_responses(one.responses), _judge_channel(one)) for one in found}


def read_responses(kept: Iterable[Mapping[str, Any]]) -> dict[str, ResponseType]:
    """Return a channel's response types by key, in their order."""
    return {each["key"]: ResponseType(each["key"], each["label"], bool(each["custom"])) for each in kept}


def _judge_channel(channel: Channel) -> str:
    """Return why a channel would not work now."""
    if not is_compliance_column(channel.compliance_column):
        return f"The channel's compliance column “{channel.compliance_column}” is not there: nobody would be reached."
    workflow = channel.workflow
    if workflow is None:
        return ""
    if not workflow.active:
        return f"The channel's workflow “{workflow.name}” is not active: its calls would wait."
    return _find_problem(workflow.action)


def is_compliance_column(name: str) -> bool:
    """Say whether a contact's column is there that can forbid a channel: a boolean, and true means no."""
    kind, _, key = name.partition(".")
    if kind == "custom":
        definition = load_definitions("contact").get(key)
        return definition is not None and definition.kind == "boolean"
    return name in COMPLIANCE_COLUMNS


def get_channel_rules(channel_id: int) -> ChannelRules:
    """Return what a tile needs of a channel. Raises: ChannelNotFound."""
    row = Channel.objects.filter(pk=channel_id).values_list("id", "compliance_column", "workflow_id").first()
    if row is None:
        raise ChannelNotFound
    return ChannelRules(*row)


def find_activities(ids: Iterable[int]) -> Mapping[int, Activity]:
    """Return channel activities by their ids, with what their channels are called."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = ChannelActivity.objects.filter(pk__in=wanted).values_list(
        "id", "channel_id", "channel__key", "channel__name"
    )
    return {row[0]: Activity(*row) for row in rows}


def measure_backlog(now: datetime) -> Backlog:
    """Return how many calls wait and how many have failed, each up to a bound, and how late the oldest is."""
    ((queued, failed, due_at),) = fetch_all(senet.integrations, "measure_backlog", {"bound": COUNTED, "now": now})
    late = (now - due_at).total_seconds() if due_at is not None else 0.0
    return Backlog(queued, failed, round(max(late, 0.0), 1))


def read_policy() -> AddressPolicy:
    """Return which addresses webhooks may reach, as the settings say."""
    return AddressPolicy(settings.WEBHOOK_ALLOW_PRIVATE, settings.WEBHOOK_NETWORKS)
