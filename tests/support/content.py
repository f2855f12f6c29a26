"""Builders: sources, emails that are live, content settings."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from senet.content.actions import create_email, go_live_email
from senet.content.models import ContentSettings, Email
from tests.support.accounts import main_unit

_numbers = itertools.count(1)
NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)

BODY = """<!doctype html>
<html><body>
<p>Dear {{ contact.first_name | default: "friend" }},</p>
<p><a href="https://shop.example.com/spring?a=1&amp;b=2">See the spring collection</a>
<a href="https://shop.example.com/sale">The sale</a></p>
<p>{{ content_settings.address_main }}<br>
<a href="{{ content_settings.subscription_center }}">Change what you receive</a></p>
</body></html>
"""

CONFIRMATION_BODY = """<!doctype html>
<html><body>
<p>Dear {{ contact.first_name | default: "friend" }},</p>
<p>{{ message.confirmation_request_type }}: {{ message.confirmation_object_name }}
{{ message.confirmation_object_value }} {{ message.confirmation_object_description }}</p>
<p><a href="{{ message.confirmation_url }}">Yes, I confirm</a></p>
<p>{{ content_settings.address_main }}</p>
</body></html>
"""


def email_columns(**columns: Any) -> dict[str, Any]:
    """The columns of an email that can go live, with some of them replaced."""
    return {
        "name": f"Email {next(_numbers)}",
        "subject": "Hello {{ contact.first_name }}",
        "from_name": "The Shop",
        "from_address": "news@shop.example.com",
        "source": BODY,
        **columns,
    }


def make_content_settings(**columns: Any) -> ContentSettings:
    """Content settings that are live."""
    columns.setdefault("business_unit", main_unit())
    columns.setdefault("name", f"Settings {next(_numbers)}")
    columns.setdefault("address_main", "1 Main Street, Springfield")
    columns.setdefault("status", "live")
    return ContentSettings.objects.create(**columns)


def make_default_content_settings() -> ContentSettings:
    """The default content settings, made once."""
    found = ContentSettings.objects.filter(is_default=True).first()
    return found or make_content_settings(is_default=True)


def make_email(**columns: Any) -> Email:
    """A draft that can go live. Links 1 and 2 are tracked, link 3 is the subscription centre."""
    unit = columns.pop("business_unit_id", None) or main_unit().pk
    owner = columns.pop("owner_id", None)
    return Email.objects.get(pk=create_email(business_unit_id=unit, owner_id=owner, **email_columns(**columns)))


def make_confirmation_email(**columns: Any) -> Email:
    """A confirmation request that is live."""
    return make_live_email(
        content_type="confirmation_request",
        legal_designation="transactional",
        **{"source": CONFIRMATION_BODY, "subject": "Please confirm", **columns},
    )


def make_live_email(*, now: datetime = NOW, **columns: Any) -> Email:
    """An email that is live; its version is `email.live_version_id`."""
    email = make_email(**columns)
    with transaction.atomic():
        go_live_email(email.pk, now=now)
    email.refresh_from_db()
    return email
