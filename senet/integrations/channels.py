"""Writes: what channels are, and the activities that a cohort brings."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

import senet.integrations
from senet.integrations.errors import ChannelInUse, ChannelKeyTaken, ChannelNotFound, WorkflowNotFound
from senet.integrations.models import Channel, ChannelActivity, Workflow, WorkflowCall
from senet.integrations.queries import is_compliance_column, read_responses
from senet.integrations.usage import find_usage
from senet.integrations.values import OPEN_STATES, ChannelRules
from senet.shared.errors import InvalidInput, Problems
from senet.shared.sql import execute

_KEY = re.compile(r"[a-z][a-z0-9_-]{0,62}")


def create_channel(
    *, business_unit_id: int, owner_id: int | None = None, units: frozenset[int] | None = None, **values: Any
) -> int:
    """Declare a channel and return its id. Its workflow belongs to one of `units` (None: to any).

    Raises: InvalidInput, ChannelKeyTaken, WorkflowNotFound.
    """
    channel = Channel(business_unit_id=business_unit_id, owner_id=owner_id)
    _set(channel, values, units)
    _save(channel)
    return channel.pk


def change_channel(channel_id: int, values: Mapping[str, Any], *, units: frozenset[int] | None = None) -> None:
    """Change what is given. Raises: InvalidInput, ChannelKeyTaken, ChannelInUse, ChannelNotFound, WorkflowNotFound."""
    channel = _get_locked(channel_id)
    before = read_responses(channel.responses)
    _set(channel, values, units)
    after = read_responses(channel.responses)
    gone = [key for key, one in before.items() if key not in after or after[key].custom != one.custom]
    if gone and (problems := find_usage("channel", channel_id)):
        message = f"A live journey uses this channel, so these responses have to stay as they are: {', '.join(gone)}."
        raise ChannelInUse(message, problems=problems)
    _save(channel)


def delete_channel(channel_id: int) -> None:
    """Remove a channel that no live journey uses. What it did stays in the log. Raises: ChannelInUse."""
    channel = _get_locked(channel_id)
    if problems := find_usage("channel", channel_id):
        raise ChannelInUse("A live journey uses this channel. Stop the journey first.", problems=problems)
    activities = ChannelActivity.objects.filter(channel_id=channel_id)
    if WorkflowCall.objects.filter(state__in=OPEN_STATES, activity_id__in=activities.values("id")).exists():
        message = "Calls that tell of its activities still wait or have failed. Let them end, or delete them, first."
        raise ChannelInUse(message)
    channel.delete()


def _get_locked(channel_id: int) -> Channel:
    channel = Channel.objects.select_for_update(of=("self",)).filter(pk=channel_id).first()
    if channel is None:
        raise ChannelNotFound
    return channel


def _save(channel: Channel) -> None:
    try:
        with transaction.atomic():
            channel.save()
    except IntegrityError as error:
        raise ChannelKeyTaken(f"There is a channel by the key “{channel.key}” already.") from error


def _set(channel: Channel, values: Mapping[str, Any], units: frozenset[int] | None) -> None:
    for name in ("description", "key"):
        if name in values:
            setattr(channel, name, values[name])
    if "name" in values:
        channel.name = values["name"].strip()
    if "compliance_column" in values:
        channel.compliance_column = values["compliance_column"]
    if "workflow_id" in values:
        channel.workflow_id = values["workflow_id"]
        _check_workflow(channel.workflow_id, units)
    if "responses" in values:
        channel.responses = [{"key": one.key, "label": one.label, "custom": one.custom} for one in values["responses"]]
    problems = Problems()
    _check(channel, problems)
    if problems.found:
        raise InvalidInput("The channel cannot be declared like this.", problems=problems.found)


def _check_workflow(workflow_id: int | None, units: frozenset[int] | None) -> None:
    if workflow_id is None:
        return
    unit_id = Workflow.objects.filter(pk=workflow_id).values_list("business_unit_id", flat=True).first()
    if unit_id is None or (units is not None and unit_id not in units):
        raise WorkflowNotFound


def _check(channel: Channel, problems: Problems) -> None:
    if not channel.name:
        problems.add("name_missing", "Give the channel a name.", where="name")
    if not _KEY.fullmatch(channel.key):
        message = "A key has small letters, digits, hyphens and underscores, and begins with a letter."
        problems.add("key_wrong", message, where="key")
    if not is_compliance_column(channel.compliance_column):
        message = "Choose do_not_email, do_not_bulk_email, or custom.<key> of a boolean custom column of contacts."
        problems.add("compliance_column_wrong", message, where="compliance_column")
    _check_responses(list(channel.responses), problems)


def _check_responses(responses: Sequence[Mapping[str, Any]], problems: Problems) -> None:
    seen: set[str] = set()
    for number, one in enumerate(responses):
        where = f"responses.{number}"
        if not _KEY.fullmatch(one["key"]):
            message = "A key has small letters, digits, hyphens and underscores, and begins with a letter."
            problems.add("key_wrong", message, where=where)
        if one["key"] in seen:
            problems.add("key_twice", f"Two responses have the key “{one['key']}”.", where=where)
        if not one["label"].strip():
            problems.add("label_missing", "Say what the response is called.", where=where)
        seen.add(one["key"])
    if sum(bool(one["custom"]) for one in responses) > 1:
        problems.add("custom_twice", "At most one response can be custom, and take a keyword.", where="responses")


def enqueue_activities(rules: ChannelRules, *, journey_id: int, iteration: int, tile: int, now: datetime) -> int:
    """Ask a channel to act for each contact of the temporary table `cohort` that it may reach; return for how many.

    Runs in the caller's transaction; one statement. Running it again changes nothing.
    """
    parameters = {
        "channel_id": rules.channel_id,
        "workflow_id": rules.workflow_id,
        "compliance_column": rules.compliance_column,
        "custom_key": rules.compliance_column.removeprefix("custom."),
        "journey_id": journey_id,
        "iteration": iteration,
        "tile": tile,
        "now": now,
    }
    return execute(senet.integrations, "enqueue_activities", parameters)
