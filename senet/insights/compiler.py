"""Turns a query value into ClickHouse SQL: allow-listed identifiers, bound values, and the cheapest table that answers.

This is one of the two places in Senet where SQL text is put together; its output is held by a snapshot test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from senet.insights.values import Filters
from senet.interactions.verdicts import JUDGED_TYPES, VERDICTS, Verdict


@dataclass(frozen=True, slots=True)
class Measure:
    """A named count over some interaction types: of events, or of messages with at least one of them."""

    name: str
    counted: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """What a block of a page asks of the events of emails."""

    measures: tuple[Measure, ...]
    filters: Filters
    by: tuple[str, ...] = ()
    limit: int | None = None
    largest_first: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL and the values it binds."""

    sql: str
    parameters: Mapping[str, object] = field(default_factory=dict)


_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Source:
    """A table, what it calls time and how finely it has it, its dimensions, and how it counts."""

    table: str
    at: str
    step: timedelta | None
    dimensions: Mapping[str, str]
    filters: frozenset[str]
    events: str
    messages: str
    always: str = ""


_ROLLED_UP = {"events": "sumIf(events, {condition})", "messages": "groupBitmapMergeIf(messages, {condition})"}
_GROUP_DIMENSIONS = {"type": "type", "verdict": "verdict", "journey": "journey_id", "email": "email_id"}
_SOURCES = (  # the cheapest first
    _Source(
        "email_hour",
        "hour",
        _HOUR,
        {
            **_GROUP_DIMENSIONS,
            "reason": "reason",
            "version": "version",
            "link": "link",
            "tile": "tile",
            "hour": "hour",
            "day": "toStartOfDay(hour)",
        },
        frozenset({"email_id", "journey_id", "tile"}),
        **_ROLLED_UP,
    ),
    *(
        _Source(
            "email_group",
            "hour",
            _HOUR,
            {**_GROUP_DIMENSIONS, name: "name", "hour": "hour", "day": "toStartOfDay(hour)"},
            frozenset({"email_id", "journey_id"}),
            **_ROLLED_UP,
            always=f"grouped_by = '{name}'",
        )
        for name in ("domain", "country")
    ),
    _Source(
        "email_event",
        "at",
        None,
        {
            **_GROUP_DIMENSIONS,
            "reason": "reason",
            "version": "version",
            "link": "link",
            "tile": "tile",
            "domain": "domain",
            "country": "country",
            "hour": "toStartOfHour(at)",
            "day": "toStartOfDay(at)",
        },
        frozenset({"email_id", "journey_id", "tile", "company_id"}),
        events="countIf({condition})",
        messages="uniqExactIf(message_id, {condition})",
    ),
)


def compile_query(query: Query) -> Compiled:
    """Return the SQL of a query over the events of emails. Raises: KeyError for a name that is not allowed."""
    source = _choose_source(query)
    parameters: dict[str, object] = {}
    names = [f"{source.dimensions[name]} AS by_{name}" for name in query.by]
    measures = [_compile_measure(measure, number, parameters, source) for number, measure in enumerate(query.measures)]
    conditions = _compile_filters(query.filters, parameters, source)
    parameters["types"] = sorted({name for measure in query.measures for name in measure.types})
    where = " AND ".join([*conditions, "type IN {types:Array(String)}"])
    sql = f"SELECT {', '.join([*names, *measures])} FROM {source.table} WHERE {where}"
    if query.by:
        keys = ", ".join(f"by_{name}" for name in query.by)
        first = f"{query.measures[0].name} DESC, " if query.largest_first else ""
        sql += f" GROUP BY {keys} ORDER BY {first}{keys}"
    if query.limit is not None:
        sql += f" LIMIT {int(query.limit)}"
    return Compiled(sql, parameters)


def _choose_source(query: Query) -> _Source:
    """Return the cheapest table that has the dimensions, the filters and the period. Raises: KeyError."""
    filters = query.filters
    names = ("email_id", "journey_id", "tile", "company_id")
    wanted = {name for name in names if getattr(filters, name) is not None}
    for source in _SOURCES:
        whole = all(_is_whole(moment, source.step) for moment in (filters.since, filters.until))
        if set(query.by) <= source.dimensions.keys() and wanted <= source.filters and whole:
            return source
    raise KeyError(query.by)


