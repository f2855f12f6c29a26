"""Calls a workflow once for somebody who wants to see that it works. Nothing is kept of it."""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping
from datetime import datetime

from senet.content.sample import SAMPLE_CONTACT
from senet.integrations.errors import WorkflowNotFound
from senet.integrations.http import HttpClient
from senet.integrations.models import Workflow
from senet.integrations.performing import perform
from senet.integrations.queries import read_policy
from senet.integrations.signing import list_secrets
from senet.integrations.values import Call, CallTest, WorkflowKind
from senet.people.queries import find_contacts_for_render
from senet.shared.errors import NotFound


def try_workflow(workflow_id: int, *, contact_id: int | None, now: datetime) -> CallTest:
    """Call a workflow for a contact, or for a made-up person, and return what it answered.

    Raises: WorkflowNotFound, NotFound.
    """
    workflow = Workflow.objects.filter(pk=workflow_id).first()
    if workflow is None:
        raise WorkflowNotFound
    card = _find_card(contact_id)
    call = _make_call(workflow, int(contact_id or 0), now)
    started = time.perf_counter()
    client = HttpClient(read_policy(), connections=1)
    try:
        outcome = perform(call, card, client, now, test=True)
    finally:
        client.close()
    milliseconds = round((time.perf_counter() - started) * 1000)
    return CallTest(outcome.ok, outcome.status, outcome.error, outcome.body, milliseconds)


def _find_card(contact_id: int | None) -> Mapping[str, object]:
    if contact_id is None:
        return SAMPLE_CONTACT
    card = find_contacts_for_render([contact_id]).get(contact_id)
    if card is None:
        raise NotFound("There is no contact by that number.")
    return card


def _make_call(workflow: Workflow, contact_id: int, now: datetime) -> Call:
    previous = bytes(workflow.previous_salt) if workflow.previous_salt else None
    return Call(
        id=0,
        key=str(uuid.uuid4()),
        workflow_id=workflow.pk,
        workflow_name=workflow.name,
        kind=WorkflowKind(workflow.kind),
        url=workflow.url,
        action=workflow.action,
        secrets=list_secrets(bytes(workflow.salt), previous, workflow.rotated_at, now),
        journey_id=0,
        iteration=0,
        tile=0,
        contact_id=contact_id,
        company_id=None,
        created_at=now,
        attempt=1,
        first_tried_at=now,
    )
