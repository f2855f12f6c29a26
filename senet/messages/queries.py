"""Reads: one message, the messages of a person or a tile, the target of a link that only one message has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

import senet.messages
from senet.messages.states import State
from senet.messages.values import MessageSummary
from senet.shared.sql import fetch_all

_HIGHEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class ListedMessage:
    """One message as lists show it: where it stands, and why."""

    id: int
    journey_id: int
    iteration: int
    tile: int
    contact_id: int
    email_id: int
    email_version_id: int
    address: str
    state: State
    reason: str | None
    attempt: int
    queued_at: datetime
    due_at: datetime | None
    sent_at: datetime | None
    delivered_at: datetime | None
    bounced_at: datetime | None
    bounce_category: str | None
    smtp_code: int | None
    smtp_enhanced: str | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a message went, and for what."""

    message_id: int
    contact_id: int
    email_id: int
    journey_id: int
    address: str


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Whose messages: a contact's, a journey's, or one tile's of a journey."""

    contact_id: int | None = None
    journey_id: int | None = None
    tile: int | None = None
    unit_ids: Collection[int] | None = None  # only people of these business units

    def as_parameters(self) -> dict[str, object]:
        """Return the statements' parameters."""
        units = None if self.unit_ids is None else sorted(self.unit_ids)
        return {"contact_id": self.contact_id, "journey_id": self.journey_id, "tile": self.tile, "units": units}


def find_message(message_id: int) -> MessageSummary | None:
    """Return a message, or None when there is none by that number."""
    rows = fetch_all(senet.messages, "find_message", {"message_id": message_id})
    return MessageSummary(*(*rows[0][:-1], State(rows[0][-1]))) if rows else None


def find_recipients(message_ids: Collection[int]) -> dict[int, Recipient]:
    """Return to whom messages went, by the message's number; those that are gone are left out."""
    rows = fetch_all(senet.messages, "find_recipients", {"ids": list(message_ids)}) if message_ids else []
    return {row[0]: Recipient(*row) for row in rows}


def find_message_link(message_id: int, number: int) -> str | None:
    """Return the target of a link that only this message has, or None."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT url FROM message_link WHERE message_id = %s AND number = %s", [message_id, number])
        row = cursor.fetchone()
    return None if row is None else str(row[0])


def list_messages(
    wanted: MessageFilter, *, state: State | None = None, below: int | None = None, limit: int = 50
) -> Sequence[ListedMessage]:
    """Return one page of messages, the newest first; `below` is the last id of the page before."""
    parameters = {
        **wanted.as_parameters(),
        "state": state.value if state else None,
        "below": _HIGHEST if below is None else below,
        "limit": limit,
    }
    rows = fetch_all(senet.messages, "list_messages", parameters)
    return [ListedMessage(*(*row[:8], State(row[8]), *row[9:])) for row in rows]


def count_messages(wanted: MessageFilter) -> dict[State, int]:
    """Return how many messages stand in each state."""
    rows = fetch_all(senet.messages, "count_messages", wanted.as_parameters())
    return {State(state): count for state, count in rows}
