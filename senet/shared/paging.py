"""Lists: one page at a time, by a cursor, sorted and filtered by allow-listed names.

A room declares a `Listing` beside its router, makes its query parameters a subclass of `PageQuery` (one field a filter)
and returns `PageOf[…]`. A name that a caller sends is looked up in the listing; it never reaches SQL as text.

    class ContactQuery(PageQuery):
        country: str | None = None

    CONTACTS = Listing(
        sorts={"name": Sort("last_name", "first_name"), "id": Sort()},
        filters={"country": "country"},
        search=lambda text: Q(email__istartswith=text),
    )

    @router.get("/contacts", response=PageOf[ContactOut], operation_id="contacts_list")
    def list_contacts(request: HttpRequest, query: Query[ContactQuery]) -> Page[Contact]:
        return CONTACTS.page(visible(Contact.objects.all(), principal(request)), query)
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import FieldError, ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.functions import Collate, Lower
from ninja import Schema
from pydantic import Field

from senet.shared.errors import InvalidInput

T = TypeVar("T")
M = TypeVar("M", bound=Model)

MAX_LIMIT = 200
MAX_SEARCH = 200


class PageQuery(Schema):
    """The query parameters that every list understands; a room adds its filters by name."""

    search: str = Field(default="", max_length=MAX_SEARCH, description="Words to look for.")
    sort: str = Field(default="", max_length=64, description='An allowed name, "name" upwards or "-name" downwards.')
    cursor: str = Field(default="", max_length=2000, description="next_cursor of the page before.")
    limit: int = Field(default=50, ge=1, le=MAX_LIMIT)


class PageOf(Schema, Generic[T]):
    """The answer's shape."""

    items: list[T]
    next_cursor: str | None
    total: int


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of rows; `next_cursor` is None on the last."""

    items: Sequence[T]
    next_cursor: str | None
    total: int


class Sort:
    """One allowed order: the columns it goes by. Rows that are equal in them follow their ids.

    `nullable` keeps rows without a value at the end, in both directions. `folded` ignores the letters' case; an index
    on `lower(column) COLLATE "C"` serves it.
    """

    def __init__(self, *columns: str, nullable: bool = False, folded: bool = False) -> None:
        self.columns = columns
        self.nullable = nullable
        self.folded = folded


Filter = str | Callable[[Any], Q]  # an ORM lookup, or a function of the caller's value


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list may be sorted, searched and filtered by."""

    sorts: Mapping[str, Sort]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    search: Callable[[str], Q] | None = None
    default_sort: str = "-id"

    def narrow(self, rows: QuerySet[M], query: PageQuery) -> QuerySet[M]:
        """Return the rows that search and filters leave; for exports and counts.

        Raises: InvalidInput.
        """
        found = query.search.replace("\0", "").strip()
        if found and self.search is not None:
            rows = rows.filter(self.search(found))
        for name, condition in self.filters.items():
            value = getattr(query, name)
            if value is None or value == "":
                continue
            if isinstance(value, str) and "\0" in value:
                raise InvalidInput(f"The filter {name} holds a character that no record can hold.", filter=name)
            try:
                rows = rows.filter(condition(value) if callable(condition) else Q(**{condition: value}))
            except (ValueError, ValidationError, FieldError) as error:
                raise InvalidInput(f"The filter {name} cannot use this value.", filter=name) from error
        return rows

    def page(self, rows: QuerySet[M], query: PageQuery) -> Page[M]:
        """Return one page: two statements, one counts and one fetches.

        Raises: InvalidInput for a sort, filter or cursor that is not one of ours.
        """
        rows = self.narrow(rows, query)
        ordered = self.order(rows, query)
        if query.cursor:
            ordered = ordered.filter(self._after(query))
        items = list(ordered[: query.limit + 1])
        more = len(items) > query.limit
        items = items[: query.limit]
        return Page(items, self._make_cursor(items[-1], query) if more else None, rows.order_by().count())

    def order(self, rows: QuerySet[M], query: PageQuery) -> QuerySet[M]:
        """Return the rows in the order that was asked for. Raises: InvalidInput."""
        sort, down = self._find_sort(query)
        if sort.folded:
            rows = rows.annotate(**{f"sort_{i}": Collate(Lower(column), "C") for i, column in enumerate(sort.columns)})
        terms = [
            F(name).desc(nulls_last=sort.nullable or None) if down else F(name).asc(nulls_last=sort.nullable or None)
            for name in _names(sort)
        ]
        return rows.order_by(*terms, "-id" if down else "id")

    def _find_sort(self, query: PageQuery) -> tuple[Sort, bool]:
        text = query.sort or self.default_sort
        down = text.startswith("-")
        name = text.removeprefix("-")
        if name == "id":
            return Sort(), down
        if name not in self.sorts:
            allowed = ", ".join(sorted({*self.sorts, "id"}))
            raise InvalidInput(f"This list cannot be sorted by that. Use one of: {allowed}.", sort=name)
        return self.sorts[name], down

    def _after(self, query: PageQuery) -> Q:
        """The rows beyond the cursor: behind in the first column, or equal there and behind in the next."""
        sort, down = self._find_sort(query)
        values, last_id = _read_cursor(query.cursor, query.sort or self.default_sort, len(sort.columns))
        beyond = Q(id__lt=last_id) if down else Q(id__gt=last_id)
        for name, value in reversed(list(zip(_names(sort), values, strict=True))):
            if value is None:
                beyond = Q(**{f"{name}__isnull": True}) & beyond
                continue
            step = Q(**{f"{name}__{'lt' if down else 'gt'}": value})
            if sort.nullable:
                step |= Q(**{f"{name}__isnull": True})
            edge = Q(**{f"{name}__{'lte' if down else 'gte'}": value})  # lets an index find the place
            beyond = step | (Q(**{name: value}) & beyond)
            beyond = beyond if sort.nullable else edge & beyond
        return beyond

    def _make_cursor(self, row: Model, query: PageQuery) -> str:
        sort, _ = self._find_sort(query)
        values = [_follow(row, name) for name in _names(sort)]
        body = [query.sort or self.default_sort, [_pack(value) for value in values], row.pk]
        return base64.urlsafe_b64encode(json.dumps(body).encode()).decode().rstrip("=")


def _names(sort: Sort) -> list[str]:
    return [f"sort_{i}" for i in range(len(sort.columns))] if sort.folded else list(sort.columns)


def _follow(row: object, path: str) -> object:
    for name in path.split("__"):
        row = getattr(row, name, None)
    return row


def _pack(value: object) -> object:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def _unpack(value: Any) -> Any:  # a cursor's value is of whatever type its column is
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return {"t": datetime, "d": date}[kind].fromisoformat(text)
    if isinstance(value, list) or (isinstance(value, str) and "\0" in value):
        raise ValueError
    return value


def _read_cursor(text: str, sort: str, columns: int) -> tuple[list[Any], int]:
    try:
        made_for, values, last_id = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        if made_for != sort or len(values) != columns or type(last_id) is not int or abs(last_id) >= 2**63:
            raise ValueError  # noqa: TRY301  all bad cursors get one answer
        return [_unpack(value) for value in values], last_id
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InvalidInput("This cursor is not one of this list in this order. Start at the first page.") from error
