"""Reads: who is in a segment or on a list, a page at a time, as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

import senet.audiences
from senet.shared.errors import InvalidInput
from senet.shared.paging import Page, PageQuery
from senet.shared.sql import fetch_all

_STATEMENTS = {"segment": "list_segment_members", "list": "list_list_members"}


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in an audience, since when and by which way."""

    id: int
    name: str
    email: str
    country: str
    active: bool
    joined_at: datetime
    source: str


def list_members(kind: str, audience_id: int, query: PageQuery, *, unit_ids: Collection[int] | None) -> Page[Member]:
    """Return a page of members in the order of their ids. Raises: InvalidInput for a cursor that is not ours."""
    if query.sort not in ("", "id"):
        raise InvalidInput("Members are sorted by id.", sort=query.sort)
    if query.cursor and not (query.cursor.isascii() and query.cursor.isdigit() and len(query.cursor) < 19):
        raise InvalidInput("This cursor is not one of this list. Start at the first page.")
    search = query.search.replace("\0", "").strip()
    units = None if unit_ids is None else sorted(unit_ids)
    found = _fetch(kind, audience_id, units, after=int(query.cursor or 0), limit=query.limit + 1, search=search)
    items = found[: query.limit]
    parameters = {"kind": kind, "audience_id": audience_id, "unit_ids": units, "search": search}
    total = int(fetch_all(senet.audiences, "count_visible_members", parameters)[0][0])
    return Page(items, str(items[-1].id) if len(found) > query.limit else None, total)


def iterate_members(kind: str, audience_id: int, *, unit_ids: Collection[int] | None) -> Iterator[Member]:
    """Yield all members in the order of their ids, some thousand at a time."""
    after, units = 0, None if unit_ids is None else sorted(unit_ids)
    while found := _fetch(kind, audience_id, units, after=after, limit=5000):
        yield from found
        after = found[-1].id


def _fetch(
    kind: str, audience_id: int, units: list[int] | None, *, after: int, limit: int, search: str = ""
) -> list[Member]:
    parameters = {"audience_id": audience_id, "after": after, "limit": limit, "search": search, "unit_ids": units}
    return [
        Member(row[0], f"{row[1]} {row[2]}".strip(), *row[3:])
        for row in fetch_all(senet.audiences, _STATEMENTS[kind], parameters)
    ]
