"""What a webhook is told: the call, the tile that made it, and the person's documented fields as they are now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from senet.integrations.values import Activity, Call, Payload

VERSION = 1
CONTACT_FIELDS = (
    "id", "external_id", "first_name", "last_name", "email", "mobile_phone", "street", "city", "region", "postal_code",
    "country", "language", "time_zone", "consent_level", "custom",
)  # fmt: skip
COMPANY_FIELDS = ("id", "external_id", "name", "website", "industry", "employees", "country", "city", "custom")
Card = Mapping[str, Any]  # a contact's, as people.queries hands it out


def make_payload(call: Call, card: Card, *, test: bool = False) -> Payload:
    """Return what a call says."""
    contact, company = show_people(card)
    return {
        "version": VERSION,
        "type": _name_type(call, test=test),
        "id": call.key,
        "created_at": call.created_at.isoformat(),
        "launched_for": "contact" if call.company_id is None else "company",
        "workflow": {"id": call.workflow_id, "name": call.workflow_name},
        "journey": {"id": call.journey_id, "iteration": call.iteration, "tile": call.tile},
        "contact": contact,
        "company": company,
        "activity": None if call.activity is None else _describe(call.activity),
    }


def _name_type(call: Call, *, test: bool) -> str:
    if test:
        return "workflow.test"
    return "workflow.launched" if call.activity is None else "channel.activity"


def _describe(activity: Activity) -> Payload:
    channel = {"id": activity.channel_id, "key": activity.channel_key, "name": activity.channel_name}
    return {"id": activity.id, "channel": channel}


def show_people(card: Card) -> tuple[Payload, Payload | None]:
    """Return the documented fields of a contact, and of the company if there is one."""
    company = card.get("company") or None
    return _pick(card, CONTACT_FIELDS), None if company is None else _pick(company, COMPANY_FIELDS)


def write_payload(payload: Payload) -> bytes:
    """Return a payload as it is sent and signed."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _pick(record: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: record.get(name) for name in names}
