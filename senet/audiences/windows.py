"""What "today", "last three weeks" and "birthday next week" mean at a moment in a time zone. Pure, without SQL.

A window is half-open: from its start, up to but without its end. On a date column its ends are dates, on a date-time
column they are the moments at which those local days begin, so that a day of 23 or 25 hours is one day.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from senet.audiences.definition import Clause, Unit
from senet.audiences.definition import Operator as Op

_FIRST, _LAST = date(1, 1, 3), date(9999, 12, 29)  # a time zone must not push a moment off the calendar
_DAY = timedelta(days=1)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Days:
    """A half-open run of local days; None is without end. `from_now` and `upto_now` cut today at this moment."""

    start: date | None
    end: date | None
    from_now: bool = False
    upto_now: bool = False


@dataclass(frozen=True, slots=True)
class Moments:
    """A half-open run of time in UTC; None is without end."""

    start: datetime | None
    end: datetime | None


def find_days(clause: Clause, today: date) -> Days:  # noqa: PLR0911  a line an operator
    """Return the local days that a clause over a date names. "Last" and "next" include today.

    Raises: ValueError when a value is not a date.
    """
    given = [_read_date(value) for value in clause.values] if clause.operator is not Op.ANNIVERSARY_MONTH else []
    match clause.operator:
        case Op.ON | Op.NOT_ON:
            return Days(given[0], _add(given[0], 1))
        case Op.BEFORE:
            return Days(None, given[0])
        case Op.ON_OR_BEFORE:
            return Days(None, _add(given[0], 1))
        case Op.AFTER:
            return Days(_add(given[0], 1), None)
        case Op.ON_OR_AFTER:
            return Days(given[0], None)
        case Op.BETWEEN:
            return Days(given[0], _add(given[1], 1))
    return _find_relative_days(clause, today)


def _find_relative_days(clause: Clause, today: date) -> Days:  # noqa: PLR0911  a line an operator
    amount, unit = clause.amount or 0, clause.unit or "days"
    month = today.replace(day=1)
    monday = _add(today, -today.weekday())
    match clause.operator:
        case Op.TODAY:
            return Days(today, _add(today, 1))
        case Op.YESTERDAY:
            return Days(_add(today, -1), today)
        case Op.TOMORROW:
            return Days(_add(today, 1), _add(today, 2))
        case Op.THIS_WEEK:
            return Days(monday, _add(monday, 7))
        case Op.THIS_MONTH:
            return Days(month, month + relativedelta(months=1))
        case Op.THIS_YEAR:
            return Days(date(today.year, 1, 1), date(today.year + 1, 1, 1))
        case Op.LAST:
            return Days(_step(today, -amount, unit), _add(today, 1), upto_now=True)
        case Op.NEXT:
            return Days(today, _add(_step(today, amount, unit), 1), from_now=True)
        case Op.OLDER_THAN:
            return Days(None, _step(today, -amount, unit))
    raise ValueError(f"{clause.operator} names no days")


def find_moments(days: Days, zone: ZoneInfo, now: datetime) -> Moments:
    """Return the run of time that local days cover in a zone."""
    start = None if days.start is None else _begin(days.start, zone)
    end = None if days.end is None else _begin(days.end, zone)
    if days.from_now:
        start = now
    if days.upto_now:
        end = now + timedelta(microseconds=1)
    return Moments(start, end)


def find_anniversaries(clause: Clause, today: date) -> list[str]:
    """Return the days of the year, as MM-DD, that a clause names.

    Who was born on 29 February is celebrated on the 28th in a common year.
    """
    match clause.operator:
        case Op.ANNIVERSARY_TODAY:
            return _days_of_year(today, 0)
        case Op.ANNIVERSARY_NEXT:
            return _days_of_year(today, min(clause.amount or 0, 366))
        case Op.ANNIVERSARY_THIS_MONTH:
            return _month_days([today.month])
        case Op.ANNIVERSARY_MONTH:
            return _month_days([_read_month(value) for value in clause.values])
    raise ValueError(f"{clause.operator} names no days of the year")


def _days_of_year(first: date, days: int) -> list[str]:
    found: set[str] = set()
    for number in range(days + 1):
        day = _add(first, number)
        found.add(f"{day:%m-%d}")
        if (day.month, day.day) == (2, 28) and (day + _DAY).month == 3:
            found.add("02-29")
    return sorted(found)


def _month_days(months: list[int]) -> list[str]:
    year = date(2024, 1, 1)  # a leap year
    days = (year + timedelta(days=number) for number in range(366))
    return [f"{day:%m-%d}" for day in days if day.month in months]


def _read_date(value: object) -> date:
    if not isinstance(value, str) or _DATE.fullmatch(value) is None:
        raise ValueError("A date is written as YYYY-MM-DD.")
    return date.fromisoformat(value)


def _read_month(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 12:
        raise ValueError("A month is a number from 1 to 12.")
    return value


def _begin(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(min(max(day, _FIRST), _LAST), time(), zone).astimezone(UTC)


def _add(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return _FIRST if days < 0 else _LAST


def _step(day: date, amount: int, unit: Unit) -> date:
    try:
        match unit:
            case "days":
                return day + timedelta(days=amount)
            case "weeks":
                return day + timedelta(weeks=amount)
            case "months":
                return day + relativedelta(months=amount)
            case "years":
                return day + relativedelta(years=amount)
    except (OverflowError, ValueError):
        return _FIRST if amount < 0 else _LAST
