"""What a dynamic segment asks: a tree of groups whose leaves are clauses over columns and memberships.

This is the drawn form, as the API takes it and the record keeps it. It knows shapes and limits, not columns: whether a
field exists and an operator suits it is for `check.py`, what it means is for `compiler.py`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictFloat, StrictInt, StrictStr, ValidationError
from pydantic.functional_validators import AfterValidator

from senet.shared.errors import InvalidInput, Problem

MAX_DEPTH = 10
MAX_CLAUSES = 200
MAX_VALUES = 1000
MAX_TEXT = 500
MAX_NUMBER = 10**15
MAX_AMOUNT = 10_000


class Operator(StrEnum):
    """How a column is compared. Which ones suit a column depends on its kind; see `operators.py`."""

    IS = "is"
    IS_NOT = "is_not"
    IS_IN = "is_in"
    IS_NOT_IN = "is_not_in"
    CONTAINS = "contains"
    DOES_NOT_CONTAIN = "does_not_contain"
    BEGINS_WITH = "begins_with"
    DOES_NOT_BEGIN_WITH = "does_not_begin_with"
    ENDS_WITH = "ends_with"
    DOES_NOT_END_WITH = "does_not_end_with"
    HAS_DATA = "has_data"
    HAS_NO_DATA = "has_no_data"
    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    LESS = "less"
    AT_MOST = "at_most"
    GREATER = "greater"
    AT_LEAST = "at_least"
    BETWEEN = "between"
    IS_TRUE = "is_true"
    IS_FALSE = "is_false"
    ON = "on"
    NOT_ON = "not_on"
    BEFORE = "before"
    ON_OR_BEFORE = "on_or_before"
    AFTER = "after"
    ON_OR_AFTER = "on_or_after"
    TODAY = "today"
    YESTERDAY = "yesterday"
    TOMORROW = "tomorrow"
    THIS_WEEK = "this_week"
    THIS_MONTH = "this_month"
    THIS_YEAR = "this_year"
    LAST = "last"
    NEXT = "next"
    OLDER_THAN = "older_than"
    ANNIVERSARY_TODAY = "anniversary_today"
    ANNIVERSARY_NEXT = "anniversary_next"
    ANNIVERSARY_THIS_MONTH = "anniversary_this_month"
    ANNIVERSARY_MONTH = "anniversary_month"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"


def _check_number(value: float) -> float:
    if not math.isfinite(value) or abs(value) > MAX_NUMBER:
        raise ValueError("The number is too large.")
    return value


def _check_text(value: str) -> str:
    if "\0" in value:
        raise ValueError("The text holds a character that no record can hold.")
    return value.encode("utf-8", "replace").decode()  # a lone surrogate cannot be stored either


_Text = Annotated[StrictStr, Field(max_length=MAX_TEXT), AfterValidator(_check_text)]
Value = (
    StrictBool
    | Annotated[StrictInt, AfterValidator(_check_number)]
    | Annotated[StrictFloat, AfterValidator(_check_number)]
    | _Text
)
RecordId = Annotated[StrictInt, Field(ge=1, lt=2**63)]
Unit = Literal["days", "weeks", "months", "years"]


class _Node(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Clause(_Node):
    """One column compared with nothing, a value, several values or a span of time."""

    kind: Literal["clause"] = "clause"
    field: _Text
    operator: Operator
    values: Annotated[tuple[Value, ...], Field(max_length=MAX_VALUES)] = ()
    amount: Annotated[StrictInt, Field(ge=0, le=MAX_AMOUNT)] | None = None
    unit: Unit | None = None


class Membership(_Node):
    """Being in (or not in) at least one of some other segments or subscription lists."""

    kind: Literal["membership"] = "membership"
    audience: Literal["segment", "list"]
    ids: Annotated[tuple[RecordId, ...], Field(min_length=1, max_length=MAX_VALUES)]
    containment: Literal["in", "not_in"] = "in"


class Group(_Node):
    """Several conditions of which all (and) or at least one (or) must hold; negated, the opposite."""

    kind: Literal["group"] = "group"
    join: Literal["and", "or"] = "and"
    negate: StrictBool = False
    items: tuple[Node, ...] = ()


Node = Annotated[Clause | Membership | Group, Field(discriminator="kind")]
Group.model_rebuild()


def parse_definition(value: Mapping[str, Any]) -> Group:
    """Return a definition from its JSON. An empty object is the empty group of a new draft.

    Raises: InvalidInput with every problem found.
    """
    _check_size(value)
    try:
        return Group.model_validate(value)
    except ValidationError as error:
        problems = [Problem("bad_definition", found["msg"], where=_path(found["loc"])) for found in error.errors()[:50]]
        raise InvalidInput("The segment's definition cannot be read.", problems=problems) from error


def walk(group: Group, where: str = "definition") -> Iterator[tuple[str, Clause | Membership | Group]]:
    """Yield every node of a definition with the path a person can follow to it."""
    yield where, group
    for number, item in enumerate(group.items):
        place = f"{where}.items.{number}"
        if isinstance(item, Group):
            yield from walk(item, place)
        else:
            yield place, item


def _path(location: tuple[int | str, ...]) -> str:
    names = [str(part) for part in location if part not in ("clause", "group", "membership")]
    return ".".join(["definition", *names])


def _check_size(value: Mapping[str, Any]) -> None:
    """Refuse trees that are too deep or too wide, before anything recurses into them."""
    level: list[Any] = [value]
    leaves = 0
    for _ in range(MAX_DEPTH + 1):
        below: list[Any] = []
        for node in level:
            items = node.get("items") if isinstance(node, Mapping) else None
            if isinstance(items, (list, tuple)):
                below.extend(items)
            else:
                leaves += 1
        if leaves + len(below) > 2 * MAX_CLAUSES or leaves > MAX_CLAUSES:
            raise InvalidInput(f"A segment can hold {MAX_CLAUSES} conditions. Split it into several segments.")
        if not below:
            return
        level = below
    raise InvalidInput(f"Groups can be nested {MAX_DEPTH} deep. Flatten the definition, or use another segment.")
