"""The shapes of this room's answers."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema


class KpiValueOut(Schema):
    """One number with its words. `unit` is count or ratio (0–1)."""

    key: str
    name: str
    description: str
    unit: str
    value: float | None
    numerator: int | None
    denominator: int | None


class ResponseOut(Schema):
    """One hour or day."""

    at: datetime
    delivered: int
    opened: int
    clicked: int
    bounced: int
    unsubscribed: int


class TopLinkOut(Schema):
    """A link and its clicks."""

    link: int
    url: str
    label: str
    total_clicks: int
    unique_clicks: int
    link_ctr: float | None
    link_ctr_delivered: float | None


class ReasonCountOut(Schema):
    """How many, and why."""

    reason: str
    label: str
    count: int


class BreakdownOut(Schema):
    """Results of one domain or country."""

    name: str
    sent: int
    delivered: int
    bounced: int
    blocked: int
    opened: int
    clicked: int


class EmailOverviewOut(Schema):
    """An email's page."""

    email_id: int
    as_of: datetime | None
    kpis: list[KpiValueOut]
    responses: list[ResponseOut]
    responses_by: str
    top_links: list[TopLinkOut]
    blocked: list[ReasonCountOut]
    domains: list[BreakdownOut]
    countries: list[BreakdownOut]


class PathCountOut(Schema):
    """How many went which way."""

    branch: int
    label: str
    count: int


class TileKpiOut(Schema):
    """A number that belongs to what a tile does."""

    key: str
    name: str
    value: float | None


class TileNumbersOut(Schema):
    """One tile's panel."""

    tile: int
    kind: str
    name: str
    inflow: int
    processing: int
    queued: int
    stopped: int
    expired: int
    failed: int
    processed: int
    total: int
    paths: list[PathCountOut]
    stopped_reasons: list[ReasonCountOut]
    kpis: list[TileKpiOut]


class JourneyNumbersOut(Schema):
    """The numbers of a journey's tiles."""

    journey_id: int
    as_of: datetime | None
    tiles: list[TileNumbersOut]


class GlossaryEntry(Schema):
    """A KPI's definition."""

    key: str
    name: str
    description: str
    unit: str
    appears: list[str]


class TimelineEntryOut(Schema):
    """One entry of a timeline."""

    id: int
    type: str
    meaning: str
    at: datetime
    journey_id: int | None
    iteration: int | None
    tile: int | None
    email_id: int | None
    message_id: int | None
    link: int | None
    list_id: int | None
    verdict: str
    browser: str
    os: str
    device: str
    reason: str
    branch: int | None


class TimelineOut(Schema):
    """A page of a timeline."""

    items: list[TimelineEntryOut]
    next_cursor: str | None
    as_of: datetime | None


class InvariantOut(Schema):
    """One invariant."""

    name: str
    description: str
    holds: bool
    checked: int
    broken: str


class AuditOut(Schema):
    """The audit's report."""

    clean: bool
    as_of: datetime | None
    checks: list[InvariantOut]


class AbVersionOut(Schema):
    """One version of an A/B test: all its messages, and (tested_…) the sample that decides, without robots."""

    messages: int
    sampled: int
    sent: int
    delivered: int
    hard_bounced: int
    soft_bounced: int
    block_bounced: int
    opens: int
    unique_opens: int
    clicks: int
    unique_clicks: int
    unsubscribed: int
    tested_sent: int
    tested_opens: int
    tested_clicks: int


class AbResultsOut(Schema):
    """An A/B test's numbers."""

    ab_test_id: int
    as_of: datetime | None
    a: AbVersionOut
    b: AbVersionOut


class ArrivalsOut(Schema):
    """How mails arrived."""

    sent: int
    delivered: int
    hard_bounces: int
    other_bounces: int
    complaints: int


class DayArrivalsOut(ArrivalsOut):
    """How the mails of one day (UTC) arrived."""

    day: date


class DomainArrivalsOut(ArrivalsOut):
    """How mails to one domain arrived."""

    domain: str


class JudgedRateOut(Schema):
    """A rate (0–1), the one to look after and the limit. `state`: good, watch, over_the_limit, too_few."""

    state: str
    rate: float | None
    watched: float
    limit: float


class DeliverabilityOut(Schema):
    """How mails arrived in the last thirty days. Attempts on suppressed addresses are not among them."""

    as_of: datetime | None
    since: datetime
    total: ArrivalsOut
    bounces: JudgedRateOut
    complaints: JudgedRateOut
    days: list[DayArrivalsOut]
    domains: list[DomainArrivalsOut]
