"""Builders for the door: a published email with links, messages that went out, their tokens, and a real door."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from django.db import connection

from senet.content.models import Email, EmailLink, EmailVersion
from senet.journeys.models import Journey, JourneyVersion
from senet.shared.tokens import LinkToken, sign_link
from tests.support.accounts import main_unit
from tests.support.people import make_contact
from tests.support.processes import Installation, wait_for

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message in the outbox and what its mail carries."""

    id: int
    contact_id: int
    email_id: int
    version_id: int
    journey_id: int

    def token(self, purpose: str, link: int = 0) -> str:
        """Return a token of this message."""
        return sign_link(LinkToken(self.id, self.version_id, link), purpose=purpose)


def make_email_version(*links: str, dynamic: tuple[int, ...] = ()) -> EmailVersion:
    """A published email with links, numbered from 1."""
    email = Email.objects.create(name=f"Email {next(_numbers)}", business_unit=main_unit(), status="live")
    version = EmailVersion.objects.create(email=email, number=1, compiled={}, source={}, published_at=NOON)
    for number, url in enumerate(links, start=1):
        EmailLink.objects.create(version=version, number=number, url=url, label=url, dynamic=number in dynamic)
    return version


def make_journey(*, list_ids: tuple[int, ...] = ()) -> Journey:
    """A journey whose audience are lists."""
    journey = Journey.objects.create(name=f"Journey {next(_numbers)}", business_unit=main_unit(), status="live")
    sources = [{"kind": "list", "id": list_id, "containment": "include"} for list_id in list_ids]
    tiles = [
        {"id": 1, "kind": "audience", "name": "Audience", "sources": sources, "merge": "union", "next": 2},
        {"id": 2, "kind": "email", "name": "Hello", "email_id": 1, "next": None},
    ]
    JourneyVersion.objects.create(journey=journey, number=1, definition={"tiles": tiles}, published_at=NOON)
    return journey


def make_message(
    version: EmailVersion | None = None, journey: Journey | None = None, *, state: str = "delivered", **contact: object
) -> SentMessage:
    """A message to a new contact; its links are those of the email's version."""
    version = version or make_email_version("https://example.com/a?x=1&y=2", "https://example.com/b")
    journey = journey or make_journey()
    person = make_contact(**contact)  # type: ignore[arg-type]  # columns of any type
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, address,"
            " address_key, domain, state, queued_at, sent_at, delivered_at)"
            " VALUES (%s, 1, 2, %s, %s, %s, %s, lower(%s), split_part(%s, '@', 2), %s, %s, %s, %s) RETURNING id",
            [
                *(journey.pk, person.pk, version.email_id, version.pk, person.email, person.email, person.email),
                *(state, NOON, NOON, NOON),
            ],
        )
        (message_id,) = cursor.fetchone()
    return SentMessage(message_id, person.pk, version.email_id, version.pk, journey.pk)


@contextmanager
def running_door(installation: Installation) -> Iterator[httpx.Client]:
    """A real door process, and a client of it that follows no redirect."""
    installation.start("door")

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", installation.door_port)) == 0

    try:
        wait_for(listens, seconds=20, what=f"the door listens\n{installation.log_of('door')}")
        with httpx.Client(
            base_url=installation.door_url, headers={"User-Agent": BROWSER}, timeout=20, trust_env=False
        ) as client:
            yield client
    finally:
        installation.stop()
