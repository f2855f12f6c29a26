"""The email's page: KPIs, responses over time, top links, blocks by reason, results by domain and country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from senet.content.queries import load_links
from senet.content.values import Link, declared_number
from senet.insights.compiler import Compiled, Measure, Query, compile_query, compile_unopened
from senet.insights.freshness import find_as_of
from senet.insights.kpis import EMAIL_KPIS, Kpi
from senet.insights.kpis.email import CLICKED, HARD, OPENED, SOFT
from senet.insights.kpis.values import Counts, Ratio, Total, UniqueLinks, UniqueMessages, count_of, evaluate
from senet.insights.values import Breakdown, EmailOverview, Filters, KpiValue, ReasonCount, Response, TopLink
from senet.interactions.clickhouse import fetch_rows
from senet.interactions.types import BLOCKED_TYPES, TYPES

_BY_KEY = {kpi.key: kpi for kpi in EMAIL_KPIS}
_BOUNCED = (*HARD, *SOFT, "EmailBlockBounced")
_TOP_LINKS = 10
_TOP_NAMES = 50
_HOURS_SHOWN = timedelta(days=3)
_MOST_BUCKETS = 750


def read_overview(filters: Filters) -> EmailOverview:
    """Return the page of an email, for a period, a journey and whose opens and clicks count."""
    assert filters.email_id is not None  # noqa: S101  the page's own parameter
    counts = count_email(filters, EMAIL_KPIS)
    responses, by = _read_responses(filters)
    return EmailOverview(
        email_id=filters.email_id,
        as_of=find_as_of("interaction"),
        kpis=make_values(EMAIL_KPIS, counts, filters),
        responses=responses,
        responses_by=by,
        top_links=_read_links(filters, counts),
        blocked=_read_blocked(filters),
        domains=_read_breakdown(filters, "domain"),
        countries=_read_breakdown(filters, "country"),
    )


def count_email(filters: Filters, kpis: Iterable[Kpi]) -> Counts:
    """Count what some KPIs of emails need: totals and messages by type, and messages by link."""
    expressions = [kpi.expression for kpi in kpis]
    types = sorted({name for one in expressions if isinstance(one, Total) for name in one.types})
    uniques = {one.types for one in expressions if isinstance(one, UniqueMessages)}
    links = {one.types for one in expressions if isinstance(one, UniqueLinks)}
    totals = _run(compile_query(Query((Measure("events", "events", tuple(types)),), filters, by=("type",))))
    return Counts(
        events={name: int(events) for name, events in totals},
        messages=_count_messages(filters, sorted(uniques)),
        links={one: sum(unique for *_, unique in _read_link_rows(filters, one)) for one in links},
    )


def _count_messages(filters: Filters, uniques: Sequence[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    if not uniques:
        return {}
    measures = tuple(Measure(f"unique_{number}", "messages", types) for number, types in enumerate(uniques))
    (row,) = _run(compile_query(Query(measures, filters)))
    return {types: int(count) for types, count in zip(uniques, row, strict=True)}


def _read_link_rows(filters: Filters, types: tuple[str, ...]) -> Sequence[tuple[int, int, int, int]]:
    """Return (version, link, events, messages) of every link."""
    measures = (Measure("total", "events", types), Measure("unique", "messages", types))
    rows = _run(compile_query(Query(measures, filters, by=("version", "link"))))
    return [(int(version), int(number), int(total), int(unique)) for version, number, total, unique in rows]


def make_values(kpis: Sequence[Kpi], counts: Counts, filters: Filters) -> tuple[KpiValue, ...]:
    """Return KPIs with their words. In a period, who did not open is asked for: deliveries and opens may lie apart."""
    in_period = filters.since is not None or filters.until is not None
    values = []
    for kpi in kpis:
        value = evaluate(kpi, _BY_KEY, counts)
        if kpi.key == "did_not_open" and in_period:
            value = int(_run(compile_unopened(filters))[0][0])
        numerator = denominator = None
        if isinstance(kpi.expression, Ratio):
            numerator = count_of((kpi.expression.numerator,), _BY_KEY, counts)
            denominator = count_of((kpi.expression.denominator,), _BY_KEY, counts)
        values.append(KpiValue(kpi.key, kpi.name, kpi.description, kpi.unit, value, numerator, denominator))
    return tuple(values)


def _read_responses(filters: Filters) -> tuple[tuple[Response, ...], str]:
    """Return the time line without gaps: by the hour over up to three days, by the day beyond."""
    measures = (
        Measure("delivered", "events", ("EmailDelivered",)),
        Measure("opened", "events", OPENED),
        Measure("clicked", "events", CLICKED),
        Measure("bounced", "events", _BOUNCED),
        Measure("unsubscribed", "events", ("SegmentUnsubscribed",)),
    )
    rows = _run(compile_query(Query(measures, filters, by=("hour",))))
    hours = {_aware(row[0]): [int(count) for count in row[1:]] for row in rows}
    if not hours:
        return (), "hour"
    first, last = min(hours), max(hours)
    if last - first < _HOURS_SHOWN:
        return _fill(hours, first, last, timedelta(hours=1)), "hour"
    days: dict[datetime, list[int]] = {}
    for hour, values in hours.items():
        day = days.setdefault(hour.replace(hour=0), [0] * len(values))
        day[:] = [one + other for one, other in zip(day, values, strict=True)]
    return _fill(days, min(days), max(days), timedelta(days=1)), "day"


def _fill(
    buckets: Mapping[datetime, list[int]], first: datetime, last: datetime, step: timedelta
) -> tuple[Response, ...]:
    count = (last - first) // step + 1
    if count > _MOST_BUCKETS:
        return tuple(Response(at, *buckets[at]) for at in sorted(buckets))
    moments = [first + step * number for number in range(count)]
    return tuple(Response(at, *buckets.get(at, ())) for at in moments)


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _read_links(filters: Filters, counts: Counts) -> tuple[TopLink, ...]:
    """Return the links with the most clicks; versions of the email that share an address share its clicks."""
    rows = _read_link_rows(filters, CLICKED)
    known = load_links({version for version, *_ in rows})
    merged: dict[tuple[str, str], list[int]] = {}
    for version, number, total, unique in rows:
        link = known.get((version, declared_number(number))) or Link(number, "", f"Link {number}")
        entry = merged.setdefault((link.url, link.label), [link.number, 0, 0])
        entry[1] += total
        entry[2] += unique
    clicked = counts.messages.get(CLICKED, 0)
    delivered = count_of(("delivered",), _BY_KEY, counts)
    links = [
        TopLink(number, url, label, total, unique, _share(unique, clicked), _share(unique, delivered))
        for (url, label), (number, total, unique) in merged.items()
    ]
    return tuple(sorted(links, key=lambda link: (-link.total_clicks, link.link))[:_TOP_LINKS])


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _read_blocked(filters: Filters) -> tuple[ReasonCount, ...]:
    query = Query(
        (Measure("blocked", "events", BLOCKED_TYPES),), filters, by=("type",), limit=_TOP_NAMES, largest_first=True
    )
    return tuple(
        ReasonCount(name, TYPES[name].meaning if name in TYPES else name, int(count))
        for name, count in _run(compile_query(query))
    )


def _read_breakdown(filters: Filters, dimension: str) -> tuple[Breakdown, ...]:
    measures = (
        Measure("sent", "events", ("EmailSent",)),
        Measure("delivered", "events", ("EmailDelivered",)),
        Measure("bounced", "events", _BOUNCED),
        Measure("blocked", "events", BLOCKED_TYPES),
        Measure("opened", "messages", OPENED),
        Measure("clicked", "messages", CLICKED),
    )
    query = Query(measures, filters, by=(dimension,), limit=_TOP_NAMES, largest_first=True)
    return tuple(
        Breakdown(str(name), *(int(count) for count in counts)) for name, *counts in _run(compile_query(query))
    )


def _run(compiled: Compiled) -> Sequence[Sequence[Any]]:  # columns of the query's own types
    return fetch_rows(compiled.sql, compiled.parameters)
