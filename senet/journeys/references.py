"""Which records of this installation a drawing refers to, by the names of its settings.

A setting whose name ends in `_id` holds a record's number, and so do the `id` of an audience's source and the `value`
of a column that names an owner. A test holds every kind of tile to that, so that templates leave no number of another
installation behind.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]  # a drawing, or a part of one
Reference = tuple[str, int]  # kind of record (segment, list, email, …), number


def find_references(value: object) -> Iterator[Reference]:
    """Yield what a drawing, or a part of one, refers to."""
    if isinstance(value, Mapping):
        for key, each in value.items():
            kind = kind_of(key, value)
            if kind is not None:
                if isinstance(each, int):
                    yield kind, each
            else:
                yield from find_references(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from find_references(each)


def kind_of(key: str, holder: Mapping[str, Any]) -> str | None:
    """Return what kind of record a setting names by its number, or None when it is not a number of a record."""
    if key.endswith("_id"):
        return key.removesuffix("_id")
    if key == "id" and "containment" in holder:
        return str(holder.get("kind", "segment"))
    if key == "value" and holder.get("column") == "owner_id":
        return "user"
    return None


def without_references(value: Any) -> Any:
    """Return a drawing, or a part of one, with every choice of a record left open, and of a link with its email."""
    if isinstance(value, Mapping):
        return {
            key: None if kind_of(key, value) is not None or key == "link" else without_references(each)
            for key, each in value.items()
        }
    if isinstance(value, (list, tuple)):
        return [without_references(each) for each in value]
    return value
