"""A second reading of what definitions mean: plain Python, one person at a time, written apart from the compiler."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from senet.audiences.fields import Field
from senet.audiences.operators import Kind

Tree = Mapping[str, Any]


@dataclass(frozen=True)
class World:
    """What a definition is read against."""

    fields: Mapping[str, Field]
    zone: ZoneInfo
    now: datetime
    segments: Mapping[int, AbstractSet[int]]
    lists: Mapping[int, AbstractSet[int]]


def matches(tree: Tree, person: Mapping[str, Any], world: World) -> bool:
    """Say whether a definition holds for a person (its columns by field key, and its `id`)."""
    if tree["kind"] == "group":
        results = [matches(item, person, world) for item in tree["items"]]
        return (all(results) if tree["join"] == "and" else any(results)) is not bool(tree.get("negate", False))
    if tree["kind"] == "membership":
        audiences = world.segments if tree["audience"] == "segment" else world.lists
        inside = any(person["id"] in audiences[number] for number in tree["ids"])
        return inside is bool(tree["containment"] == "in")
    field = world.fields[tree["field"]]
    return _clause(tree, field.kind, _read(person.get(field.key), field), world)


def _read(value: Any, field: Field) -> Any:  # noqa: PLR0911  a line a kind
    """The value as its kind; None where there is none, or where a custom column holds something else."""
    if field.kind in (Kind.TEXT, Kind.CHOICE):
        return value or ""
    if field.kind is Kind.CHOICES:
        return value if isinstance(value, list) else []
    if not field.custom_key or value is None:
        return value
    if field.kind is Kind.NUMBER:
        return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
    if field.kind is Kind.BOOLEAN:
        return value if isinstance(value, bool) else None
    try:
        if field.kind is Kind.DATE:
            return date.fromisoformat(value) if len(value) == 10 else None
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_OPPOSITES = {
    "is_not": "is",
    "is_not_in": "is_in",
    "does_not_contain": "contains",
    "does_not_begin_with": "begins_with",
    "does_not_end_with": "ends_with",
    "has_no_data": "has_data",
    "not_equals": "equals",
    "not_on": "on",
    "none_of": "any_of",
}


def _clause(tree: Tree, kind: Kind, value: Any, world: World) -> bool:  # noqa: PLR0911  a line a kind
    operator = tree["operator"]
    if operator in _OPPOSITES:
        return not _clause({**tree, "operator": _OPPOSITES[operator]}, kind, value, world)
    if operator == "has_data":
        return value not in (None, "", [])
    given = list(tree.get("values", []))
    if kind in (Kind.TEXT, Kind.CHOICE):
        return _text(operator, value.lower(), [one.lower() for one in given])
    if value is None:
        return False
    if kind is Kind.NUMBER:
        return _number(operator, value, given)
    if kind is Kind.BOOLEAN:
        return bool(value) is (operator == "is_true")
    if kind is Kind.CHOICES:
        return bool(set(value) & set(given)) if operator == "any_of" else set(given) <= set(value)
    if kind is Kind.RECORD:
        return value in given
    return _time(tree, value, world)


def _text(operator: str, value: str, given: list[str]) -> bool:
    tests: dict[str, Callable[[str], bool]] = {
        "is": lambda one: value == one,
        "is_in": lambda one: value == one,
        "contains": lambda one: one in value,
        "begins_with": value.startswith,
        "ends_with": value.endswith,
    }
    return any(tests[operator](one) for one in given)


def _number(operator: str, value: float, given: list[float]) -> bool:
    return {
        "equals": value == given[0],
        "less": value < given[0],
        "at_most": value <= given[0],
        "greater": value > given[0],
        "at_least": value >= given[0],
        "between": given[0] <= value <= given[-1],
    }[operator]


def _time(tree: Tree, value: Any, world: World) -> bool:
    day = value.astimezone(world.zone).date() if isinstance(value, datetime) else value
    today = world.now.astimezone(world.zone).date()
    operator, amount = tree["operator"], tree.get("amount") or 0
    if operator.startswith("anniversary"):
        return _anniversary(operator, day, today, amount, tree.get("values", []))
    given = [date.fromisoformat(one) for one in tree.get("values", [])] or [today]
    spans: dict[str, Any] = {tree.get("unit") or "days": amount}
    step = relativedelta(**spans)
    not_later = value <= world.now if isinstance(value, datetime) else day <= today
    not_earlier = value >= world.now if isinstance(value, datetime) else day >= today
    return {
        "on": day == given[0],
        "before": day < given[0],
        "on_or_before": day <= given[0],
        "after": day > given[0],
        "on_or_after": day >= given[0],
        "between": given[0] <= day <= given[-1],
        "today": day == today,
        "yesterday": day == today - timedelta(days=1),
        "tomorrow": day == today + timedelta(days=1),
        "this_week": day.isocalendar()[:2] == today.isocalendar()[:2],
        "this_month": (day.year, day.month) == (today.year, today.month),
        "this_year": day.year == today.year,
        "last": day >= today - step and not_later,
        "next": day <= today + step and not_earlier,
        "older_than": day < today - step,
    }[operator]


def _anniversary(operator: str, day: date, today: date, amount: int, months: list[int]) -> bool:
    if operator == "anniversary_this_month":
        return day.month == today.month
    if operator == "anniversary_month":
        return day.month in months
    days = 0 if operator == "anniversary_today" else min(amount, 366)
    coming = (today + timedelta(days=number) for number in range(days + 1))
    return any(_is_kept_on(day, one) for one in coming)


def _is_kept_on(born: date, day: date) -> bool:
    if (born.month, born.day) == (2, 29) and not isleap(day.year):
        return (day.month, day.day) == (2, 28)
    return (born.month, born.day) == (day.month, day.day)
