"""What a template may name: values, records, many rows to loop over, and records that are named by their number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Fields: TypeAlias = Mapping[str, "Fields | None"]  # a name that leads to more names, or to a value (None)


class Rows(dict[str, "Fields | None"]):
    """The columns of rows that a record has many of: {% for lead in contact.leads %}."""


class ById(dict[str, "Fields | None"]):
    """The columns of a record that is named by its number or external id: records.company[12]."""
