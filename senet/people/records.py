"""Reads what the API sends about a contact, a company or a lead into the stored form: one rule a column.

All problems are reported at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from senet.people.columns import COMPANY_TEXTS, CONTACT_COLUMN, LEAD_TEXTS
from senet.people.normalise import (
    BadValue,
    clean_text,
    normalise_country,
    normalise_email,
    normalise_language,
    normalise_phone,
    normalise_time_zone,
)
from senet.shared.errors import InvalidInput, Problem

_READERS: dict[str, Callable[[str], str]] = {
    "email": normalise_email,
    "country": normalise_country,
    "language": normalise_language,
    "time_zone": normalise_time_zone,
}


def read_contact(values: Mapping[str, object], *, country: str = "") -> dict[str, object]:
    """Return a contact's built-in columns as they are kept; the country is that of a national phone number.

    Raises: InvalidInput with every problem at once.
    """
    problems: dict[str, BadValue] = {}
    read: dict[str, object] = {}
    for name, value in sorted(values.items()):  # country comes before mobile_phone
        column = CONTACT_COLUMN.get(name)
        try:
            if column is None or not isinstance(value, str):
                read[name] = value
            elif not value.strip():
                read[name] = ""
            elif column.kind in _READERS:
                read[name] = _READERS[column.kind](value)
            elif column.kind == "phone":
                read[name] = normalise_phone(value, str(read.get("country", country)))
            else:
                read[name] = clean_text(value, limit=column.limit)
        except BadValue as error:
            problems[name] = error
    return _finish(read, problems)


def read_company(values: Mapping[str, object]) -> dict[str, object]:
    """Return a company's built-in columns as they are kept. Raises: InvalidInput with every problem at once."""
    problems: dict[str, BadValue] = {}
    read: dict[str, object] = {}
    for name, value in values.items():
        try:
            if name == "country" and isinstance(value, str):
                read[name] = normalise_country(value) if value.strip() else ""
            elif name in COMPANY_TEXTS and isinstance(value, str):
                read[name] = clean_text(value, limit=COMPANY_TEXTS[name])
            else:
                read[name] = value
        except BadValue as error:
            problems[name] = error
    if "name" in read and not read["name"]:
        problems["name"] = BadValue("name_missing", "A company needs a name.")
    return _finish(read, problems)


def read_lead(values: Mapping[str, object]) -> dict[str, object]:
    """Return a lead's built-in columns as they are kept. Raises: InvalidInput with every problem at once."""
    problems: dict[str, BadValue] = {}
    read: dict[str, object] = {}
    for name, value in values.items():
        try:
            if not isinstance(value, str):
                read[name] = value
            elif name in LEAD_TEXTS:
                read[name] = clean_text(value, limit=LEAD_TEXTS[name])
            elif name in {"email", "phone"} and value.strip():
                read[name] = (normalise_email if name == "email" else normalise_phone)(value)
            else:
                read[name] = value.strip()
        except BadValue as error:
            problems[name] = error
    if "last_name" in read and not read["last_name"]:
        problems["last_name"] = BadValue("last_name_missing", "A lead needs a last name.")
    return _finish(read, problems)


def _finish(read: dict[str, object], problems: dict[str, BadValue]) -> dict[str, object]:
    if problems:
        raise InvalidInput(
            "Some values cannot be used.",
            problems=[Problem(error.code, str(error), name) for name, error in problems.items()],
            **{name: str(error) for name, error in problems.items()},
        )
    if "external_id" in read:
        read["external_id"] = read["external_id"] or None
    return read
