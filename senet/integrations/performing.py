"""Makes one call: posts to a webhook, or calls a registered Python function. Never inside a transaction."""

from __future__ import annotations

from datetime import datetime

from senet.integrations.errors import ActionsBroken, GiveUp, TryLater
from senet.integrations.http import HttpClient, clean
from senet.integrations.payload import Card, make_payload, write_payload
from senet.integrations.registry import ActionCall, find_action
from senet.integrations.signing import sign
from senet.integrations.values import Call, Outcome, WorkflowKind


def perform(call: Call, card: Card, client: HttpClient, now: datetime, *, test: bool = False) -> Outcome:
    """Make a call and return what came of it; never raises for anything that the other side does."""
    if call.kind is WorkflowKind.ACTION:
        return _call_action(call, card, now, test=test)
    body = write_payload(make_payload(call, card, test=test))
    return client.post(call.url, sign(body, secrets=call.secrets, key=call.key, now=now), body, now=now)


def _call_action(call: Call, card: Card, now: datetime, *, test: bool) -> Outcome:
    company = card.get("company") or {}
    value = ActionCall(
        contact_id=call.contact_id,
        company_id=company.get("id") if call.company_id is None else call.company_id,
        journey_id=call.journey_id,
        iteration=call.iteration,
        tile=call.tile,
        now=now,
        idempotency_key=call.key,
        attempt=call.attempt,
        activity_id=call.activity.id if call.activity else None,
        test=test,
    )
    try:
        function = find_action(call.action)
        if function is None:
            return Outcome(f"No action is registered as “{call.action}”. Look at SENET_ACTIONS.", again=True)
        function(value)
    except GiveUp as refusal:
        return Outcome(clean(str(refusal)) or "The action gave up.")
    except TryLater as wish:
        return Outcome(clean(str(wish)) or "The action wants to be tried later.", again=True, after=wish.after)
    except ActionsBroken as broken:
        return Outcome(clean(broken.message), again=True)
    except Exception as failure:  # noqa: BLE001  whatever an action raises is told, and tried again
        return Outcome(clean(f"{type(failure).__name__}: {failure}"), again=True)
    return Outcome()
