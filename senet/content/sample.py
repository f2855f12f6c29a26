"""A made-up contact: whom a preview shows when nobody is chosen, and whom the check tries an email on."""

from __future__ import annotations

from collections.abc import Mapping

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
    "company": {"name": "Sample Company", "custom": {}},
    "owner": {"name": "Kim Owner", "email": "kim@example.com"},
}
