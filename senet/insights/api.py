"""Routes of this room. Aggregates show the full value to everybody who may see the record they belong to."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from senet.accounts.access import check_object
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.insights import audit, queries
from senet.insights.kpis import KPIS
from senet.insights.schemas import (
    AbResultsOut,
    AuditOut,
    DeliverabilityOut,
    EmailOverviewOut,
    GlossaryEntry,
    JourneyNumbersOut,
    TimelineOut,
)
from senet.interactions.verdicts import Verdict
from senet.shared.clock import utc_now
from senet.shared.errors import NotFound
from senet.shared.period import read_period
from senet.shared.sql import fetch_all

import senet.insights  # isort: skip

router = Router(tags=["insights"])


class PeriodQuery(Schema):
    """A period: `from` is its first moment, `to` the first that is too late. Without a zone a time is UTC."""

    since: datetime | None = Field(None, alias="from")
    until: datetime | None = Field(None, alias="to")
    verdict: Verdict = Field(Verdict.ALL, description="Whose opens and clicks count.")

    def period(self) -> tuple[datetime | None, datetime | None]:
        """Return both ends in UTC. Raises: InvalidInput when the end comes before the start."""
        return read_period(self.since, self.until)


class EmailQuery(PeriodQuery):
    """The filters of an email's page."""

    journey_id: int | None = Field(None, ge=1, lt=2**63)


class TilesQuery(PeriodQuery):
    """The filters of a journey's tiles."""

    company_id: int | None = Field(None, ge=1, lt=2**63, description="Only people who belong to this company now.")


class TimelineQuery(Schema):
    """A page of a timeline."""

    cursor: str = Field("", max_length=20)
    limit: int = Field(50, ge=1, le=200)


def _check(request: HttpRequest, kind: str, record_id: int) -> None:
    """Refuse what the caller may not see. Raises: NotFound, NotAllowed."""
    rows = fetch_all(senet.insights, f"find_unit_of_{kind}", {"id": record_id}) if abs(record_id) < 2**63 else ()
    if not rows:
        raise NotFound
    check_object(rows[0][0], principal(request), Permission.VIEW)


@router.get(
    "/insights/journeys/{int:journey_id}/tiles", response=JourneyNumbersOut, operation_id="insights_journey_tiles"
)
def journey_tiles(request: HttpRequest, journey_id: int, query: Query[TilesQuery]) -> dict[str, Any]:
    """Return the numbers of a journey's tiles, of those who arrived in a period."""
    _check(request, "journey", journey_id)
    return asdict(queries.tile_numbers(journey_id, *query.period(), query.verdict, query.company_id))


@router.get(
    "/insights/emails/{int:email_id}/overview", response=EmailOverviewOut, operation_id="insights_email_overview"
)
def email_overview(request: HttpRequest, email_id: int, query: Query[EmailQuery]) -> dict[str, Any]:
    """Return an email's page: KPIs, responses over time, top links, blocks, domains, countries."""
    _check(request, "email", email_id)
    return asdict(queries.email_overview(email_id, *query.period(), query.journey_id, query.verdict))


@router.get("/insights/ab-tests/{int:test_id}", response=AbResultsOut, operation_id="insights_ab_test")
def ab_test(request: HttpRequest, test_id: int) -> dict[str, Any]:
    """Return what became of both versions of an A/B test."""
    _check(request, "ab_test", test_id)
    return asdict(queries.ab_results(test_id))


@router.get("/insights/deliverability", response=DeliverabilityOut, operation_id="insights_deliverability")
def deliverability(request: HttpRequest) -> dict[str, Any]:
    """Return how the mails of the whole installation arrived in thirty days; mailbox providers judge it as one."""
    require(request, Permission.VIEW)
    found = asdict(queries.deliverability(utc_now()))
    found["days"] = [{"day": day, **numbers} for day, numbers in found["days"]]
    found["domains"] = [{"domain": each["domain"], **each["numbers"]} for each in found["domains"]]
    return found


@router.get("/insights/glossary", response=list[GlossaryEntry], operation_id="insights_glossary")
def glossary(request: HttpRequest) -> list[dict[str, object]]:
    """Return every KPI with its definition."""
    require(request, Permission.VIEW)
    return [
        {
            "key": kpi.key,
            "name": kpi.name,
            "description": kpi.description,
            "unit": kpi.unit,
            "appears": list(kpi.appears),
        }
        for kpi in KPIS.values()
    ]


@router.get("/contacts/{int:contact_id}/timeline", response=TimelineOut, operation_id="contacts_timeline")
def contact_timeline(request: HttpRequest, contact_id: int, query: Query[TimelineQuery]) -> dict[str, Any]:
    """Return what a contact did and what was done for them, the newest first."""
    _check(request, "contact", contact_id)
    return asdict(queries.timeline(contact_id, cursor=query.cursor, limit=query.limit))


@router.get("/audit", response=AuditOut, operation_id="audit_run")
def run_audit(request: HttpRequest) -> dict[str, Any]:
    """Check that every number agrees with the ledger."""
    require(request, Permission.ADMINISTER)
    return asdict(audit.run())
