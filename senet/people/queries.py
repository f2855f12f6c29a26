"""Reads: the person behind an id."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import senet.people
from senet.people.models import Contact
from senet.people.values import ContactSummary
from senet.shared.errors import NotFound
from senet.shared.sql import fetch_all

# A card's values go into templates: text, numbers, booleans, dates, lists and objects of them.
ContactCard = Mapping[str, Any]

_COLUMNS = (  # as find_contacts_for_render.sql selects them
    "id", "external_id", "first_name", "last_name", "name", "email", "mobile_phone", "street", "city", "region",
    "postal_code", "country", "language", "time_zone", "consent_level",
)  # fmt: skip


def get_contact(contact_id: int) -> ContactSummary:
    """Return who a contact is. Raises: NotFound."""
    row = (
        Contact.objects.filter(pk=contact_id)
        .values_list("id", "first_name", "last_name", "email", "active", "business_unit_id")
        .first()
    )
    if row is None:
        raise NotFound("There is no contact by that number.")
    return ContactSummary(*row)


def find_contacts_for_render(ids: Sequence[int], *, unit_ids: frozenset[int] | None = None) -> dict[int, ContactCard]:
    """Return what a template may say about contacts, in one statement; ids that are gone are left out.

    `unit_ids` leaves out those of other business units (None: of none).

    Shape: the contact's own columns and its custom columns side by side (a built-in name wins), the custom ones again
    under `custom`, and the objects `company` and `owner`, which are empty when there is none.
    """
    rows = fetch_all(
        senet.people,
        "find_contacts_for_render",
        {"ids": list(ids), "units": None if unit_ids is None else sorted(unit_ids)},
    )
    return {row[0]: _lay_out(row) for row in rows}


def find_first_contacts(company_ids: Sequence[int]) -> dict[int, int]:
    """Return the contact of each company that was there first; companies without contacts are left out."""
    rows = fetch_all(senet.people, "find_first_contacts", {"ids": list(company_ids)})
    return {company: contact for company, contact in rows if contact is not None}


def _lay_out(row: Sequence[Any]) -> ContactCard:  # a column each, then three texts of JSON
    custom, company, owner = row[-3:]
    own = json.loads(custom)
    card: dict[str, Any] = {**own, **dict(zip(_COLUMNS, row, strict=False)), "custom": own}
    card["company"] = json.loads(company) if company else {}
    card["owner"] = json.loads(owner) if owner else {}
    return card
