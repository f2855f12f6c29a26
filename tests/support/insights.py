"""Builders: a journey with its ledger and mails with their outcomes, as the rooms below write them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from senet.content.models import EmailVersion
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.journeys.models import Journey, JourneyVersion
from tests.support.accounts import main_unit
from tests.support.door import SentMessage, make_email_version, make_message
from tests.support.interactions import NOON

TILES: list[dict[str, Any]] = [
    {"id": 1, "kind": "audience", "name": "Everybody", "sources": [], "merge": "union", "next": 2},
    {"id": 2, "kind": "email", "name": "Hello", "email_id": 1, "next": 3},
    {
        "id": 3, "kind": "if_then", "name": "Opened?", "rules": [{"source": 2, "condition": "opened", "link": None}],
        "logic": "or", "timeout": {"amount": 3, "unit": "days"}, "yes": 4, "no": 5,
    },
    {"id": 4, "kind": "task", "name": "Call", "subject": "Call", "description": "", "assign_to": "journey_owner",
     "due_in": None, "next": None},
    {"id": 5, "kind": "wait_for", "name": "Wait", "duration": {"amount": 1, "unit": "days"}, "next": None},
]  # fmt: skip


def make_drawn_journey(tiles: list[dict[str, Any]] | None = None) -> Journey:
    """A journey that went live with five tiles: audience, email, if/then, task, wait for."""
    journey = Journey.objects.create(name="Welcome", business_unit=main_unit(), status="live")
    version = JourneyVersion.objects.create(
        journey=journey, number=1, definition={"tiles": tiles or TILES}, published_at=NOON
    )
    journey.live_version = version
    journey.save()
    return journey


def visit(
    journey: Journey, tile: int, contact_id: int, *, at: datetime = NOON, outcome: str | None = None,
    reason: str | None = None, branch: int | None = None,
) -> None:  # fmt: skip
    """Write a visit to the ledger: somebody stands at a tile, or has left it an hour later."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, left_at, outcome, reason, branch,"
            " arrived_xid, left_xid) VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s, senet_xid(),"
            " CASE WHEN %s::text IS NOT NULL THEN senet_xid() END)",
            [
                *(journey.pk, tile, contact_id, at, at + timedelta(hours=1) if outcome else None),
                *(outcome, reason, branch, outcome),
            ],
        )


def leave(journey: Journey, tile: int, contact_id: int, *, outcome: str = "processed", branch: int = 0) -> None:
    """End a visit."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE visit SET left_at = arrived_at + interval '1 hour', outcome = %s, branch = %s,"
            " left_xid = senet_xid() WHERE journey_id = %s AND tile = %s AND contact_id = %s",
            [outcome, branch, journey.pk, tile, contact_id],
        )


def happen(message: SentMessage, *types: str, at: datetime = NOON, **columns: Any) -> None:
    """Record interactions of a message, as delivery and the door do."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journey_id, iteration, tile, contact_id, email_id, domain, address, contact.country"
            " FROM message JOIN contact ON contact.id = contact_id WHERE message.id = %s",
            [message.id],
        )
        journey_id, iteration, tile, contact_id, email_id, domain, address, country = cursor.fetchone()
    record(
        [
            Interaction(
                name, at, journey_id=journey_id, iteration=iteration, tile=tile, contact_id=contact_id,
                message_id=message.id, email_id=email_id, domain=domain, address=address, country=country, **columns,
            )
            for name in types
        ]
    )  # fmt: skip


def deliver(version: EmailVersion, journey: Journey, *, at: datetime = NOON, **contact: Any) -> SentMessage:
    """A message that was sent and delivered, with its interactions."""
    message = make_message(version, journey, **contact)
    happen(message, "EmailSent", "EmailDelivered", at=at)
    return message


def click(message: SentMessage, link: int = 1, *, at: datetime = NOON, verdict: str = "human") -> None:
    """A click on a link of a message."""
    happen(message, "EmailClicked", at=at, link=link, verdict=verdict, detail={"version": message.version_id})


__all__ = ["click", "deliver", "happen", "leave", "make_drawn_journey", "make_email_version", "visit"]
