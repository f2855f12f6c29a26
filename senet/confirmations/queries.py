"""Reads: how double opt-in is set up, what mails ask, what waits for a contact's answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import senet.confirmations
from senet.confirmations.models import ConfirmationRequest, ConfirmationSettings
from senet.confirmations.values import REQUEST_TYPES, Kind, RequestState, Setup, Waiting
from senet.content.values import Confirmation
from senet.shared.sql import fetch_all

_OFF = Setup(enabled=False, centre_shows_consent=False, thanks_urls={})


def load_setup() -> Setup:
    """Return how double opt-in works just now; it is off until somebody sets it up."""
    row = ConfirmationSettings.objects.order_by("id").first()
    if row is None:
        return _OFF
    thanks = {Kind.LIST.value: row.subscription_thanks_url, Kind.CONSENT.value: row.consent_thanks_url}
    return Setup(row.enabled, row.centre_shows_consent, thanks)


def find_confirmations(message_ids: Sequence[int]) -> dict[int, Confirmation]:
    """Return what some confirmation mails ask, as templates see it; those whose question is settled are left out."""
    rows = fetch_all(senet.confirmations, "find_confirmations", {"ids": list(message_ids)})
    return {
        message_id: Confirmation(REQUEST_TYPES[kind], name, value, description)
        for message_id, kind, name, value, description in rows
    }


def find_waiting(contact_id: int, now: datetime) -> Waiting:
    """Return what waits for a contact's answer."""
    rows = ConfirmationRequest.objects.filter(contact_id=contact_id, state=RequestState.WAITING, expires_at__gt=now)
    found = list(rows)
    levels = [row.consent_level for row in found if row.kind == Kind.CONSENT]
    lists = frozenset(row.list_id for row in found if row.list_id is not None)
    return Waiting(lists, levels[0] if levels else None)
