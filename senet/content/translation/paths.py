"""Translates one path: {{contact.contact_account_parentcustomerid.name}} becomes contact.company.name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from senet.content.translation.vocabulary import ALONE, HOPS, KNOWN_ABSENT, LOOPS, RECORDS, ROOTS, Vocabulary

_STATIC = re.compile(r"([A-Za-z_]\w*)\(\s*'?([\w-]{1,64})'?\s*\)(?:\.([\w.]+))?")
_PLAIN = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_PREFIX = re.compile(r"[a-z][a-z0-9]{1,7}_(?=[a-z])")


class Untranslatable(Exception):  # noqa: N818
    """A piece cannot be translated; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A translated path. `note` says what deserves a look, `known` whether its kind of value can be looked up."""

    path: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Loop:
    """What a block loops over: the path here, the name of one row, and the columns that rows have."""

    path: str
    row: str
    columns: Mapping[str, str]


def translate_path(text: str, vocabulary: Vocabulary, row: Loop | None) -> Place:
    """Return what a path is called here. Raises: Untranslatable."""
    if static := _STATIC.fullmatch(text):
        return _translate_static(static[1], static[2], static[3] or "")
    if not _PLAIN.fullmatch(text):
        raise Untranslatable("this is no path such as contact.firstname")
    root, *names = text.split(".")
    if root == "this":
        return _translate_row(names, row)
    if not names and (found := ALONE.get(root.lower())):
        return Place(*found)
    if reason := KNOWN_ABSENT.get(root.lower()):
        raise Untranslatable(reason)
    if root.lower() not in ROOTS:
        raise Untranslatable(f"there is no “{root}” here")
    if len(names) == 2:
        hop = HOPS.get((root.lower(), names[0].lower()))
        if hop is None:
            raise Untranslatable(f"the relation “{names[0]}” is not known here, or leads to many rows")
        return _column(*hop, names[1], vocabulary)
    if len(names) != 1:
        raise Untranslatable("a path has one or two dots")
    return _column(*ROOTS[root.lower()], names[0], vocabulary)


def translate_loop(text: str) -> Loop:
    """Return what a block loops over. Raises: Untranslatable."""
    root, _, relation = text.partition(".")
    found = LOOPS.get((root.lower(), relation.lower()))
    if found is None:
        raise Untranslatable(f"the relation “{relation or text}” is not known here")
    return Loop(*found)


def _translate_row(names: list[str], row: Loop | None) -> Place:
    if row is None or len(names) != 1:
        raise Untranslatable("“this” means a row only inside a loop, with one column behind it")
    column = row.columns.get(names[0].lower())
    if column is None:
        raise Untranslatable(f"the rows of {row.path} have no column “{names[0]}” here")
    return Place(f"{row.row}.{column}")


def _translate_static(entity: str, key: str, rest: str) -> Place:
    found = RECORDS.get(entity.lower())
    if found is None:
        raise Untranslatable(KNOWN_ABSENT.get(entity.lower(), f"no “{entity}” can be named by its id here"))
    name, columns = found
    column = columns.get(rest.lower())
    if column is None:
        raise Untranslatable(f"a {name} has no column “{rest}” here" if rest else "no column is named")
    return Place(
        f"records.{name}['{key}'].{column}", f"the {name} is found by “{key}” as its external id: see that it has it"
    )


def _column(base: str, columns: Mapping[str, str], name: str, vocabulary: Vocabulary) -> Place:
    if reason := KNOWN_ABSENT.get(name.lower()):
        raise Untranslatable(reason)
    if known := columns.get(name.lower()):
        return Place(f"{base}.{known}")
    exact = f"{base}.{name.lower()}"
    if vocabulary.has(exact):
        return Place(exact)
    short = f"{base}.{_PREFIX.sub('', name.lower(), count=1)}"
    if short != exact and vocabulary.has(short):
        return Place(short, f"“{name}” was taken to be the column {short}")
    raise Untranslatable(f"there is no column “{name}” in {base} here; make a custom column for it")
