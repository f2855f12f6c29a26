"""A made-up contact: whom a preview shows when nobody is chosen, and whom the check tries an email on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from senet.content.values import Confirmation

_LEAD = {
    "id": 0,
    "topic": "Sample lead",
    "first_name": "Sam",
    "last_name": "Sample",
    "email": "sam@example.com",
    "phone": "",
    "company_name": "Sample Company",
    "status": "open",
    "created_at": "2026-01-01T00:00:00Z",
}
SAMPLE_CONTACT: Mapping[str, object] = {
    "id": 0,
    "external_id": "",
    "first_name": "Sam",
    "last_name": "Sample",
    "name": "Sam Sample",
    "email": "sam@example.com",
    "mobile_phone": "",
    "street": "1 Sample Street",
    "city": "Springfield",
    "region": "",
    "postal_code": "12345",
    "country": "US",
    "language": "en",
    "time_zone": "UTC",
    "consent_level": 4,
    "custom": {},
    "labels": {},
    "leads": [_LEAD],
    "lists": [{"id": 0, "name": "Sample list", "description": "", "joined_at": "2026-01-01T00:00:00Z"}],
    "company": {
        "name": "Sample Company",
        "custom": {},
        "labels": {},
        "leads": [_LEAD],
        "contacts": [{"id": 0, "first_name": "Sam", "last_name": "Sample", "name": "Sam Sample"}],
    },
    "owner": {"name": "Kim Owner", "email": "kim@example.com"},
}

SAMPLE_CONFIRMATION = Confirmation("Subscription", "Sample list", "", "What its mails are about")


def make_sample_event(now: datetime) -> dict[str, object]:
    """Return a made-up event, a month from now."""
    begins = (now + timedelta(days=30)).replace(minute=0, second=0, microsecond=0)
    return {
        "id": 0,
        "name": "Sample event",
        "description": "What it is about",
        "location": "1 Sample Street, Springfield",
        "url": "https://example.com/event",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=2),
        "time_zone": "UTC",
        "calendar_url": "https://example.com/calendar/sample.ics",
    }
