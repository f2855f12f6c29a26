"""Builders: contacts and companies."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from django.db import connection

from senet.people.models import Company, Contact
from tests.support.accounts import main_unit

_numbers = itertools.count(1)


def make_company(name: str = "", **columns: Any) -> Company:
    """A company."""
    columns.setdefault("business_unit", main_unit())
    return Company.objects.create(name=name or f"Company {next(_numbers)}", **columns)


def make_contact(email: str | None = None, **columns: Any) -> Contact:
    """A contact with an address of its own, unless one is given."""
    number = next(_numbers)
    columns.setdefault("business_unit", main_unit())
    return Contact.objects.create(email=f"person{number}@example.com" if email is None else email, **columns)


def make_contacts(count: int, *, domain: str = "example.com") -> list[int]:
    """Many contacts in one statement; returns their ids."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contact (first_name, last_name, email, country, custom, business_unit_id)"
            " SELECT 'First' || n, 'Last' || n, 'p' || n || '@' || %s,"
            " (ARRAY['DE','US','FR','JP'])[1 + n %% 4], '{}', %s"
            " FROM generate_series(1, %s) AS n RETURNING id",
            [domain, main_unit().pk, count],
        )
        return [row[0] for row in cursor.fetchall()]


def make_contacts_at(ids: Sequence[int]) -> list[int]:
    """Contacts with these ids; returns them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO contact (id, first_name, last_name, email, country, custom, business_unit_id)"
            " SELECT id, 'First' || id, 'Last' || id, 'at' || id || '@example.com', 'DE', '{}', %s"
            " FROM unnest(%s::bigint[]) AS id",
            [main_unit().pk, list(ids)],
        )
    return list(ids)
