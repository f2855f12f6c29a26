"""Who stands where in a journey, and who left it how: lists, a page at a time, each by an index of the ledger."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import senet.journeys
from senet.journeys.definition import Definition, read_definition
from senet.journeys.models import Iteration, Journey
from senet.journeys.standing import explain_step, make_step
from senet.journeys.tiles.base import TileId
from senet.journeys.values import Step
from senet.shared import sql
from senet.shared.errors import InvalidInput

_LAST_TILE = 32_767
_LONG_AGO = datetime(1, 1, 2, tzinfo=UTC)
Row = tuple[Any, ...]  # as the statements return it
Cursor = dict[str, Any]  # where the page before ended


class PersonState(StrEnum):
    """What people are listed by."""

    WAITING = "waiting"  # stand at a tile
    STOPPED = "stopped"
    EXPIRED = "expired"
    FAILED = "failed"
    PROCESSED = "processed"  # left a tile as it was meant
    FINISHED = "finished"  # came to the end of a way


@dataclass(frozen=True, slots=True)
class PeopleQuery:
    """Who is asked for. No iteration: all of them."""

    state: PersonState = PersonState.WAITING
    tile: TileId | None = None
    reason: str | None = None
    branch: int | None = None
    iteration: int | None = None
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class PersonInJourney:
    """One person at one tile. Whoever may not see them learns that somebody is there, not who."""

    contact_id: int | None
    name: str
    email: str
    step: Step
    explanation: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """A page of people; `next_cursor` is None on the last."""

    items: tuple[PersonInJourney, ...]
    next_cursor: str | None


def list_people(journey: Journey, query: PeopleQuery, *, unit_ids: Sequence[int] | None) -> PeoplePage:
    """Return a page of the people who stand somewhere, or left somewhere, in a journey.

    Names are shown of people of these business units only (None: of all). Raises: InvalidInput.
    """
    _check(query)
    definition = read_definition(journey.live_version.definition if journey.live_version else journey.definition)
    cursor = _read_cursor(query)
    match query.state:
        case PersonState.WAITING:
            rows = _list_waiting(journey.pk, query, cursor)
        case PersonState.PROCESSED | PersonState.FINISHED:
            rows = _list_processed(journey.pk, definition, query, cursor)
        case _:
            rows = _list_unprocessed(journey.pk, query, cursor)
    page = rows[: query.limit]
    more = len(rows) > query.limit
    return PeoplePage(tuple(_show(page, definition, unit_ids)), _make_cursor(query, page[-1]) if more else None)


def _check(query: PeopleQuery) -> None:
    if query.reason is not None and query.state not in {PersonState.STOPPED, PersonState.EXPIRED, PersonState.FAILED}:
        raise InvalidInput("A reason is kept of those who were stopped, expired or failed.", reason=query.reason)
    if query.branch is not None and query.state is not PersonState.PROCESSED:
        raise InvalidInput("A branch is taken by those whom a tile processed.", branch=query.branch)
    if query.tile is None and query.state is PersonState.PROCESSED:
        raise InvalidInput("Say which tile processed them, or ask for those who finished.", tile=None)


def _list_waiting(journey_id: int, query: PeopleQuery, cursor: Cursor) -> Sequence[Row]:
    return sql.fetch_all(
        senet.journeys,
        "list_waiting",
        {
            "journey_id": journey_id,
            **_tiles(query),
            "iteration": query.iteration,
            "after_tile": cursor.get("tile", 0),
            "after_due_at": cursor.get("due_at", _LONG_AGO),
            "after_contact": cursor.get("contact", -1),
            "limit": query.limit + 1,
        },
    )


def _list_unprocessed(journey_id: int, query: PeopleQuery, cursor: Cursor) -> Sequence[Row]:
    return sql.fetch_all(
        senet.journeys,
        "list_unprocessed",
        {
            "journey_id": journey_id,
            "outcome": query.state.value,
            **_tiles(query),
            "iteration": query.iteration,
            "reason": query.reason,
            "after_reason": cursor.get("reason", ""),
            "after_tile": cursor.get("tile", 0),
            "after_iteration": cursor.get("iteration", 0),
            "after_contact": cursor.get("contact", -1),
            "limit": query.limit + 1,
        },
    )


def _tiles(query: PeopleQuery) -> dict[str, int]:
    first, last = (0, _LAST_TILE) if query.tile is None else (query.tile, query.tile)
    return {"first_tile": first, "last_tile": last}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where processed people are looked for: one stretch of the ledger's key."""

    iteration: int
    tile: TileId
    branch: int | None


