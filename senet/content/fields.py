"""Which roots and fields a template may name: the recipient, their company and owner, content settings, the message."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from senet.content.language.analysis import Fields
from senet.content.models import ContentSettings
from senet.people.custom import load_definitions

CONTACT = (
    "id external_id first_name last_name name email mobile_phone street city region postal_code country language"
    " time_zone consent_level"
)
COMPANY = "id external_id name website industry employees country city"
OWNER = "id name email"
SETTINGS = "name address_main address_line_2 subscription_center"
MESSAGE = "unsubscribe_url subscription_center_url"


def load_fields() -> Fields:
    """Return every root with its fields, custom columns included."""
    settings = _record(SETTINGS, _settings_columns(ContentSettings.objects.all()))
    company = _record(COMPANY, load_definitions("company"))
    owner = _values(OWNER.split())
    return {
        "contact": {**_record(CONTACT, load_definitions("contact")), "company": company, "owner": owner},
        "company": company,
        "account": company,
        "owner": owner,
        "content_settings": settings,
        "contentsettings": settings,
        "message": _values(MESSAGE.split()),
        "now": None,
        "today": None,
    }


def _settings_columns(rows: QuerySet[ContentSettings]) -> set[str]:
    return {name for custom in rows.values_list("custom", flat=True) for name in custom}


def _record(names: str, custom: Iterable[str]) -> Fields:
    columns = _values(custom)
    return {**columns, **_values(names.split()), "custom": columns}


def _values(names: Iterable[str]) -> dict[str, Fields | None]:
    return dict.fromkeys(names)
