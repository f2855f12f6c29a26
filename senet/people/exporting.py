"""Contacts, companies and leads as rows of a file: built-in columns, then the custom ones.

A contact's are those that an import understands.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from senet.people.columns import CONTACT_COLUMNS
from senet.people.custom import load_definitions
from senet.people.models import Company, Contact, Lead

_PATHS = {"company": "company__name", "company_external_id": "company__external_id"}
_COMPANY = (
    "id",
    "external_id",
    "name",
    "website",
    "industry",
    "employees",
    "country",
    "city",
    "created_at",
    "updated_at",
)
_LEAD = (
    "id",
    "topic",
    "first_name",
    "last_name",
    "email",
    "phone",
    "company_name",
    "status",
    "contact_id",
    "company_id",
    "for_company",
    "journey_id",
    "iteration",
    "tile",
    "email_id",
    "owner_id",
    "created_at",
    "updated_at",
)
_ROWS_AT_ONCE = 2_000

Export = tuple[list[str], Iterator[list[Any]]]  # headings, rows


def export_contacts(rows: QuerySet[Contact]) -> Export:
    """Return headings and rows; the rows come from a cursor on the server, so memory stays flat."""
    names = ["id", *(column.name for column in CONTACT_COLUMNS), "created_at", "updated_at"]
    return _export(rows, "contact", names, [_PATHS.get(name, name) for name in names])


def export_companies(rows: QuerySet[Company]) -> Export:
    """Return headings and rows of companies, as `export_contacts` does."""
    return _export(rows, "company", list(_COMPANY), list(_COMPANY))


def export_leads(rows: QuerySet[Lead]) -> Export:
    """Return headings and rows of leads, as `export_contacts` does."""
    return _export(rows, "lead", list(_LEAD), list(_LEAD))


def _export(rows: QuerySet[Any], entity: str, headings: list[str], paths: list[str]) -> Export:
    keys = list(load_definitions(entity))
    found = rows.values_list(*paths, "custom").iterator(chunk_size=_ROWS_AT_ONCE)

    def walk() -> Iterator[list[Any]]:
        for *cells, custom in found:
            yield [*cells, *(_show(custom.get(key)) for key in keys)]

    return [*headings, *(f"custom.{key}" for key in keys)], walk()


def _show(value: object) -> object:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    return value
