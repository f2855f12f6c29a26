"""What is different between two versions of a journey, in words: tile by tile, and the settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import senet.journeys
from senet.journeys.definition import Definition, read_definition
from senet.journeys.locks import FREE
from senet.journeys.models import Journey, JourneyVersion
from senet.journeys.plan import Snapshot
from senet.journeys.references import Reference, find_references, kind_of
from senet.journeys.tiles import IfThenTile
from senet.journeys.tiles.base import Tile, TileId
from senet.shared import sql

Names = Mapping[Reference, str]
Json = dict[str, Any]  # a tile or a part of one, as it is kept
KEPT = tuple(sorted(FREE & Snapshot.model_fields.keys()))  # settings that a version has of its own
_MOMENTS = ("start_at", "end_at")
_SHAPE = frozenset({"id", "kind", "next", "yes", "no"})
_NAMED = ("segment", "list", "email", "content_settings", "template", "user", "workflow", "channel")
_SETTINGS_ARE = {"content_settings_id": "content_settings", "suppression_segment_id": "segment"}


@dataclass(frozen=True, slots=True)
class Change:
    """What is different about one tile, or (no tile) about the journey's settings."""

    tile: TileId | None
    name: str
    what: tuple[str, ...]  # sentences


@dataclass(frozen=True, slots=True)
class State:
    """A journey as one version or the draft has it."""

    definition: Definition
    settings: Mapping[str, object]


def state_of_version(version: JourneyVersion) -> State:
    """Return a journey as a version has it."""
    snapshot = Snapshot.model_validate(version.snapshot)
    settings = {name: getattr(snapshot, name) for name in KEPT if name in version.snapshot}
    moments = {name: getattr(version, name) for name in _MOMENTS}
    return State(read_definition(version.definition), {**settings, **moments})


def state_of_draft(journey: Journey) -> State:
    """Return a journey as it is drawn now."""
    return State(read_definition(journey.definition), {name: getattr(journey, name) for name in (*KEPT, *_MOMENTS)})


def describe_changes(before: State | None, after: State) -> tuple[Change, ...]:
    """Return what is different; for a first version that is nothing."""
    if before is None:
        return ()
    names = find_names((before.definition.as_json(), after.definition.as_json()), (before.settings, after.settings))
    found = []
    if settings := tuple(_compare_settings(before.settings, after.settings, names)):
        found.append(Change(None, "", settings))
    for tile in after.definition.tiles:
        old = before.definition.by_id.get(tile.id)
        if old is None:
            found.append(Change(tile.id, tile.title, ("The tile is new.",)))
        elif what := tuple(_compare_tiles(old, tile, before.definition, after.definition, names)):
            found.append(Change(tile.id, tile.title, what))
    gone = [tile for tile in before.definition.tiles if tile.id not in after.definition.by_id]
    return (*found, *(Change(tile.id, tile.title, ("The tile is gone.",)) for tile in gone))


def list_sentences(changes: Iterable[Change]) -> list[str]:
    """Return changes as sentences that name their tile."""
    return [f"“{change.name}”: {each}" if change.name else each for change in changes for each in change.what]


def find_names(drawings: Iterable[Json], settings: Iterable[Mapping[str, object]] = ()) -> Names:
    """Return what the records that drawings and settings refer to are called: one statement."""
    wanted: dict[str, set[int]] = {kind: set() for kind in _NAMED}
    for drawing in drawings:
        for kind, number in find_references(drawing):
            wanted.get(kind, set()).add(number)
    for each in settings:
        for key, kind in _SETTINGS_ARE.items():
            if isinstance(chosen := each.get(key), int):
                wanted[kind].add(chosen)
    rows = sql.fetch_all(senet.journeys, "find_names", {kind: sorted(numbers) for kind, numbers in wanted.items()})
    return {(kind, number): name for kind, number, name in rows}


