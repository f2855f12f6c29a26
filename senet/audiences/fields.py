"""The columns that segments may ask about: an allow-list of identifiers, and the organisation's custom columns.

Input: `custom_column` rows. Output: a catalogue by key. Nothing that a person typed becomes an identifier: a custom
column's key is a bound value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from senet.audiences.operators import Kind
from senet.people.models import CustomColumn

Entity = Literal["contact", "company"]


@dataclass(frozen=True, slots=True)
class Field:
    """One column. `column` is a real one's identifier; `custom_key` names a custom one in the record's `custom`."""

    key: str
    label: str
    kind: Kind
    entity: Entity
    column: str = ""
    nullable: bool = False
    custom_key: str = ""
    options: Sequence[str] = ()


Catalogue = Mapping[str, Field]


def _columns(entity: Entity, rows: Sequence[tuple[str, str, Kind, bool]]) -> Iterator[Field]:
    for column, label, kind, nullable in rows:
        # Nobody has to have a company: without one, all its columns are empty.
        yield Field(f"{entity}.{column}", label, kind, entity, column, nullable or entity == "company")


_CONTACT = (
    ("first_name", "First name", Kind.TEXT, False),
    ("last_name", "Last name", Kind.TEXT, False),
    ("email", "Email", Kind.TEXT, False),
    ("mobile_phone", "Mobile phone", Kind.TEXT, False),
    ("street", "Street", Kind.TEXT, False),
    ("city", "City", Kind.TEXT, False),
    ("region", "Region", Kind.TEXT, False),
    ("postal_code", "Postal code", Kind.TEXT, False),
    ("country", "Country", Kind.TEXT, False),
    ("language", "Language", Kind.TEXT, False),
    ("time_zone", "Time zone", Kind.TEXT, False),
    ("external_id", "External id", Kind.TEXT, True),
    ("consent_level", "Consent level", Kind.NUMBER, False),
    ("do_not_email", "Do not email", Kind.BOOLEAN, False),
    ("do_not_bulk_email", "Do not bulk email", Kind.BOOLEAN, False),
    ("tracking_allowed", "Tracking allowed", Kind.BOOLEAN, False),
    ("active", "Active", Kind.BOOLEAN, False),
    ("created_at", "Created", Kind.DATETIME, False),
    ("updated_at", "Changed", Kind.DATETIME, False),
    ("company_id", "Company", Kind.RECORD, True),
    ("owner_id", "Owner", Kind.RECORD, True),
    ("business_unit_id", "Business unit", Kind.RECORD, False),
)
_COMPANY = (
    ("name", "Company name", Kind.TEXT, False),
    ("website", "Company website", Kind.TEXT, False),
    ("industry", "Company industry", Kind.TEXT, False),
    ("employees", "Company employees", Kind.NUMBER, True),
    ("country", "Company country", Kind.TEXT, False),
    ("city", "Company city", Kind.TEXT, False),
    ("external_id", "Company external id", Kind.TEXT, True),
    ("created_at", "Company created", Kind.DATETIME, False),
)
BUILT_IN: Sequence[Field] = (*_columns("contact", _CONTACT), *_columns("company", _COMPANY))


def load_catalogue() -> Catalogue:
    """Return every column that a segment may ask about today."""
    fields = {field.key: field for field in BUILT_IN}
    for column in CustomColumn.objects.exclude(entity="lead").order_by("entity", "label"):
        field = custom_field(column.entity, column.key, column.label, Kind(column.kind), _options(column.options))
        fields[field.key] = field
    return fields


def custom_field(entity: str, key: str, label: str, kind: Kind, options: Sequence[str] = ()) -> Field:
    """Return the field of one custom column."""
    owner: Entity = "company" if entity == "company" else "contact"
    shown = label or key
    return Field(f"{owner}.custom.{key}", shown, kind, owner, custom_key=key, nullable=True, options=tuple(options))


def _options(stored: object) -> list[str]:
    """Options are kept as texts or as objects with a value."""
    if not isinstance(stored, list):
        return []
    return [str(option.get("value", "")) if isinstance(option, dict) else str(option) for option in stored]
