"""Reads: the pages' numbers. All of them come from ClickHouse and say how fresh they are (`as_of`)."""

from __future__ import annotations

from datetime import datetime

from senet.insights.pages.ab_test import read_ab_results
from senet.insights.pages.contact_timeline import read_timeline
from senet.insights.pages.deliverability import read_deliverability
from senet.insights.pages.email_overview import read_overview
from senet.insights.pages.journey_tiles import read_tiles
from senet.insights.values import AbResults, Deliverability, EmailOverview, Filters, JourneyNumbers, Timeline
from senet.interactions.verdicts import Verdict


def tile_numbers(
    journey_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
    verdict: Verdict = Verdict.ALL,
    company_id: int | None = None,
) -> JourneyNumbers:
    """Return the numbers of a journey's tiles, of those who arrived in a period, or of one company's people.

    Raises: NotFound.
    """
    return read_tiles(Filters(journey_id=journey_id, since=since, until=until, verdict=verdict, company_id=company_id))


def email_overview(
    email_id: int,
    since: datetime | None = None,
    until: datetime | None = None,
    journey_id: int | None = None,
    verdict: Verdict = Verdict.ALL,
) -> EmailOverview:
    """Return an email's page, of what happened in a period."""
    return read_overview(Filters(email_id, journey_id, None, since, until, verdict))


def timeline(contact_id: int, *, cursor: str = "", limit: int = 50) -> Timeline:
    """Return a page of a contact's timeline. Raises: InvalidInput."""
    return read_timeline(contact_id, cursor=cursor, limit=limit)


def ab_results(ab_test_id: int) -> AbResults:
    """Return what became of both versions of an A/B test. Raises: NotFound."""
    return read_ab_results(ab_test_id)


def deliverability(now: datetime) -> Deliverability:
    """Return how mails of the last thirty days arrived."""
    return read_deliverability(now)
