"""Looks for everything that is wrong with a segment's definition, and says it all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from senet.audiences.definition import Clause, Group, Membership, Operator, Value, walk
from senet.audiences.fields import Catalogue, Field
from senet.audiences.operators import OPERATORS, Kind, Needs, Usage, find_usage
from senet.audiences.windows import find_days
from senet.shared.errors import InvalidInput, Problem, Problems

_TIME = (Kind.DATE, Kind.DATETIME)
_SOME_DAY = date(2024, 1, 1)


def find_zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name. Raises: InvalidInput."""
    if name not in _list_zones():
        raise InvalidInput(
            f"There is no time zone called {name[:60]!r}. Use a name like Europe/Berlin.", field="time_zone"
        )
    return ZoneInfo(name)


@cache
def _list_zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a file each time


def check_definition(definition: Group, catalogue: Catalogue) -> list[Problem]:
    """Return every problem of a definition on its own: unknown columns, unsuitable operators, missing values."""
    problems = Problems()
    for where, node in walk(definition):
        if isinstance(node, Group) and not node.items:
            problems.add(
                "empty_group",
                "The segment has no condition yet." if where == "definition" else "This group has no condition.",
                where=where,
                advice="Add a condition, or delete the group.",
            )
        elif isinstance(node, Clause):
            _check_clause(node, where, catalogue, problems)
    return problems.found


def _check_clause(clause: Clause, where: str, catalogue: Catalogue, problems: Problems) -> None:
    found = catalogue.get(clause.field)
    if found is None:
        problems.add(
            "unknown_field",
            f"There is no column called {clause.field[:60]!r}.",
            where=f"{where}.field",
            advice="Choose one from the list; a custom column may have been deleted.",
        )
        return
    usage = find_usage(found.kind, clause.operator)
    if usage is None:
        suitable = ", ".join(one.label for one in OPERATORS[found.kind])
        problems.add(
            "unsuitable_operator",
            f"{clause.operator.value!r} does not suit {found.label}.",
            where=f"{where}.operator",
            advice=f"Use one of: {suitable}.",
        )
        return
    if message := _find_fault(clause, found, usage):
        problems.add("bad_value", f"{found.label} {usage.label}: {message}", where=f"{where}.values")


def _find_fault(clause: Clause, found: Field, usage: Usage) -> str:  # noqa: PLR0911  a line a need
    """Return what is wrong with a clause's values, or nothing."""
    if usage.needs is Needs.SPAN and (clause.amount is None or clause.unit is None):
        return "give a number and days, weeks, months or years."
    if usage.needs is Needs.DAYS and clause.amount is None:
        return "give a number of days."
    if usage.needs is Needs.VALUE and len(clause.values) != 1:
        return "give one value."
    if usage.needs is Needs.TWO and len(clause.values) != 2:
        return "give a lower and an upper bound."
    if usage.needs is Needs.VALUES and not clause.values:
        return "give at least one value."
    if usage.needs in (Needs.VALUE, Needs.TWO, Needs.VALUES):
        return _find_bad_value(clause, found)
    return ""


def _find_bad_value(clause: Clause, found: Field) -> str:
    if found.kind in _TIME:
        return _find_bad_time(clause)
    fits, message = _FITS[found.kind]
    if not all(fits(value) for value in clause.values):
        return message
    if clause.operator is Operator.BETWEEN and _as_number(clause.values[0]) > _as_number(clause.values[1]):
        return "the lower bound comes first."
    if found.options and not {str(value) for value in clause.values} <= set(found.options):
        return f"choose from {', '.join(found.options[:20])}."
    return ""


def _find_bad_time(clause: Clause) -> str:
    if clause.operator is Operator.ANNIVERSARY_MONTH:
        months = all(_is_integer(value) and 1 <= _as_number(value) <= 12 for value in clause.values)
        return "" if months else "a month is a number from 1 to 12."
    try:
        days = find_days(clause, _SOME_DAY)
    except ValueError:
        return "a date is written as YYYY-MM-DD."
    if days.start is not None and days.end is not None and days.start >= days.end:
        return "the earlier date comes first."
    return ""


def _is_text(value: Value) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: Value) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_integer(value: Value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _as_number(value: Value) -> float:
    return value if isinstance(value, (int, float)) else 0


_FITS: Mapping[Kind, tuple[Callable[[Value], bool], str]] = {
    Kind.TEXT: (_is_text, "the value is a text that is not empty."),
    Kind.CHOICE: (_is_text, "the value is one of the choices."),
    Kind.CHOICES: (_is_text, "the values are some of the choices."),
    Kind.NUMBER: (_is_number, "the value is a number."),
    Kind.RECORD: (_is_integer, "the value is the id of a record."),
    Kind.BOOLEAN: (lambda _: True, ""),
}


def check_memberships(
    definition: Group, *, own_id: int | None, segments: Mapping[int, tuple[str, str]], lists: Mapping[int, str]
) -> list[Problem]:
    """Return the problems of what a definition refers to: `segments` are names and statuses, `lists` names, by id."""
    problems = Problems()
    for where, node in walk(definition):
        if not isinstance(node, Membership):
            continue
        for number in node.ids:
            if node.audience == "list":
                if number not in lists:
                    problems.add("unknown_list", f"There is no subscription list {number}.", where=where)
            elif number not in segments:
                problems.add("unknown_segment", f"There is no segment {number}.", where=where)
            elif number != own_id and segments[number][1] not in ("live", "going_live"):
                name, status = segments[number]
                problems.add(
                    "segment_not_live",
                    f"The segment {name!r} is {status.replace('_', ' ')}.",
                    where=where,
                    advice="Let it go live first.",
                )
    return problems.found


def find_cycle(start: int, uses: Mapping[int, Sequence[int]]) -> list[int]:
    """Return a way from a segment back to itself along "uses members of", or nothing. Never recurses."""
    came_from: dict[int, int] = {}
    waiting = list(uses.get(start, ()))
    came_from.update(dict.fromkeys(waiting, start))
    while waiting:
        here = waiting.pop()
        if here == start:
            way = [start]
            step = came_from[start]
            while step != start:
                way.append(step)
                step = came_from[step]
            return [start, *reversed(way)]
        for following in uses.get(here, ()):
            if following not in came_from:
                came_from[following] = here
                waiting.append(following)
    return []


def list_used_segments(definition: Group) -> list[int]:
    """Return the ids of the segments that a definition refers to."""
    return sorted(
        {
            number
            for _, node in walk(definition)
            if isinstance(node, Membership) and node.audience == "segment"
            for number in node.ids
        }
    )
