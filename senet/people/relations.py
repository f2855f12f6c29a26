"""What a contact or a company has many of, for templates to loop over: one statement a relation and batch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import senet.people
from senet.people.models import Company
from senet.shared.sql import fetch_all

MOST_ROWS = 1_000  # of one record; the first by id
Row = Mapping[str, Any]  # values go into templates: text, numbers, booleans

LEAD = ("id", "topic", "first_name", "last_name", "email", "phone", "company_name", "status", "created_at")
PERSON = ("id", "first_name", "last_name", "name", "email", "city", "country")
COMPANY = ("id", "external_id", "name", "website", "industry", "employees", "country", "city")
_STATEMENTS = {
    ("contact", "leads"): "list_leads_of_contacts",
    ("company", "leads"): "list_leads_of_companies",
    ("company", "contacts"): "list_contacts_of_companies",
}


def find_related(root: str, relation: str, ids: Sequence[int]) -> dict[int, list[Row]]:
    """Return the related rows of some contacts or companies by their id; those that have none are left out.

    Shape: at most 1,000 rows each. Raises: KeyError for a relation that does not exist.
    """
    rows = fetch_all(senet.people, _STATEMENTS[(root, relation)], {"ids": list(ids), "most": MOST_ROWS})
    return {record_id: json.loads(found) for record_id, found in rows}


def find_companies(keys: Sequence[int | str]) -> dict[int | str, Row]:
    """Return companies as templates see them, by id (a number) or external id (a text); the rest is left out."""
    found: dict[int | str, Row] = {}
    numbers = [key for key in keys if isinstance(key, int)]
    texts = [key for key in keys if isinstance(key, str)]
    rows = Company.objects.filter(pk__in=numbers) | Company.objects.filter(external_id__in=texts)
    for row in rows:
        values = {**row.custom, **{name: getattr(row, name) for name in COMPANY}, "custom": row.custom}
        found |= {key: values for key in (row.pk, row.external_id) if key is not None and key in keys}
    return found


def find_company_units(keys: Sequence[int | str]) -> dict[int | str, int]:
    """Return the business unit of each company that there is, by the key it was asked by."""
    numbers = [key for key in keys if isinstance(key, int)]
    texts = [key for key in keys if isinstance(key, str)]
    rows = Company.objects.filter(pk__in=numbers) | Company.objects.filter(external_id__in=texts)
    return {
        key: unit
        for row_id, external_id, unit in rows.values_list("id", "external_id", "business_unit_id")
        for key in (row_id, external_id)
        if key is not None and key in keys
    }
