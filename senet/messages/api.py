"""GET /messages: the messages of a person or of a journey's tile, with where each stands and why."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from senet.accounts.access import SEES_EVERYTHING, list_unit_ids
from senet.accounts.http import principal
from senet.messages.limits_api import router as limits_router
from senet.messages.queries import ListedMessage, MessageFilter, count_messages, list_messages
from senet.messages.states import State
from senet.messages.suppression_api import router as suppression_router
from senet.shared.errors import InvalidInput

router = Router(tags=["messages"])
router.add_router("", suppression_router)
router.add_router("", limits_router)


class MessageQuery(Schema):
    """Whose messages: a contact's or a journey's; a journey's can be narrowed to a tile."""

    contact_id: int | None = None
    journey_id: int | None = None
    tile: int | None = Field(None, ge=0, le=2**31 - 1)
    state: State | None = None
    cursor: str = Field("", max_length=20, pattern=r"^\d*$", description="next_cursor of the page before.")
    limit: int = Field(50, ge=1, le=200)


class MessageOut(Schema):
    """A message, where it stands and why."""

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


class MessagesOut(Schema):
    """One page of messages; `states` counts all that were asked for, by where they stand."""

    items: list[MessageOut]
    next_cursor: str | None
    total: int
    states: dict[str, int]


@router.get("/messages", response=MessagesOut)
def messages_list(request: HttpRequest, query: Query[MessageQuery]) -> dict[str, object]:
    """List messages, the newest first."""
    who = principal(request)
    if query.contact_id is None and query.journey_id is None:
        raise InvalidInput("Say whose messages you want: contact_id or journey_id.")
    units = None if who.role in SEES_EVERYTHING else list_unit_ids(who)
    wanted = MessageFilter(query.contact_id, query.journey_id, query.tile, units)
    below = int(query.cursor) if query.cursor else None
    found: list[ListedMessage] = list(list_messages(wanted, state=query.state, below=below, limit=query.limit))
    states = {state.value: count for state, count in count_messages(wanted).items()}
    total = states.get(query.state.value, 0) if query.state else sum(states.values())
    cursor = str(found[-1].id) if len(found) == query.limit else None
    return {"items": found, "next_cursor": cursor, "total": total, "states": states}
