"""Which records of this installation a drawing refers to, by the names of its settings.

A setting whose name ends in `_id` holds a record's number, and so do the `id` of an audience's source and the `value`
of a column that names an owner. A test holds every kind of tile to that, so that templates leave no number of another
installation behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

import senet.journeys
from senet.shared import sql

Json = dict[str, Any]  # a drawing, or a part of one
Reference = tuple[str, int]  # kind of record (segment, list, email, …), number
SETTINGS_OF_RECORDS = {"content_settings_id": "content_settings", "suppression_segment_id": "segment"}
_OWNED = (
    "segment",
    "list",
    "email",
    "content_settings",
    "template",
    "workflow",
)  # kinds that belong to a business unit


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


def without_references(value: Any, keep: Collection[Reference] = ()) -> Any:
    """Return a drawing, or a part of one, with every choice of a record left open, but for those to be kept.

    A link is left open with its email: its number means nothing without it.
    """
    if isinstance(value, Mapping):
        return {key: _without(key, value, keep) for key in value}
    if isinstance(value, (list, tuple)):
        return [without_references(each, keep) for each in value]
    return value


def _without(key: str, holder: Mapping[str, Any], keep: Collection[Reference]) -> Any:
    value = holder[key]
    kind = kind_of(key, holder)
    if kind is not None:
        return value if (kind, value) in keep else None
    if key == "link" or (key == "value" and holder.get("column") == "owner_id"):
        return None  # a link of an email; a user
    return without_references(value, keep)


def keep_visible(definition: Json, settings: Mapping[str, Any], units: Collection[int]) -> tuple[Json, dict[str, Any]]:
    """Return a drawing and settings that refer to records of some business units only; the others are left open."""
    wanted = {*find_references(definition)}
    wanted |= {(kind, settings[key]) for key, kind in SETTINGS_OF_RECORDS.items() if settings.get(key) is not None}
    ids = {kind: sorted(number for each, number in wanted if each == kind) for kind in _OWNED}
    rows = sql.fetch_all(senet.journeys, "find_reference_units", {**ids, "units": sorted(units)})
    seen = {(kind, number) for kind, number in rows}
    kept = {each for each in wanted if each in seen or each[0] not in _OWNED}
    if kept == wanted:
        return definition, dict(settings)
    bare = {
        key: None if key in SETTINGS_OF_RECORDS and (SETTINGS_OF_RECORDS[key], value) not in kept else value
        for key, value in settings.items()
    }
    return without_references(definition, kept), bare
