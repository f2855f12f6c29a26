"""Which operators suit which kind of column, and what each of them needs. The API shows this table to the builder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from senet.audiences.definition import Operator as Op


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    NUMBER = "number"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    CHOICE = "choice"
    CHOICES = "choices"
    RECORD = "record"  # the id of another record


class Needs(StrEnum):
    """What an operator is given."""

    NOTHING = "nothing"
    VALUE = "value"
    VALUES = "values"  # one or more
    TWO = "two"  # a lower and an upper bound, both included
    SPAN = "span"  # an amount and a unit
    DAYS = "days"  # an amount of days


@dataclass(frozen=True, slots=True)
class Usage:
    """One operator as a builder shows it."""

    operator: Op
    label: str
    needs: Needs


_DATA = (Usage(Op.HAS_DATA, "contains data", Needs.NOTHING), Usage(Op.HAS_NO_DATA, "has no data", Needs.NOTHING))
_EQUAL = (
    Usage(Op.IS, "is", Needs.VALUE),
    Usage(Op.IS_NOT, "is not", Needs.VALUE),
    Usage(Op.IS_IN, "is in", Needs.VALUES),
    Usage(Op.IS_NOT_IN, "is not in", Needs.VALUES),
)
_TEXT = (
    *_EQUAL,
    Usage(Op.CONTAINS, "contains", Needs.VALUES),
    Usage(Op.DOES_NOT_CONTAIN, "does not contain", Needs.VALUES),
    Usage(Op.BEGINS_WITH, "begins with", Needs.VALUES),
    Usage(Op.DOES_NOT_BEGIN_WITH, "does not begin with", Needs.VALUES),
    Usage(Op.ENDS_WITH, "ends with", Needs.VALUES),
    Usage(Op.DOES_NOT_END_WITH, "does not end with", Needs.VALUES),
    *_DATA,
)
_NUMBER = (
    Usage(Op.EQUALS, "=", Needs.VALUE),
    Usage(Op.NOT_EQUALS, "≠", Needs.VALUE),
    Usage(Op.LESS, "<", Needs.VALUE),
    Usage(Op.AT_MOST, "≤", Needs.VALUE),
    Usage(Op.GREATER, ">", Needs.VALUE),
    Usage(Op.AT_LEAST, "≥", Needs.VALUE),
    Usage(Op.BETWEEN, "is between", Needs.TWO),
    *_DATA,
)
_TIME = (
    Usage(Op.ON, "on", Needs.VALUE),
    Usage(Op.NOT_ON, "not on", Needs.VALUE),
    Usage(Op.BEFORE, "before", Needs.VALUE),
    Usage(Op.ON_OR_BEFORE, "on or before", Needs.VALUE),
    Usage(Op.AFTER, "after", Needs.VALUE),
    Usage(Op.ON_OR_AFTER, "on or after", Needs.VALUE),
    Usage(Op.BETWEEN, "is between", Needs.TWO),
    Usage(Op.TODAY, "today", Needs.NOTHING),
    Usage(Op.YESTERDAY, "yesterday", Needs.NOTHING),
    Usage(Op.TOMORROW, "tomorrow", Needs.NOTHING),
    Usage(Op.THIS_WEEK, "this week", Needs.NOTHING),
    Usage(Op.THIS_MONTH, "this month", Needs.NOTHING),
    Usage(Op.THIS_YEAR, "this year", Needs.NOTHING),
    Usage(Op.LAST, "in the last", Needs.SPAN),
    Usage(Op.NEXT, "in the next", Needs.SPAN),
    Usage(Op.OLDER_THAN, "older than", Needs.SPAN),
    Usage(Op.ANNIVERSARY_TODAY, "anniversary is today", Needs.NOTHING),
    Usage(Op.ANNIVERSARY_NEXT, "anniversary in the next days", Needs.DAYS),
    Usage(Op.ANNIVERSARY_THIS_MONTH, "anniversary is this month", Needs.NOTHING),
    Usage(Op.ANNIVERSARY_MONTH, "anniversary is in month", Needs.VALUES),
    *_DATA,
)
OPERATORS: Mapping[Kind, Sequence[Usage]] = {
    Kind.TEXT: _TEXT,
    Kind.NUMBER: _NUMBER,
    Kind.BOOLEAN: (Usage(Op.IS_TRUE, "is yes", Needs.NOTHING), Usage(Op.IS_FALSE, "is no", Needs.NOTHING), *_DATA),
    Kind.DATE: _TIME,
    Kind.DATETIME: _TIME,
    Kind.CHOICE: (*_EQUAL, *_DATA),
    Kind.CHOICES: (
        Usage(Op.ANY_OF, "contains any of", Needs.VALUES),
        Usage(Op.ALL_OF, "contains all of", Needs.VALUES),
        Usage(Op.NONE_OF, "contains none of", Needs.VALUES),
        *_DATA,
    ),
    Kind.RECORD: (*_EQUAL, *_DATA),
}
RELATIVE = frozenset(
    {
        Op.TODAY,
        Op.YESTERDAY,
        Op.TOMORROW,
        Op.THIS_WEEK,
        Op.THIS_MONTH,
        Op.THIS_YEAR,
        Op.LAST,
        Op.NEXT,
        Op.OLDER_THAN,
        Op.ANNIVERSARY_TODAY,
        Op.ANNIVERSARY_NEXT,
        Op.ANNIVERSARY_THIS_MONTH,
    }
)
# The opposite of each: true exactly when the other is false, also for people of whom nothing is known.
NEGATIVE: Mapping[Op, Op] = {
    Op.IS_NOT: Op.IS,
    Op.IS_NOT_IN: Op.IS_IN,
    Op.DOES_NOT_CONTAIN: Op.CONTAINS,
    Op.DOES_NOT_BEGIN_WITH: Op.BEGINS_WITH,
    Op.DOES_NOT_END_WITH: Op.ENDS_WITH,
    Op.HAS_NO_DATA: Op.HAS_DATA,
    Op.NOT_EQUALS: Op.EQUALS,
    Op.NOT_ON: Op.ON,
    Op.NONE_OF: Op.ANY_OF,
}


def find_usage(kind: Kind, operator: Op) -> Usage | None:
    """Return how an operator is used on a kind of column, or None when it does not suit it."""
    return next((usage for usage in OPERATORS[kind] if usage.operator is operator), None)
