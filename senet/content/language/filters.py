"""The filters that templates may use: python-liquid's own, each with a limit on what goes in and comes out."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Protocol

from liquid import Environment
from liquid.exceptions import FilterArgumentError, LiquidError, ResourceLimitError
from liquid.filter import sequence_filter, with_context
from liquid.undefined import is_undefined

from senet.content.language.budget import MAX_TEXT, check_size
from senet.content.language.local_filters import LOCAL_FILTERS

Filter = Callable[..., Any]  # filters take and return whatever Liquid values there are

ALLOWED_FILTERS = frozenset(
    {
        "abs",
        "append",
        "at_least",
        "at_most",
        "capitalize",
        "ceil",
        "compact",
        "concat",
        "currency",
        "date",
        "default",
        "divided_by",
        "downcase",
        "escape",
        "escape_once",
        "first",
        "floor",
        "join",
        "last",
        "local_date",
        "local_datetime",
        "local_number",
        "local_percent",
        "local_time",
        "lstrip",
        "map",
        "minus",
        "modulo",
        "newline_to_br",
        "plus",
        "prepend",
        "qr_code_url",
        "remove",
        "remove_first",
        "remove_last",
        "replace",
        "replace_first",
        "replace_last",
        "reverse",
        "round",
        "rstrip",
        "size",
        "slice",
        "sort",
        "sort_natural",
        "split",
        "strip",
        "strip_newlines",
        "sum",
        "times",
        "truncate",
        "truncatewords",
        "uniq",
        "upcase",
        "url_decode",
        "url_encode",
        "where",
    }
)
_DATE_FORMAT = re.compile(r"(?:[^%]|%[-_0^#]?[A-Za-z%])*")
_MAX_DATE_FORMAT = 100
MAX_QR_BYTES = 500


class HasNow(Protocol):
    """What the date filter needs of its context."""

    @property
    def now(self) -> datetime:
        """Return the moment of rendering."""
        ...


def _as_datetime(value: object, now: datetime) -> datetime | None:  # noqa: PLR0911  one return a kind of value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.min, tzinfo=now.tzinfo)
    if isinstance(value, str):
        if value in {"now", "today"}:
            return now
        try:
            return datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 36:
        return datetime.fromtimestamp(value, tz=now.tzinfo)
    return None


@with_context
def format_date(value: object, template: object, *, context: HasNow) -> str:
    """Write a date, an ISO text or "now" by a strftime pattern; anything else comes back as it is."""
    if is_undefined(value) or value is None:
        return ""
    moment = _as_datetime(value, context.now)
    if moment is None or is_undefined(template):
        return value if isinstance(value, str) else str(value)
    pattern = str(template)
    if len(pattern) > _MAX_DATE_FORMAT or not _DATE_FORMAT.fullmatch(pattern):
        raise FilterArgumentError("date: this pattern is not understood", token=None)
    return moment.strftime(pattern)


class SignsCodes(Protocol):
    """What the QR filter needs of its context."""

    def sign_qr(self, text: str) -> str:
        """Return the address of a picture that says `text` as a QR code."""
        ...


@with_context
def qr_code_url(value: object, *, context: SignsCodes) -> str:
    """Return the address of a QR code: <img src="{{ contact.external_id | qr_code_url }}" alt="…">."""
    text = "" if value is None or is_undefined(value) else str(value)
    if len(text.encode()) > MAX_QR_BYTES:
        raise FilterArgumentError(f"qr_code_url: a code holds at most {MAX_QR_BYTES} bytes", token=None)
    return context.sign_qr(text) if text else ""


@sequence_filter
def keep_unique(items: Sequence[object], key: object = None) -> list[object]:
    """Return the items, each of equal ones once; with a key, those that differ in it. One pass, whatever they are."""
    seen: set[object] = set()
    kept = []
    for item in items:
        told_by = item if key is None else _read_key(item, key)
        mark = told_by if isinstance(told_by, str | int | float | None) else repr(told_by)
        if mark not in seen:
            seen.add(mark)
            kept.append(item)
    return kept


def _read_key(item: object, key: object) -> object:
    if not isinstance(item, Mapping):
        raise FilterArgumentError(f"uniq: there is no “{key}” in {type(item).__name__}", token=None)
    return item.get(key)


def _replaced_size(value: object, old: object, new: object) -> int:
    text, old, new = str(value), str(old), str(new)
    return len(text) + (text.count(old) if old else len(text) + 1) * len(new)


def _limited(name: str, function: Filter) -> Filter:
    @functools.wraps(function)
    def limited(value: object, *arguments: object, **named: object) -> object:
        check_size(value)
        for argument in arguments:
            check_size(argument)
        if name in {"replace", "join"} and arguments:
            _check_growth(name, value, arguments)
        try:
            result = function(value, *arguments, **named)
        except LiquidError:
            raise
        except (ArithmeticError, ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            raise FilterArgumentError(f"{name}: {type(error).__name__}", token=None) from error
        check_size(result)
        return result

    return limited


def _check_growth(name: str, value: object, arguments: tuple[object, ...]) -> None:
    if name == "replace":
        size = _replaced_size(value, arguments[0], arguments[1] if len(arguments) > 1 else "")
    else:
        size = len(value) * (len(str(arguments[0])) + 1) if isinstance(value, list | tuple) else 0
    if size > MAX_TEXT:
        raise ResourceLimitError("a value grew too big for one message", token=None)


def allow_filters(environment: Environment) -> None:
    """Leave only the allowed filters in an environment, each with its limits."""
    environment.filters |= {**LOCAL_FILTERS, "date": format_date, "qr_code_url": qr_code_url, "uniq": keep_unique}
    environment.filters = {
        name: _limited(name, function) for name, function in environment.filters.items() if name in ALLOWED_FILTERS
    }
