"""Builders: channels, their activities, and responses."""

from __future__ import annotations

import itertools
from datetime import datetime
from typing import Any

from senet.integrations import channels
from senet.integrations.models import ChannelActivity
from senet.integrations.responses import record_responses
from senet.integrations.values import Response, ResponseType, ResponseVerdict
from tests.support.accounts import main_unit

_numbers = itertools.count(1)
RESPONSES = (
    ResponseType("delivered", "Letter delivered"),
    ResponseType("refused", "Refused"),
    ResponseType("answer", "Answered with", custom=True),
)


def make_channel(**more: Any) -> int:
    """A channel with three responses, the last of them custom."""
    number = next(_numbers)
    values = {"name": f"Letters {number}", "key": f"letters-{number}", "responses": RESPONSES, **more}
    values.setdefault("business_unit_id", main_unit().pk)
    return channels.create_channel(**values)


def activities(**which: Any) -> dict[int, int]:
    """Contact → the activity that a channel has for them."""
    return {one.contact_id: one.pk for one in ChannelActivity.objects.filter(**which).order_by("id")}


def respond(
    activity_id: int, response: str, keyword: str = "", *, now: datetime, key: str | None = None, **more: Any
) -> ResponseVerdict:
    """Send one response, by a key of its own unless one is given."""
    sent = Response(activity_id, response, key or f"key-{next(_numbers)}", keyword, **more)
    return record_responses([sent], now=now)[0]
