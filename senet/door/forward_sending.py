"""Sends what recipients forward: for each friend a new message with a beacon and links of its own. Process: the worker.

At most twice, when a worker dies in the middle; the log and the outbox hold each once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog
from django.conf import settings
from django.db import connection, transaction

import senet.door
from senet.content.cards import CardLoader
from senet.content.errors import RenderError
from senet.content.queries import content_settings_for_render, get_published
from senet.content.render import Renderer
from senet.content.values import MessageToRender, RenderedMessage
from senet.delivery.test_send import TestResult, send_test
from senet.door.forwards import FORWARDABLE, KEPT, make_friend_card
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.messages.actions import keep_links
from senet.shared.errors import NotFound
from senet.shared.sql import execute, fetch_all

log = structlog.get_logger(__name__)

_BATCH = 20
Send = Callable[[Sequence[tuple[str, RenderedMessage]]], list[TestResult]]


def send_forwards(now: datetime, *, send: Send = send_test) -> int:
    """Send what waits and forget the addresses whose time is over; return how many were sent."""
    execute(senet.door, "forget_addresses", {"before": now - KEPT})
    claimed = fetch_all(senet.door, "claim_forwards", {"now": now, "limit": _BATCH})
    return sum(_send_one(forward_id, message_id, address, now, send) for forward_id, message_id, address in claimed)


def _send_one(forward_id: int, message_id: int, address: str, now: datetime, send: Send) -> bool:
    rows = fetch_all(senet.door, "find_forwardable", {"message_id": message_id, "since": now - FORWARDABLE})
    if not rows:
        return False
    _, journey_id, iteration, tile, email_id, version_id, settings_id, _ = rows[0]
    new_id = _take_number()
    wanted = MessageToRender(new_id, version_id, 0, address, now, journey_id=journey_id, test=True)
    reason = ""
    try:
        renderer = Renderer(get_published(version_id).compiled, settings.DOOR_URL)
        cards = CardLoader(settings.DOOR_URL)
        cards.load([(version_id, wanted.contact_id)])  # nobody's: learns what the version shares
        rendered = renderer.render(
            wanted,
            make_friend_card(address),
            content_settings_for_render(settings_id),
            cards.find_shared(version_id, now),
        )
        keep_links((new_id, number, url) for number, url in rendered.dynamic_links)
        (result,) = send([(address, rendered)])
        reason = result.reason
    except (RenderError, NotFound) as error:
        reason = error.message or "The email cannot be written for somebody of whom nothing is known."
    fact = Interaction(
        "EmailSent", now, journey_id=journey_id, iteration=iteration, tile=tile, message_id=new_id, email_id=email_id,
        domain=address.rpartition("@")[2],
    )  # fmt: skip
    _keep(forward_id, message_id, fact, address, reason)
    return not reason


@transaction.atomic
def _keep(forward_id: int, message_id: int, fact: Interaction, address: str, reason: str) -> None:
    """Write down what became of it. The log knows the friend's domain, and never the address or what a server said."""
    parameters = {
        "id": forward_id, "message_id": message_id, "new_message_id": fact.message_id, "address": address,
        "domain": fact.domain, "accepted": not reason, "reason": "It was not accepted." if reason else None,
        "now": fact.at,
    }  # fmt: skip
    if not execute(senet.door, "keep_forwarded", parameters):
        transaction.set_rollback(True)  # another worker settled it meanwhile
        return
    if reason:
        log.warning("forward_failed", forward_id=forward_id)
        record([_as(fact, "EmailSendingFailed", {"reason": "It was not accepted."})])
    else:
        record([fact, _as(fact, "EmailDelivered", None)])


def _as(fact: Interaction, type_name: str, detail: Mapping[str, object] | None) -> Interaction:
    return replace(fact, type=type_name, detail=detail)


def _take_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('message', 'id'))")
        return int(cursor.fetchone()[0])
