"""Filters that write dates, times and numbers as the recipient reads them: in their language and their time zone.

What is no date or number comes back as it is, as with Liquid's own `date`.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, tzinfo
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from babel import dates, numbers
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from liquid.undefined import is_undefined

from senet.content.language.reader import Reader
from senet.shared.clock import find_zone

STYLES = ("short", "medium", "long", "full")
_SKELETON = re.compile(r"[GyYQqMLwEecdHhKkmsjJaBvVzZ]{1,24}")
_DATE_ONLY = re.compile(r"\d{4}-\d{2}-\d{2}")
_CURRENCY = re.compile(r"[A-Z]{3}")
_MAX_DECIMALS = 8
_MAX_DIGITS = 30


class HasReader(Protocol):
    """What these filters need of their context."""

    @property
    def now(self) -> datetime:
        """Return the moment of rendering."""
        ...

    @property
    def reader(self) -> Reader:
        """Return whom the message is for."""
        ...


@with_context
def local_date(value: object, style: object = "long", zone: object = None, *, context: HasReader) -> object:
    """Write a day: `short` to `full`, or the parts that a CLDR skeleton such as “yMMMMEEEEd” names."""
    moment = _find_moment(value, context, zone)
    if moment is None:
        return _as_it_is(value)
    chosen, locale = _style(style, "local_date"), context.reader.locale
    if chosen in STYLES:
        return dates.format_date(moment, chosen, locale=locale)
    aware = moment if isinstance(moment, datetime) else datetime.combine(moment, time.min)
    return _by_skeleton(chosen, aware, context)


@with_context
def local_time(value: object, style: object = "short", zone: object = None, *, context: HasReader) -> object:
    """Write a time of day: `short` to `full`, or the parts that a CLDR skeleton names."""
    moment = _find_moment(value, context, zone)
    if not isinstance(moment, datetime):
        return _as_it_is(value)
    chosen, locale = _style(style, "local_time"), context.reader.locale
    if chosen in STYLES:
        return dates.format_time(moment, chosen, tzinfo=moment.tzinfo, locale=locale)
    return _by_skeleton(chosen, moment, context)


@with_context
def local_datetime(value: object, style: object = "medium", zone: object = None, *, context: HasReader) -> object:
    """Write a day and a time: `short` to `full`, or the parts that a CLDR skeleton names."""
    moment = _find_moment(value, context, zone)
    if moment is None:
        return _as_it_is(value)
    if not isinstance(moment, datetime):
        return local_date(value, style, context=context)
    chosen, locale = _style(style, "local_datetime"), context.reader.locale
    if chosen in STYLES:
        return dates.format_datetime(moment, chosen, tzinfo=moment.tzinfo, locale=locale)
    return _by_skeleton(chosen, moment, context)


@with_context
def local_number(value: object, decimals: object = None, *, context: HasReader) -> object:
    """Write a number with the language's own separators; `decimals` places when given."""
    number = _find_number(value)
    if number is None:
        return _as_it_is(value)
    if decimals is None:
        return numbers.format_decimal(number, locale=context.reader.locale)
    return numbers.format_decimal(number, _pattern("#,##0", decimals), locale=context.reader.locale)


@with_context
def local_percent(value: object, decimals: object = 0, *, context: HasReader) -> object:
    """Write a share, 0.25, as a percentage, 25 %."""
    number = _find_number(value)
    if number is None:
        return _as_it_is(value)
    locale = context.reader.locale
    whole = locale.percent_formats[None].pattern
    return numbers.format_percent(number, whole.replace("0", _pattern("0", decimals)), locale=locale)


@with_context
def currency(value: object, code: object = None, *, context: HasReader) -> object:
    """Write an amount of money: {{ order.total | currency: 'EUR' }}."""
    number = _find_number(value)
    if number is None:
        return _as_it_is(value)
    if not isinstance(code, str) or not _CURRENCY.fullmatch(code):
        raise FilterArgumentError("currency: name the currency by its three letters, such as 'EUR'", token=None)
    return numbers.format_currency(number, code, locale=context.reader.locale)


LOCAL_FILTERS: dict[str, Any] = {  # Any: filters take and return whatever Liquid values there are
    function.__name__: function
    for function in (local_date, local_time, local_datetime, local_number, local_percent, currency)
}


def _as_it_is(value: object) -> object:
    return "" if value is None or is_undefined(value) else value


def _style(style: object, name: str) -> str:
    chosen = str(style)
    if chosen not in STYLES and not _SKELETON.fullmatch(chosen):
        raise FilterArgumentError(f"{name}: write short, medium, long, full or a skeleton such as yMMMd", token=None)
    return chosen


def _by_skeleton(skeleton: str, moment: datetime, context: HasReader) -> str:
    if len(set(skeleton)) == 1:  # one part: exactly that, where babel would take the nearest pattern
        return dates.format_datetime(moment, skeleton, tzinfo=moment.tzinfo, locale=context.reader.locale)
    return dates.format_skeleton(skeleton, moment, tzinfo=moment.tzinfo, locale=context.reader.locale)


def _pattern(whole: str, decimals: object) -> str:
    places = decimals if isinstance(decimals, int) and 0 <= decimals <= _MAX_DECIMALS else 0
    return f"{whole}.{'0' * places}" if places else whole


def _find_moment(value: object, context: HasReader, zone: object) -> datetime | date | None:
    """Return a moment in the reader's zone (or the one that is named); a day stays that day wherever it is read."""
    found = _read_moment(value, context.now)
    if not isinstance(found, datetime):
        return found
    aware = found if found.tzinfo else found.replace(tzinfo=context.now.tzinfo)
    return aware.astimezone(_named(zone) or context.reader.zone)


def _named(zone: object) -> tzinfo | None:
    if zone is None or zone == "" or is_undefined(zone):
        return None
    found = find_zone(str(zone).strip())
    if found is None:
        raise FilterArgumentError("there is no such time zone; write one such as 'Europe/Berlin'", token=None)
    return found


def _read_moment(value: object, now: datetime) -> datetime | date | None:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        text = value.strip()
        if text in {"now", "today"}:
            return now
        try:
            return date.fromisoformat(text) if _DATE_ONLY.fullmatch(text) else datetime.fromisoformat(text)
        except ValueError:
            return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 36:
        return datetime.fromtimestamp(value, tz=now.tzinfo)
    return None


def _find_number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    small = number.is_finite() and abs(number.adjusted()) < _MAX_DIGITS and len(number.as_tuple().digits) <= _MAX_DIGITS
    return number if small else None