def _list_processed(journey_id: int, definition: Definition, query: PeopleQuery, cursor: Cursor) -> Sequence[Row]:
    """Return a page of those whom tiles processed, place by place, each from where its key begins."""
    rows: list[Row] = []
    numbers = Iteration.objects.filter(journey_id=journey_id).order_by("number").values_list("number", flat=True)
    places = [
        replace(place, iteration=number)
        for number in numbers
        if query.iteration in {None, number}
        for place in _list_places(definition, query)
    ]
    begin, after = _find_place(places, cursor)
    for place in places[begin:]:
        rows += sql.fetch_all(
            senet.journeys,
            "list_processed",
            {
                "journey_id": journey_id,
                "iteration": place.iteration,
                "tile": place.tile,
                "branch": place.branch,
                "after_contact": after,
                "limit": query.limit + 1 - len(rows),
            },
        )
        after = -1
        if len(rows) > query.limit:
            break
    return rows


def _list_places(definition: Definition, query: PeopleQuery) -> Iterator[_Place]:
    """Yield the tile that was asked for, or the ways on which people finish."""
    if query.state is PersonState.PROCESSED:
        assert query.tile is not None  # noqa: S101  checked before
        yield _Place(0, query.tile, query.branch)
        return
    for tile in sorted(definition.tiles, key=lambda each: each.id):
        if query.tile not in {None, tile.id}:
            continue
        if not tile.exits:
            yield _Place(0, tile.id, None)
        for branch, way in enumerate(tile.exits):
            if way is None:
                yield _Place(0, tile.id, branch)


def _find_place(places: Sequence[_Place], cursor: Cursor) -> tuple[int, int]:
    """Return the place where the page before ended, and the last contact there."""
    if not cursor:
        return 0, -1
    iteration, tile, branch = cursor["iteration"], cursor["tile"], cursor["branch"]
    for number, place in enumerate(places):
        if (place.iteration, place.tile) == (iteration, tile) and place.branch in {None, branch}:
            return number, cursor["contact"]
    raise InvalidInput("This cursor is not one of this list. Start at the first page.")


def _show(rows: Sequence[Row], definition: Definition, unit_ids: Sequence[int] | None) -> Iterator[PersonInJourney]:
    parameters = {"ids": [row[2] for row in rows], "units": unit_ids}
    known = {row[0]: row[1:] for row in sql.fetch_all(senet.journeys, "list_people", parameters)}
    titles = {tile.id: tile.title for tile in definition.tiles}
    for row in rows:
        contact_id = row[2]
        step = make_step(definition, (*row[:2], *row[3:]))
        name, email = known.get(contact_id, ("", ""))
        seen = contact_id in known or unit_ids is None
        yield PersonInJourney(contact_id if seen else None, name, email, step, explain_step(step, definition, titles))


def _make_cursor(query: PeopleQuery, row: Row) -> str:
    iteration, tile, contact_id, _, due_at, _, _, reason, branch = row
    place = {
        "state": query.state.value,
        "iteration": iteration,
        "tile": tile,
        "contact": contact_id,
        "due_at": due_at.isoformat() if due_at else None,
        "reason": reason or "",
        "branch": branch,
    }
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_cursor(query: PeopleQuery) -> Cursor:
    """Return where the page before ended. Raises: InvalidInput for a cursor that is not ours."""
    text = query.cursor
    if not text:
        return {}
    try:
        place = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        numbers = [place["iteration"], place["tile"], place["contact"]]
        if place["state"] != query.state or not all(type(each) is int and abs(each) < 2**63 for each in numbers):
            raise ValueError  # noqa: TRY301  all bad cursors get one answer
        due_at = datetime.fromisoformat(place["due_at"]) if place["due_at"] else _LONG_AGO
        reason, branch = str(place["reason"]).replace("\0", ""), place["branch"]
        names = ("iteration", "tile", "contact", "due_at", "reason", "branch")
        return dict(zip(names, (*numbers, due_at, reason, branch), strict=True))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InvalidInput("This cursor is not one of this list. Start at the first page.") from error
