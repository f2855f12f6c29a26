"""Turns a query value into ClickHouse SQL: allow-listed identifiers, bound values, and the cheapest table that answers.

This is one of the two places in Senet where SQL text is put together; its output is held by a snapshot test.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from senet.insights.values import Filters, Verdict

_RESPONSES = ("EmailOpened", "EmailClicked")
_VERDICTS: Mapping[Verdict, tuple[str, ...]] = {
    Verdict.HUMAN: ("human", "unknown"),
    Verdict.BOT: ("bot",),
    Verdict.PROXY: ("proxy",),
    Verdict.UNKNOWN: ("unknown",),
}
_COUNTED = {
    "events": "count",
    "messages": "uniqExact",
    "links": "uniqExact",
}
_ARGUMENTS = {"messages": "message_id", "links": "(message_id, version, link)"}


@dataclass(frozen=True, slots=True)
class Measure:
    """A named count over some interaction types: of events, of messages, or of pairs of a message and a link."""

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


# Dimension → expression over email_event, and over email_hour where that has it.
_DIMENSIONS: Mapping[str, tuple[str, str | None]] = {
    "type": ("type", "type"),
    "reason": ("reason", "reason"),
    "verdict": ("verdict", "verdict"),
    "journey": ("journey_id", "journey_id"),
    "email": ("email_id", "email_id"),
    "hour": ("toStartOfHour(at)", "hour"),
    "day": ("toStartOfDay(at)", "toStartOfDay(hour)"),
    "domain": ("domain", None),
    "version": ("version", None),
    "link": ("link", None),
    "tile": ("tile", None),
    "country": ("country", None),
}
_COUNTRY = (
    " ANY LEFT JOIN (SELECT id, country FROM contact FINAL WHERE id IN"
    " (SELECT contact_id FROM email_event WHERE {where})) AS mirrored ON mirrored.id = contact_id"
)


def compile_query(query: Query) -> Compiled:
    """Return the SQL of a query over the events of emails. Raises: KeyError for a name that is not allowed."""
    hourly = _fits_hours(query)
    parameters: dict[str, object] = {}
    names = [f"{_DIMENSIONS[name][1 if hourly else 0]} AS by_{name}" for name in query.by]
    measures = [_compile_measure(measure, number, parameters, hourly) for number, measure in enumerate(query.measures)]
    conditions = _compile_filters(query.filters, parameters, hourly)
    parameters["types"] = sorted({name for measure in query.measures for name in measure.types})
    where = " AND ".join([*conditions, "type IN {types:Array(String)}"])
    source = "email_hour" if hourly else "email_event"
    if "country" in query.by:
        source += _COUNTRY.format(where=where)
    sql = f"SELECT {', '.join([*names, *measures])} FROM {source} WHERE {where}"
    if query.by:
        keys = ", ".join(f"by_{name}" for name in query.by)
        first = f"{query.measures[0].name} DESC, " if query.largest_first else ""
        sql += f" GROUP BY {keys} ORDER BY {first}{keys}"
    if query.limit is not None:
        sql += f" LIMIT {int(query.limit)}"
    return Compiled(sql, parameters)


def _fits_hours(query: Query) -> bool:
    """Whether the roll-up by the hour answers: totals only, whole hours, no dimension that it lacks."""
    return (
        all(measure.counted == "events" for measure in query.measures)
        and all(_DIMENSIONS[name][1] is not None for name in query.by)
        and query.filters.tile is None
        and all(_is_whole_hour(moment) for moment in (query.filters.since, query.filters.until))
    )


def _is_whole_hour(moment: datetime | None) -> bool:
    return moment is None or (moment.minute, moment.second, moment.microsecond) == (0, 0, 0)


def _compile_measure(measure: Measure, number: int, parameters: dict[str, object], hourly: bool) -> str:
    function = _COUNTED[measure.counted]
    if not measure.name.isidentifier():
        raise KeyError(measure.name)
    name = f"types_{number}"
    parameters[name] = list(measure.types)
    condition = f"type IN {{{name}:Array(String)}}"
    if hourly:
        return f"sumIf(events, {condition}) AS {measure.name}"
    arguments = f"{_ARGUMENTS[measure.counted]}, " if measure.counted in _ARGUMENTS else ""
    return f"{function}If({arguments}{condition}) AS {measure.name}"


def _compile_filters(filters: Filters, parameters: dict[str, object], hourly: bool) -> list[str]:
    at = "hour" if hourly else "at"
    conditions = []
    for column, value in (("email_id", filters.email_id), ("journey_id", filters.journey_id), ("tile", filters.tile)):
        if value is not None:
            conditions.append(f"{column} = {{{column}:UInt64}}")
            parameters[column] = value
    conditions += compile_period(filters, at, parameters)
    if filters.verdict is not Verdict.ALL:
        conditions.append("(type NOT IN {responses:Array(String)} OR verdict IN {verdicts:Array(String)})")
        parameters["responses"] = list(_RESPONSES)
        parameters["verdicts"] = list(_VERDICTS[filters.verdict])
    return conditions or ["1"]


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
    where = " AND ".join(_compile_filters(filters, parameters, hourly=False))
    return Compiled(
        f"SELECT uniqExact(message_id) FROM email_event WHERE {where} AND type = 'EmailDelivered' AND message_id NOT IN"
        f" (SELECT message_id FROM email_event WHERE {where} AND type IN ('EmailOpened', 'EmailHardRemoteBounced',"
        " 'EmailSoftRemoteBounced'))",
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
    if _is_whole_hour(filters.since) and _is_whole_hour(filters.until):
        period = "".join(f" AND {one}" for one in compile_period(filters, "hour", parameters))
        return Compiled(
            "SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM tile_hour"
            f" WHERE journey_id = {{journey_id:UInt64}}{tile}{period} GROUP BY tile, outcome, reason, branch"
            " ORDER BY tile, outcome, reason, branch",
            parameters,
        )
    period = "".join(f" AND {one}" for one in compile_period(filters, "arrived_at", parameters))
    where = f"journey_id = {{journey_id:UInt64}}{tile}{period}"
    return Compiled(
        "SELECT tile, outcome, reason, branch, sum(arrived), sum(departed) FROM ("
        "SELECT tile, '' AS outcome, '' AS reason, toInt16(-1) AS branch, count() AS arrived, 0 AS departed"
        f" FROM visit_arrival WHERE {where} GROUP BY tile UNION ALL "
        "SELECT tile, toString(outcome) AS outcome, toString(reason) AS reason, branch, 0 AS arrived,"
        f" count() AS departed FROM visit_departure WHERE {where} GROUP BY tile, outcome, reason, branch"
        ") GROUP BY tile, outcome, reason, branch ORDER BY tile, outcome, reason, branch",
        parameters,
    )
