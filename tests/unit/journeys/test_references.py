"""Drawings refer to records by settings whose names say so; a template leaves none of them behind."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from senet.journeys.references import find_references, kind_of, without_references
from senet.journeys.tiles import REGISTRY
from senet.journeys.tiles.base import Tile

# Numbers that are no records of an installation: tiles of the drawing itself, and amounts.
NO_RECORD = {"id", "next", "yes", "no", "source", "amount", "link", "weekdays"}
DRAWN = {
    "tiles": [
        {
            "id": 1,
            "kind": "audience",
            "sources": [
                {"kind": "segment", "id": 7, "containment": "include"},
                {"kind": "list", "id": 8, "containment": "exclude"},
            ],
            "next": 2,
        },
        {"id": 2, "kind": "email", "email_id": 9, "next": 3},
        {"id": 3, "kind": "if_then", "rules": [{"source": 2, "condition": "clicked_link", "link": 4}], "yes": None},
    ]
}


def test_what_a_drawing_refers_to_is_found() -> None:
    assert set(find_references(DRAWN)) == {("segment", 7), ("list", 8), ("email", 9)}


def test_a_drawing_without_references_keeps_its_shape_and_nothing_of_an_installation() -> None:
    bare = without_references(DRAWN)
    assert list(find_references(bare)) == []
    assert [tile["id"] for tile in bare["tiles"]] == [1, 2, 3]
    assert bare["tiles"][0]["next"] == 2
    assert bare["tiles"][2]["rules"] == [{"source": 2, "condition": "clicked_link", "link": None}]
    assert DRAWN["tiles"][1]["email_id"] == 9


def test_an_owner_that_a_column_is_set_to_is_a_record_too() -> None:
    owner = {"id": 2, "kind": "update_column", "column": "owner_id", "value": 9}
    level = {"id": 3, "kind": "update_column", "column": "consent_level", "value": 4}
    assert set(find_references([owner, level])) == {("user", 9)}
    assert without_references([owner, level]) == [{**owner, "value": None}, level]


@pytest.mark.parametrize("kind", REGISTRY)
def test_every_number_in_a_tile_is_known_to_be_a_record_or_not(kind: str) -> None:
    """A new setting that names a record ends in `_id`; anything else is listed above."""
    for name in _list_numbers(REGISTRY[kind]):
        assert name in NO_RECORD or kind_of(name, {}) is not None, name


def _list_numbers(model: type[BaseModel]) -> Iterator[str]:
    """Yield the names of all settings that hold whole numbers, within tiles and what they are made of."""
    for name, field in model.model_fields.items():
        for each in _unfold(field.annotation):
            if each is int:
                yield name
            elif isinstance(each, type) and issubclass(each, BaseModel) and not issubclass(each, Tile):
                yield from _list_numbers(each)


def _unfold(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) in {Union, UnionType, tuple, list}:
        for each in get_args(annotation):
            yield from _unfold(each)
    elif annotation not in {NoneType, Ellipsis}:
        yield annotation
