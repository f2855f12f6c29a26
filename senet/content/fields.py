"""Which roots and fields a template may name: the recipient, their company and owner, content settings, the message."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import QuerySet

from senet.content.events import COLUMNS as EVENT
from senet.content.language.shapes import ById, Fields, Rows
from senet.content.models import ContentSettings
from senet.people.custom import Definition, load_definitions
from senet.people.relations import LEAD, PERSON

CONTACT = (
    "id external_id first_name last_name name email mobile_phone street city region postal_code country language"
    " time_zone consent_level"
)
COMPANY = "id external_id name website industry employees country city"
OWNER = "id name email"
SETTINGS = "name address_main address_line_2 subscription_center"
CONFIRMATION = (
    "confirmation_url confirmation_request_type confirmation_object_name confirmation_object_value"
    " confirmation_object_description"
)
MESSAGE = f"unsubscribe_url subscription_center_url web_view_url forward_url {CONFIRMATION}"
LIST = "id name description joined_at"


def load_card_fields() -> Fields:
    """Return the roots that a contact's card has, custom columns included: for text messages and the like."""
    company = _record(COMPANY, load_definitions("company"))
    owner = _values(OWNER.split())
    return {
        "contact": {**_record(CONTACT, load_definitions("contact")), "company": company, "owner": owner},
        "company": company,
        "account": company,
        "owner": owner,
        "now": None,
        "today": None,
    }


def load_fields() -> Fields:
    """Return every root that an email may name, with its fields, related rows and the labels of options."""
    contacts, companies = load_definitions("contact"), load_definitions("company")
    roots = load_card_fields()
    settings = _record(SETTINGS, _settings_columns(ContentSettings.objects.all()))
    contact = {
        **(roots["contact"] or {}),
        "labels": _labels(contacts),
        "leads": Rows(_values(LEAD)),
        "lists": Rows(_values(LIST.split())),
    }
    company = {
        **(roots["company"] or {}),
        "labels": _labels(companies),
        "leads": Rows(_values(LEAD)),
        "contacts": Rows(_values(PERSON)),
    }
    event = {"id": None, **_values(EVENT), "calendar_url": None}
    return {
        **roots,
        "contact": contact,
        "company": company,
        "account": company,
        "content_settings": settings,
        "contentsettings": settings,
        "message": _values(MESSAGE.split()),
        "event": event,
        "records": {"company": ById(roots["company"] or {}), "event": ById(event)},
    }


def _settings_columns(rows: QuerySet[ContentSettings]) -> set[str]:
    return {name for custom in rows.values_list("custom", flat=True) for name in custom}


def _labels(definitions: Mapping[str, Definition]) -> Fields:
    return _values(key for key, each in definitions.items() if each.kind in {"choice", "choices"})


def _record(names: str, custom: Iterable[str]) -> Fields:
    columns = _values(custom)
    return {**columns, **_values(names.split()), "custom": columns}


def _values(names: Iterable[str]) -> dict[str, Fields | None]:
    return dict.fromkeys(names)
