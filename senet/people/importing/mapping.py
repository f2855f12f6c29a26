"""Which heading goes into which column: suggested from names, checked before an import starts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from senet.people.columns import CONTACT_COLUMN, CONTACT_COLUMNS
from senet.people.custom import Definition
from senet.people.errors import BadMapping
from senet.shared.errors import Problems

KEYS = ("email", "external_id")


@dataclass(frozen=True, slots=True)
class Places:
    """A checked mapping: for each column the number of the cell it comes from."""

    built_in: Mapping[str, int]
    custom: Mapping[str, int]


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def suggest_mapping(headings: Sequence[str], definitions: Mapping[str, Definition]) -> dict[str, str]:
    """Return heading → column for the headings whose names tell, each column once."""
    known: dict[str, str] = {}
    for key in definitions:
        known[_fold(key)] = known[_fold(f"custom.{key}")] = f"custom.{key}"
    for column in CONTACT_COLUMNS:
        for alias in column.aliases:
            known.setdefault(_fold(alias), column.name)
    for column in CONTACT_COLUMNS:
        known[_fold(column.name)] = known[_fold(column.label)] = column.name
    mapping: dict[str, str] = {}
    exact_first = sorted(headings, key=lambda heading: _fold(heading) not in {_fold(c.name) for c in CONTACT_COLUMNS})
    for heading in exact_first:
        column_name = known.get(_fold(heading))
        if column_name is not None and column_name not in mapping.values():
            mapping[heading] = column_name
    return {heading: mapping[heading] for heading in headings if heading in mapping}


def check_mapping(
    mapping: Mapping[str, str], *, headings: Sequence[str], key: str, definitions: Mapping[str, Definition]
) -> Places:
    """Return the mapping by cell numbers. Raises: BadMapping with every problem at once."""
    problems = Problems()
    if key not in KEYS:
        problems.add("unknown_key", "Rows are told apart by email or by external_id.", where="key")
    elif key not in mapping.values():
        problems.add("key_missing", f"No heading is mapped to {key}, which tells the rows apart.", where="mapping")
    twice = [name for name, count in Counter(mapping.values()).items() if count > 1]
    for name in twice:
        problems.add("column_twice", f"Two headings are mapped to {name[:100]}.", where="mapping")
    for heading, name in mapping.items():
        if heading not in headings:
            problems.add("unknown_heading", "The file has no such heading.", where=f"mapping.{heading[:100]}")
        if name not in CONTACT_COLUMN and name.removeprefix("custom.") not in definitions:
            problems.add("unknown_column", f"There is no column {name[:100]}.", where=f"mapping.{heading[:100]}")
    if problems.found:
        raise BadMapping(problems.found[0].message, problems=problems.found)
    place = {name: headings.index(heading) for heading, name in mapping.items()}
    return Places(
        {name: cell for name, cell in place.items() if name in CONTACT_COLUMN},
        {name.removeprefix("custom."): cell for name, cell in place.items() if name not in CONTACT_COLUMN},
    )
