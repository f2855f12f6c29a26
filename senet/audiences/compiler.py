"""Compiles a segment's definition to SQL: a condition over `contact` and, when it is asked for, `company`.

One of the two places that write SQL text. Identifiers come from the catalogue of `fields.py` and from this file;
everything that a person typed (values, custom keys, ids, the time zone) is a bound parameter. A condition is true or
false, never unknown: a positive operator is false where there is no data, its opposite is true there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from senet.audiences.definition import Clause, Group, Membership, Operator
from senet.audiences.fields import Catalogue, Field
from senet.audiences.operators import NEGATIVE, RELATIVE, Kind
from senet.audiences.windows import Days, Moments, find_anniversaries, find_days, find_moments

# What a text must look like before PostgreSQL is asked to read it as a date or a time: a stray value in a custom
# column must not stop the whole segment.
_YEAR_DAY = (
    "[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_LEAP_DAY = "(?:[12][0-9](?:0[48]|[2468][048]|[13579][26])|(?:1[26]|2[048])00)-02-29"
_DAY = f"(?:{_YEAR_DAY}|{_LEAP_DAY})"
_CLOCK = (
    "[T ](?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:[.][0-9]{1,6})?)?(?:Z|[+-](?:0[0-9]|1[0-4])(?::?[0-5][0-9])?)?"
)
DATE_SHAPE = f"^{_DAY}$"
DATETIME_SHAPE = f"^{_DAY}(?:{_CLOCK})?$"

_COMPARE = {
    Operator.EQUALS: "=",
    Operator.LESS: "<",
    Operator.AT_MOST: "<=",
    Operator.GREATER: ">",
    Operator.AT_LEAST: ">=",
}
_ANNIVERSARIES = frozenset(
    {
        Operator.ANNIVERSARY_TODAY,
        Operator.ANNIVERSARY_NEXT,
        Operator.ANNIVERSARY_THIS_MONTH,
        Operator.ANNIVERSARY_MONTH,
    }
)
_TIME_KINDS = frozenset({Kind.DATE, Kind.DATETIME})


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled definition. `sql` goes behind WHERE, `join` behind FROM contact.

    `uses_company` and `uses_time` say that people may come and go although no contact changed; `audiences` are the
    segments and lists whose own changes matter.
    """

    sql: str
    join: str
    parameters: Mapping[str, Any]
    uses_company: bool
    uses_time: bool
    audiences: tuple[tuple[str, int], ...]


def compile_definition(definition: Group, catalogue: Catalogue, zone: ZoneInfo, now: datetime) -> Condition:
    """Return a checked definition as SQL.

    Raises: KeyError or ValueError for a definition that `check_definition` refuses.
    """
    writer = _Writer(catalogue, zone, now)
    sql = writer.group(definition)
    return Condition(
        sql=sql,
        join="LEFT JOIN company ON company.id = contact.company_id" if writer.uses_company else "",
        parameters=writer.parameters,
        uses_company=writer.uses_company,
        uses_time=writer.uses_time,
        audiences=tuple(sorted(writer.audiences)),
    )


