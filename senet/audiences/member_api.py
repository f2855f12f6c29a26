"""What the routes of segments and of lists share: who may see which members, and members as rows of a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from senet.accounts.access import SEES_EVERYTHING, list_unit_ids
from senet.accounts.values import Principal
from senet.audiences.members import Member

V = TypeVar("V", bound=Callable[..., Any])  # a view, whatever it takes and gives

MEMBER_HEADER = ("id", "name", "email", "country", "active", "joined_at", "source")


def commits_by_itself(view: V) -> V:
    """Mark a view whose long work is done in transactions of its own."""
    view.commits_by_itself = True  # type: ignore[attr-defined]  # the API's decorator looks for it
    return view


def visible_units(person: Principal) -> frozenset[int] | None:
    """Return the business units whose contacts somebody may see; None means all."""
    return None if person.role in SEES_EVERYTHING else list_unit_ids(person)


def member_rows(found: Iterator[Member]) -> Iterator[tuple[object, ...]]:
    """Yield members as the cells of a file."""
    return ((one.id, one.name, one.email, one.country, one.active, one.joined_at, one.source) for one in found)
