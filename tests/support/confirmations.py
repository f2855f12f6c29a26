"""Builders for double opt-in: set up and on, what people ask for, and the mails that ask them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from senet.audiences.actions import create_list
from senet.confirmations.asking import ask_for_consent, ask_for_list
from senet.confirmations.mailing import queue_mails
from senet.confirmations.models import ConfirmationSettings
from senet.confirmations.values import Asked
from senet.content.models import Email
from senet.interactions.values import Interaction
from senet.shared.clock import utc_now
from tests.support.accounts import main_unit
from tests.support.content import make_confirmation_email, make_default_content_settings
from tests.support.door import SentMessage


def turn_on(**columns: Any) -> ConfirmationSettings:
    """Double opt-in as it works out of hand: two emails that are live, the default content settings."""
    make_default_content_settings()
    columns = {
        "enabled": True,
        "subscription_email_id": make_confirmation_email(name="Join?").pk,
        "consent_email_id": make_confirmation_email(name="Agree?").pk,
        **columns,
    }
    return ConfirmationSettings.objects.update_or_create(pk=1, defaults=columns)[0]


def make_list(name: str, *, description: str = "") -> int:
    """A subscription list that nobody is on."""
    return create_list(name=name, description=description, business_unit_id=main_unit().pk)


def ask(contact_id: int, *, list_id: int | None = None, level: int = 5, now: datetime | None = None) -> Asked:
    """Ask a contact to confirm a list, or a consent level."""
    now = now or utc_now()
    fact = Interaction("ConfirmationRequest", now, contact_id=contact_id)
    if list_id is not None:
        return ask_for_list(list_id, by="api", fact=fact, now=now)
    return ask_for_consent(level, by="api", fact=fact, now=now)


def find_mails(contact_id: int) -> list[SentMessage]:
    """The confirmation mails of a contact, in the order in which they were queued."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, contact_id, email_id, email_version_id, journey_id FROM message"
            " WHERE contact_id = %s AND journey_id = 0 ORDER BY id",
            [contact_id],
        )
        return [SentMessage(*row) for row in cursor.fetchall()]


def mail(contact_id: int, *, list_id: int | None = None, level: int = 5, now: datetime | None = None) -> SentMessage:
    """Ask a contact, and return the mail that asks them."""
    assert ask(contact_id, list_id=list_id, level=level, now=now) is Asked.MAILED
    queue_mails(now or utc_now())
    return find_mails(contact_id)[-1]


def stop_content_settings() -> None:
    """Stop the content settings that confirmation mails carry."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE content_settings SET status = 'stopped' WHERE is_default")


def email_of(message: SentMessage) -> str:
    """The name of the email that a message is of."""
    return Email.objects.get(pk=message.email_id).name
