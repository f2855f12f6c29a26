"""GET /providers: what mails leave through, in which order, how fast, and how the warm-up goes. No secret is told."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from ninja import Field, Router, Schema

from senet.accounts.access import SEES_EVERYTHING
from senet.accounts.http import principal
from senet.delivery.metering import WarmUp
from senet.delivery.providers import Plan, list_plans
from senet.messages.pacing import count_of_days
from senet.shared.clock import utc_now
from senet.shared.errors import NotAllowed

router = Router(tags=["providers"])

_DAYS_AHEAD = 14
_MOST_DAYS = 60


class WarmUpDayOut(Schema):
    """A day (UTC) of a warm-up."""

    day: date
    cap: int
    used: int | None = Field(description="What senders have taken of it; nothing: the day is to come.")


class WarmUpOut(Schema):
    """A provider's first weeks, in which it sends no more than a cap a day that grows."""

    starts: date
    first: int
    factor: float
    days: list[WarmUpDayOut]


class ProviderOut(Schema):
    """A provider, as it is set; how it does is told by the senders, at /healthz."""

    name: str
    kind: str
    domains: list[str] = Field(description="The from domains it serves, with those below them; none: all.")
    rate: float | None = Field(
        description="Mails a second, by all senders together; nothing: as fast as it takes them."
    )
    warm_up: WarmUpOut | None


class ProvidersOut(Schema):
    """Every provider, the preferred one first: a mail goes to the first that serves its domain and works."""

    items: list[ProviderOut]
    domain_rates: dict[str, float] = Field(description="Mails a second to recipient domains.")
    monthly_mails: int = Field(description="Mails that may be queued in a month; 0: no limit.")
    as_of: datetime


@router.get("/providers", response=ProvidersOut, operation_id="providers_list")
def list_providers(request: HttpRequest) -> ProvidersOut:
    """List the providers that mails leave through."""
    if principal(request).role not in SEES_EVERYTHING:
        raise NotAllowed("Only administrators and marketing managers see the providers. Ask one of them.")
    now = utc_now()
    return ProvidersOut(
        items=[_show(plan, now.date()) for plan in list_plans(settings.PROVIDERS, settings.SMTP_URL)],
        domain_rates=dict(settings.DOMAIN_RATES),
        monthly_mails=settings.MONTHLY_MAILS,
        as_of=now,
    )


def list_route(domain: str) -> list[str]:
    """Return the names of the providers that mails from a domain leave through, the preferred one first."""
    return [plan.provider.name for plan in list_plans(settings.PROVIDERS, settings.SMTP_URL) if plan.serves(domain)]


def _show(plan: Plan, today: date) -> ProviderOut:
    name = plan.provider.name
    return ProviderOut(
        name=name,
        kind=urlsplit(name).scheme or name,
        domains=list(plan.domains),
        rate=plan.provider.rate,
        warm_up=_show_warm_up(name, plan.warm_up, today) if plan.warm_up else None,
    )


def _show_warm_up(name: str, plan: WarmUp, today: date) -> WarmUpOut:
    begins = max(plan.starts, today - timedelta(days=_MOST_DAYS - _DAYS_AHEAD))
    ends = max(today, plan.starts) + timedelta(days=_DAYS_AHEAD)
    days = [begins + timedelta(days=number) for number in range((ends - begins).days)]
    used = count_of_days(name, [day for day in days if day <= today])
    return WarmUpOut(
        starts=plan.starts,
        first=plan.first,
        factor=plan.factor,
        days=[
            WarmUpDayOut(day=day, cap=plan.cap(day), used=used.get(day, 0) if day <= today else None) for day in days
        ],
    )