def _compare_settings(before: Mapping[str, object], after: Mapping[str, object], names: Names) -> Iterator[str]:
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        if old == new:
            continue
        if key == "description":
            yield "The description changed."
            continue
        kind = _SETTINGS_ARE.get(key)
        yield f"{_label(key)}: {_say(old, kind, names)} → {_say(new, kind, names)}."


def _compare_tiles(old: Tile, new: Tile, before: Definition, after: Definition, names: Names) -> Iterator[str]:
    if old.kind != new.kind:
        yield f"It was “{old.kind.replace('_', ' ')}” and is “{new.kind.replace('_', ' ')}”."
        return
    first, second = old.model_dump(mode="json"), new.model_dump(mode="json")
    for key in second:
        if key in _SHAPE or first.get(key) == second[key]:
            continue
        if key == "rules" and isinstance(old, IfThenTile) and isinstance(new, IfThenTile):
            asked, asks = (
                each.waiting_until({tile.id: tile.title for tile in drawing.tiles}) or "nothing"
                for each, drawing in ((old, before), (new, after))
            )
            yield f"Asks whether {asks}; before: whether {asked}."
        else:
            yield from _compare_values(key, first, second, names)
    if old.exits != new.exits:
        yield "It leads elsewhere."


def _compare_values(key: str, first: Json, second: Json, names: Names) -> Iterator[str]:
    old, new = first[key], second[key]
    if key == "name":
        yield f"Renamed from “{old}” to “{new}”."
    elif key == "description":
        yield "The description changed."
    elif key == "sources":
        yield from _compare_sources(old, new, names)
    elif key == "branches":
        yield from _compare_branches(old, new)
    elif isinstance(old, list) or isinstance(new, list):
        yield f"{_label(key)} changed."
    else:
        kind = kind_of(key, second)
        yield f"{_label(key)}: {_say(old, kind, names)} → {_say(new, kind, names)}."


def _compare_sources(old: list[Json], new: list[Json], names: Names) -> Iterator[str]:
    for row in new:
        if row not in old:
            yield f"Now {row['containment']}s {_say_source(row, names)}."
    for row in old:
        if row not in new:
            yield f"No longer {row['containment']}s {_say_source(row, names)}."


def _say_source(row: Json, names: Names) -> str:
    return f"the {row['kind']} {_say(row['id'], row['kind'], names)}"


def _compare_branches(old: list[Json], new: list[Json]) -> Iterator[str]:
    if len(old) != len(new):
        yield f"It had {len(old)} branches and has {len(new)}."
        return
    for number, (first, second) in enumerate(zip(old, new, strict=True), start=1):
        label = second.get("label") or f"Branch {number}"
        if first.get("label") != second.get("label"):
            yield f"The branch “{first.get('label') or f'Branch {number}'}” is called “{label}”."
        if first.get("amount") != second.get("amount"):
            yield f"The branch “{label}”: {_say(first.get('amount'))} → {_say(second.get('amount'))}."


def _label(key: str) -> str:
    return key.removesuffix("_id").replace("_", " ").capitalize()


def _say(value: object, kind: str | None = None, names: Names | None = None) -> str:
    """Return a value for reading."""
    if value is None or value == "":
        text = "nothing"
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif kind is not None and isinstance(value, int):
        text = f"“{(names or {}).get((kind, value), f'{kind} {value}')}”"
    elif isinstance(value, Mapping):
        text = _say_mapping(value)
    elif isinstance(value, datetime):
        text = value.strftime("%Y-%m-%d %H:%M UTC")
    elif isinstance(value, float) and value == int(value):
        text = str(int(value))
    else:
        text = str(value).replace("_", " ") if isinstance(value, str) and value.isidentifier() else str(value)
    return text


def _say_mapping(value: Mapping[str, object]) -> str:
    if value.keys() == {"amount", "unit"}:
        unit = str(value["unit"])
        return f"{value['amount']} {unit.removesuffix('s') if value['amount'] == 1 else unit}"
    return ", ".join(f"{_label(key).lower()} {_say(each)}" for key, each in value.items())