@dataclass(slots=True)
class _Writer:
    catalogue: Catalogue
    zone: ZoneInfo
    now: datetime
    parameters: dict[str, Any] = field(default_factory=dict)
    audiences: set[tuple[str, int]] = field(default_factory=set)
    uses_company: bool = False
    uses_time: bool = False

    def bind(self, value: object) -> str:
        name = f"p{len(self.parameters) + 1}"
        self.parameters[name] = value
        return f"%({name})s"

    # -- the tree --------------------------------------------------------------------------------------------------

    def node(self, node: Clause | Membership | Group) -> str:
        if isinstance(node, Group):
            return self.group(node)
        return self.membership(node) if isinstance(node, Membership) else self.clause(node)

    def group(self, group: Group) -> str:
        if not group.items:
            raise ValueError("A group holds at least one condition.")
        joint = " AND " if group.join == "and" else " OR "
        text = f"({joint.join(self.node(item) for item in group.items)})"
        return f"NOT {text}" if group.negate else text

    def membership(self, node: Membership) -> str:
        self.audiences.update((node.audience, number) for number in node.ids)
        table, column = {"segment": ("segment_member", "segment_id"), "list": ("list_member", "list_id")}[node.audience]
        ids = self.bind(list(node.ids))
        text = (
            f"EXISTS (SELECT FROM {table} WHERE {table}.contact_id = contact.id"
            f" AND {table}.{column} = ANY({ids}::bigint[]))"
        )
        return f"NOT {text}" if node.containment == "not_in" else text

    def clause(self, clause: Clause) -> str:
        found = self.catalogue[clause.field]
        self.uses_company |= found.entity == "company"
        self.uses_time |= clause.operator in RELATIVE
        positive = NEGATIVE.get(clause.operator)
        if positive is None:
            return self.positive(found, clause)
        return f"NOT {self.positive(found, clause.model_copy(update={'operator': positive}))}"

    def positive(self, found: Field, clause: Clause) -> str:  # noqa: PLR0911  a line a kind
        if clause.operator is Operator.HAS_DATA:
            return self.has_data(found)
        match found.kind:
            case Kind.TEXT | Kind.CHOICE:
                return self.text(found, clause)
            case Kind.NUMBER:
                return self.number(found, clause)
            case Kind.BOOLEAN:
                return (
                    f"coalesce({self.value(found)}, false)" if clause.operator is Operator.IS_TRUE else self.no(found)
                )
            case Kind.DATE | Kind.DATETIME:
                return self.time(found, clause)
            case Kind.CHOICES:
                return self.choices(found, clause)
            case Kind.RECORD:
                ids = self.bind([int(value) for value in clause.values])
                return self.sure(found, f"{self.value(found)} = ANY({ids}::bigint[])")

    # -- the kinds -------------------------------------------------------------------------------------------------

    def sure(self, found: Field, test: str) -> str:
        """A test that is false instead of unknown where there may be no data; left bare otherwise, for an index."""
        return f"coalesce({test}, false)" if found.nullable else f"({test})"

    def no(self, found: Field) -> str:
        return f"NOT coalesce({self.value(found)}, true)" if found.nullable else f"(NOT {self.value(found)})"

    def has_data(self, found: Field) -> str:
        if found.kind in (Kind.TEXT, Kind.CHOICE):
            return f"({self.value(found)} <> '')"
        if found.kind is Kind.CHOICES:
            return f"(jsonb_array_length({self.value(found)}) > 0)"
        return f"({self.value(found)} IS NOT NULL)"

    def text(self, found: Field, clause: Clause) -> str:
        value = f"lower({self.value(found)})"
        texts = [str(item) for item in clause.values]
        if clause.operator is Operator.IS:
            return f"({value} = lower({self.bind(texts[0])}::text))"
        if clause.operator is Operator.IS_IN:
            return f"({value} IN (SELECT lower(item) FROM unnest({self.bind(texts)}::text[]) AS item))"
        return f"({' OR '.join(self.part(value, clause.operator, item) for item in texts)})"

    def part(self, value: str, operator: Operator, item: str) -> str:
        part = f"lower({self.bind(item)}::text)"
        match operator:
            case Operator.CONTAINS:
                return f"strpos({value}, {part}) > 0"
            case Operator.BEGINS_WITH:
                return f"starts_with({value}, {part})"
            case Operator.ENDS_WITH:
                return f"right({value}, length({part})) = {part}"
        raise ValueError(f"{operator} does not suit a text")

    def number(self, found: Field, clause: Clause) -> str:
        whole = not found.custom_key and all(isinstance(item, int) for item in clause.values)
        cast = "bigint" if whole else "numeric"
        bounds = [f"{self.bind(item if whole else Decimal(str(item)))}::{cast}" for item in clause.values]
        if clause.operator is Operator.BETWEEN:
            return self.sure(found, f"{self.value(found)} BETWEEN {bounds[0]} AND {bounds[1]}")
        return self.sure(found, f"{self.value(found)} {_COMPARE[clause.operator]} {bounds[0]}")

    def choices(self, found: Field, clause: Clause) -> str:
        wanted = f"{self.bind([str(item) for item in clause.values])}::text[]"
        return f"({self.value(found)} {'?|' if clause.operator is Operator.ANY_OF else '?&'} {wanted})"

    def time(self, found: Field, clause: Clause) -> str:
        today = self.now.astimezone(self.zone).date()
        if clause.operator in _ANNIVERSARIES:
            return self.anniversary(found, find_anniversaries(clause, today))
        days = find_days(clause, today)
        span = days if found.kind is Kind.DATE else find_moments(days, self.zone, self.now)
        return self.within(found, span)

    def within(self, found: Field, span: Days | Moments) -> str:
        cast = "date" if found.kind is Kind.DATE else "timestamptz"
        ends = []
        if span.start is not None:
            ends.append(f"{self.value(found)} >= {self.bind(span.start)}::{cast}")
        if span.end is not None:
            ends.append(f"{self.value(found)} < {self.bind(span.end)}::{cast}")
        return self.sure(found, " AND ".join(ends))

    def anniversary(self, found: Field, days: list[str]) -> str:
        value = self.value(found)
        if found.kind is Kind.DATETIME:
            value = f"({value} AT TIME ZONE {self.bind(self.zone.key)}::text)"
        return self.sure(found, f"to_char({value}, 'MM-DD') = ANY({self.bind(days)}::text[])")

    # -- the columns -----------------------------------------------------------------------------------------------

    def value(self, found: Field) -> str:
        """The column as an expression of its kind; NULL, or the empty text or list, where there is no data."""
        if found.custom_key:
            return self.custom(found)
        column = f"{found.entity}.{found.column}"
        return f"coalesce({column}, '')" if found.kind is Kind.TEXT and found.nullable else column

    def custom(self, found: Field) -> str:
        key = f"{self.bind(found.custom_key)}::text"
        text, raw = f"({found.entity}.custom ->> {key})", f"({found.entity}.custom -> {key})"
        match found.kind:
            case Kind.TEXT | Kind.CHOICE:
                return f"coalesce({text}, '')"
            case Kind.NUMBER:
                return f"(CASE WHEN jsonb_typeof({raw}) = 'number' THEN {text}::numeric END)"
            case Kind.BOOLEAN:
                return f"(CASE WHEN jsonb_typeof({raw}) = 'boolean' THEN {text}::boolean END)"
            case Kind.DATE:
                return f"(CASE WHEN {text} ~ '{DATE_SHAPE}' THEN {text}::date END)"
            case Kind.DATETIME:
                return f"(CASE WHEN {text} ~ '{DATETIME_SHAPE}' THEN {text}::timestamptz END)"
            case Kind.CHOICES:
                return f"(CASE WHEN jsonb_typeof({raw}) = 'array' THEN {raw} ELSE '[]'::jsonb END)"
            case Kind.RECORD:
                raise ValueError("No custom column holds a record's id.")
