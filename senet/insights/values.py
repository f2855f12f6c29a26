"""What crosses this room's door: filters, numbers and the blocks of the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from senet.interactions.verdicts import Verdict


@dataclass(frozen=True, slots=True)
class Filters:
    """Which rows a page counts. `since` is the first moment, `until` the first that is too late; both in UTC."""

    email_id: int | None = None
    journey_id: int | None = None
    tile: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    verdict: Verdict = Verdict.ALL
    company_id: int | None = None  # only people who belong to it now


@dataclass(frozen=True, slots=True)
class KpiValue:
    """One number on a page, with the words that explain it. A rate without a denominator has no value."""

    key: str
    name: str
    description: str
    unit: str
    value: float | int | None
    numerator: int | None = None
    denominator: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """What happened in one hour or day."""

    at: datetime
    delivered: int = 0
    opened: int = 0
    clicked: int = 0
    bounced: int = 0
    unsubscribed: int = 0


@dataclass(frozen=True, slots=True)
class TopLink:
    """A link of an email and its clicks. The two rates have two names because the field uses both."""

    link: int
    url: str
    label: str
    total_clicks: int
    unique_clicks: int
    link_ctr: float | None  # of the messages with a click
    link_ctr_delivered: float | None  # of the messages delivered


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many, and why."""

    reason: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Results of one recipient domain or country."""

    name: str
    sent: int = 0
    delivered: int = 0
    bounced: int = 0
    blocked: int = 0
    opened: int = 0  # messages with an open
    clicked: int = 0  # messages with a click


@dataclass(frozen=True, slots=True)
class EmailOverview:
    """An email's insights page."""

    email_id: int
    as_of: datetime | None
    kpis: tuple[KpiValue, ...]
    responses: tuple[Response, ...]
    responses_by: str  # hour or day
    top_links: tuple[TopLink, ...]
    blocked: tuple[ReasonCount, ...]
    domains: tuple[Breakdown, ...]
    countries: tuple[Breakdown, ...]


@dataclass(frozen=True, slots=True)
class PathCount:
    """How many left a tile by one of its ways."""

    branch: int
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class TileKpi:
    """A number that belongs to what a tile does."""

    key: str
    name: str
    value: float | int | None


@dataclass(frozen=True, slots=True)
class TileNumbers:
    """A tile's volume: inflow = processing + stopped + expired + failed + processed; `queued` stand before it."""

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
    paths: tuple[PathCount, ...]
    stopped_reasons: tuple[ReasonCount, ...]
    kpis: tuple[TileKpi, ...]


@dataclass(frozen=True, slots=True)
class JourneyNumbers:
    """The numbers above the tiles of a journey."""

    journey_id: int
    as_of: datetime | None
    tiles: tuple[TileNumbers, ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One interaction of a contact, as the timeline shows it."""

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


@dataclass(frozen=True, slots=True)
class Timeline:
    """A page of a contact's timeline, the newest first; `next_cursor` leads to older entries."""

    items: tuple[TimelineEntry, ...]
    next_cursor: str | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class DelayFound:
    """How long people took: half of them no longer than the median, 84 of a hundred no longer than `slow`."""

    people: int
    median: timedelta
    slow: timedelta


@dataclass(frozen=True, slots=True)
class ReactionsFound:
    """How recipients reacted to an email at a tile of a journey; tile 0: in all other journeys together.

    Shape: unique messages. Robots do not count.
    """

    email_id: int
    tile: int
    sent: int
    delivered: int
    hard_bounced: int
    soft_bounced: int
    block_bounced: int
    opened: int
    clicked: int
    unsubscribed: int
    open_delay: DelayFound | None
    click_delay: DelayFound | None
    link_clicks: Mapping[int, int]  # of the published versions that were asked for


@dataclass(frozen=True, slots=True)
class AbVersionNumbers:
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
    tested_opens: int  # messages
    tested_clicks: int  # messages


@dataclass(frozen=True, slots=True)
class AbResults:
    """An A/B test's page."""

    ab_test_id: int
    as_of: datetime | None
    a: AbVersionNumbers
    b: AbVersionNumbers


@dataclass(frozen=True, slots=True)
class ArrivalNumbers:
    """How mails arrived. A bounce that came back after the delivery counts as a delivery and as a bounce."""

    sent: int
    delivered: int
    hard_bounces: int
    other_bounces: int
    complaints: int


@dataclass(frozen=True, slots=True)
class JudgedRate:
    """A rate (0-1) beside the one to look after and the one that mailbox providers punish.

    `state`: good, watch, over_the_limit, or too_few to judge by.
    """

    state: str
    rate: float | None
    watched: float
    limit: float


@dataclass(frozen=True, slots=True)
class DomainArrivals:
    """How mails to one domain of recipients arrived."""

    domain: str
    numbers: ArrivalNumbers


@dataclass(frozen=True, slots=True)
class Deliverability:
    """The deliverability page: thirty days (UTC), each with its numbers, and the domains most mails went to."""

    as_of: datetime | None
    since: datetime
    total: ArrivalNumbers
    bounces: JudgedRate
    complaints: JudgedRate
    days: Sequence[tuple[date, ArrivalNumbers]]
    domains: Sequence[DomainArrivals]