def _is_whole(moment: datetime | None, step: timedelta | None) -> bool:
    return moment is None or step is None or as_microseconds(moment) % (step // timedelta(microseconds=1)) == 0


def _compile_measure(measure: Measure, number: int, parameters: dict[str, object], source: _Source) -> str:
    if not measure.name.isidentifier():
        raise KeyError(measure.name)
    name = f"types_{number}"
    parameters[name] = list(measure.types)
    expression = {"events": source.events, "messages": source.messages}[measure.counted]
    return f"{expression.format(condition=f'type IN {{{name}:Array(String)}}')} AS {measure.name}"


def _compile_filters(filters: Filters, parameters: dict[str, object], source: _Source) -> list[str]:
    conditions = [source.always] if source.always else []
    for column, value in (("email_id", filters.email_id), ("journey_id", filters.journey_id), ("tile", filters.tile)):
        if value is not None:
            conditions.append(f"{column} = {{{column}:UInt64}}")
            parameters[column] = value
    conditions += [*compile_company(filters, parameters), *compile_period(filters, source.at, parameters)]
    if filters.verdict is not Verdict.ALL:
        conditions.append("(type NOT IN {responses:Array(String)} OR verdict IN {verdicts:Array(String)})")
        parameters["responses"] = list(JUDGED_TYPES)
        parameters["verdicts"] = list(VERDICTS[filters.verdict])
    return conditions or ["1"]


def compile_company(filters: Filters, parameters: dict[str, object]) -> list[str]:
    """Return the condition that only people of a company count, by what the mirror of contacts says now."""
    if filters.company_id is None:
        return []
    parameters["company_id"] = filters.company_id
    return ["contact_id IN (SELECT id FROM contact FINAL WHERE company_id = {company_id:UInt64})"]


def compile_period(filters: Filters, column: str, parameters: dict[str, object]) -> list[str]:
    """Return the conditions of a period on a column of time, binding its ends as microseconds."""
    conditions = []
    for name, sign, moment in (("since", ">=", filters.since), ("until", "<", filters.until)):
        if moment is not None:
            conditions.append(f"{column} {sign} fromUnixTimestamp64Micro({{{name}:Int64}}, 'UTC')")
            parameters[name] = as_microseconds(moment)
    return conditions


def as_microseconds(moment: datetime) -> int:
    """Return a moment as microseconds since 1970, exactly."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + moment.microsecond


def compile_unopened(filters: Filters) -> Compiled:
    """Return the SQL that counts messages delivered in a period and not opened in it."""
    parameters: dict[str, object] = {}
    probe = Query((Measure("opened", "messages", ()),), filters)
    source = _choose_source(probe)
    where = " AND ".join(_compile_filters(filters, parameters, source))
    state = "groupBitmapMergeStateIf(messages" if source.step else "groupBitmapStateIf(message_id"
    taken = "type IN ('EmailOpened', 'EmailHardRemoteBounced', 'EmailSoftRemoteBounced')"
    return Compiled(
        f"SELECT bitmapAndnotCardinality({state}, type = 'EmailDelivered'), {state}, {taken}))"
        f" FROM {source.table} WHERE {where}",
        parameters,
    )


def compile_volumes(filters: Filters) -> Compiled:
    """Return the SQL of a journey's movement by tile, outcome, reason and branch, for arrivals within a period.

    Shape: tile, outcome, reason, branch, arrived, departed.
    """
    parameters: dict[str, object] = {"journey_id": filters.journey_id}
    tile = ""
    if filters.tile is not None:
        tile, parameters["tile"] = " AND tile = {tile:UInt32}", filters.tile
    if filters.company_id is None and _is_whole(filters.since, _HOUR) and _is_whole(filters.until, _HOUR):
        period = "".join(f" AND {one}" for one in compile_period(filters, "hour", parameters))
        return Compiled(
            "SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM tile_hour"
            f" WHERE journey_id = {{journey_id:UInt64}}{tile}{period} GROUP BY tile, outcome, reason, branch"
            " ORDER BY tile, outcome, reason, branch",
            parameters,
        )
    narrowed = [*compile_company(filters, parameters), *compile_period(filters, "arrived_at", parameters)]
    period = "".join(f" AND {one}" for one in narrowed)
    where = f"journey_id = {{journey_id:UInt64}}{tile}{period}"
    return Compiled(
        "SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM ("
        "SELECT tile, '' AS outcome, '' AS reason, toInt16(-1) AS branch, count() AS arrived, 0 AS departed"
        f" FROM visit_arrival WHERE {where} GROUP BY tile UNION ALL "
        "SELECT tile, toString(outcome) AS outcome, toString(reason) AS reason, branch, 0 AS arrived,"
        f" sum(weight) AS departed FROM visit_departure WHERE {where} GROUP BY tile, outcome, reason, branch"
        ") GROUP BY tile, outcome, reason, branch ORDER BY tile, outcome, reason, branch",
        parameters,
    )


def compile_outside(filters: Filters) -> tuple[Compiled, Compiled]:
    """Return the SQL of what a journey's tiles asked of the outside in a period, and of what became of it in the end.

    Shape: tile, type, name, events; then tile, calls that failed and have not succeeded, activities with a response.
    """
    parameters: dict[str, object] = {"journey_id": filters.journey_id}
    narrowed = [*compile_company(filters, parameters), *compile_period(filters, "at", parameters)]
    where = " AND ".join(["journey_id = {journey_id:UInt64}", *narrowed])
    events = f"SELECT tile, type, name, count() FROM tile_event WHERE {where} GROUP BY tile, type, name"
    subjects = (
        "SELECT tile, subject, type LIKE '%Channel%' AS is_activity, countIf(type = 'WorkflowCallSucceeded') AS done,"
        " countIf(type = 'ActivityContactProcessingFailed') AS failed, countIf(type = 'CustomChannelResponse') AS told"
        f" FROM tile_event WHERE {where} GROUP BY tile, subject, is_activity"
    )
    ends = f"SELECT tile, countIf(failed > 0 AND done = 0), countIf(told > 0) FROM ({subjects}) GROUP BY tile"
    return Compiled(events, parameters), Compiled(ends, parameters)
