"""A column of a whole cohort of contacts, set to one value: which columns may be, and how the value is read.

Never those that tell contacts apart or join them to a company: an external id, an address or a company that everybody
gets would be a mistake.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

import senet.people
from senet.people.columns import CONTACT_COLUMNS, Column
from senet.people.custom import Definition, Stored, check_value
from senet.people.importing.load import LOCK
from senet.people.normalise import BadValue, parse_boolean, parse_consent_level
from senet.people.records import read_contact
from senet.shared.errors import InvalidInput
from senet.shared.sql import execute

_KEYS = frozenset({"external_id", "email", "company", "company_external_id"})
SETTABLE: Mapping[str, Column] = {
    column.name: column
    for column in (*CONTACT_COLUMNS, Column("owner_id", "user", "Owner"))
    if column.name not in _KEYS
}
CUSTOM = "custom."


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """A column and what it is to hold, in the stored form; None takes a custom column's value away."""

    column: str  # a name of SETTABLE, or custom.<key>
    value: Stored


def read_change(column: str, value: object, definitions: Mapping[str, Definition]) -> ColumnChange:
    """Read a literal value for a column of contacts; an empty text empties a text. Raises: BadValue.

    Whether an owner is there is for the caller to find out.
    """
    if column.startswith(CUSTOM):
        definition = definitions.get(column.removeprefix(CUSTOM))
        if definition is None:
            raise BadValue("unknown_column", "There is no custom column by that key.")
        return ColumnChange(column, check_value(definition, value))
    if column in _KEYS:
        raise BadValue("column_fixed", "This column tells contacts apart: it cannot be the same for all.")
    if column not in SETTABLE:
        raise BadValue("unknown_column", "Contacts have no such column.")
    return ColumnChange(column, _read_built_in(SETTABLE[column], value))


def _read_built_in(column: Column, value: object) -> Stored:
    if column.kind == "user":
        if not isinstance(value, int) or isinstance(value, bool):
            raise BadValue("wrong_kind", "An owner is given by the number of a user.")
        return value
    if column.kind == "boolean":
        return value if isinstance(value, bool) else parse_boolean(_text(value))
    if column.kind == "consent":
        return parse_consent_level(str(value) if type(value) is int else _text(value))
    try:
        read = read_contact({column.name: _text(value)})[column.name]
    except InvalidInput as error:
        problem = error.problems[0]
        raise BadValue(problem.code, problem.message) from error
    assert isinstance(read, str)  # noqa: S101  a text comes out of a text
    return read


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadValue("wrong_kind", "This column holds a value of another kind.")
    return value


def set_column(change: ColumnChange, *, for_inactive: bool, now: datetime) -> int:
    """Set a column for each contact of the temporary table `cohort(contact_id)`; return how many changed.

    Runs in the caller's transaction; one statement. Running it again changes nothing. An owner who is gone is not set.
    """
    with connection.cursor() as cursor:  # an import writes contacts in an order of its own: not at the same time
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])
    custom = change.column.startswith(CUSTOM)
    key = change.column.removeprefix(CUSTOM)
    return execute(
        senet.people,
        "set_contact_column",
        {
            "built_in": json.dumps({} if custom else {key: change.value}),
            "custom": json.dumps({key: change.value} if custom and change.value is not None else {}),
            "emptied": [key] if custom and change.value is None else [],
            "for_inactive": for_inactive,
            "now": now,
        },
    )
