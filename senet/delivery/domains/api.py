"""Routes: sending domains, their DNS records, and whether these are there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import Field

from senet.accounts.http import require
from senet.accounts.queries import has_unit
from senet.accounts.values import Permission
from senet.delivery.domains import actions
from senet.delivery.domains.keys import Purpose
from senet.delivery.domains.records import Finding, list_records
from senet.delivery.models import SendingDomain
from senet.delivery.provider_api import list_route
from senet.shared.clock import utc_now
from senet.shared.errors import InvalidInput
from senet.shared.name_servers import DnsResolver
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort
from senet.shared.sealing import SealBroken

router = Router(tags=["sending domains"])


class DomainIn(Schema):
    """A new sending domain. Its keys are made here."""

    domain: str = Field(min_length=4, max_length=253)
    bounce_domain: str = Field(
        "", max_length=253, description="Of its return paths, below it; empty: the installation's."
    )
    business_unit_id: int | None = Field(None, description="Only this unit's mails may carry it; nothing: everybody's.")
    with_ed25519: bool = Field(False, description="A second, shorter key.")
    signs: bool = Field(True, description="Sign here; else the relay does.")


class DomainChange(Schema):
    """What to change; what is left out stays."""

    bounce_domain: str | None = Field(None, max_length=253)
    business_unit_id: int | None = None
    signs: bool | None = None


class RotateIn(Schema):
    """New keys."""

    with_ed25519: bool = False


class DnsRecordOut(Schema):
    """A record to publish, and what the DNS said when it was last asked."""

    purpose: Purpose
    name: str
    kind: str
    value: str
    required: bool
    words: str
    finding: Finding


class DomainOut(Schema):
    """A sending domain. Private keys are never given out."""

    id: int
    domain: str
    business_unit_id: int | None
    bounce_domain: str
    signs: bool
    selector: str
    ed25519_selector: str
    is_confirmed: bool = Field(description="All required records were there when the DNS was last asked.")
    checked_at: datetime | None
    created_at: datetime


class DomainDetail(DomainOut):
    """With the records to publish; `trouble` says why there are none."""

    records: list[DnsRecordOut]
    trouble: str
    providers: list[str] = Field(description="Through which its mails leave: the first that works.")


DOMAINS = Listing(
    sorts={"domain": Sort("domain")}, search=lambda text: Q(domain__contains=text.lower()), default_sort="domain"
)


@router.get("/sending-domains", response=PageOf[DomainOut], operation_id="sending_domains_list")
def list_domains(request: HttpRequest, query: Query[PageQuery]) -> Page[dict[str, Any]]:
    """List sending domains."""
    require(request, Permission.VIEW)
    page = DOMAINS.page(SendingDomain.objects.all(), query)
    return Page([_show(row) for row in page.items], page.next_cursor, page.total)


@router.post("/sending-domains", response={201: DomainDetail}, operation_id="sending_domains_create")
def create_domain(request: HttpRequest, body: DomainIn) -> Status[dict[str, Any]]:
    """Make a sending domain with new keys."""
    require(request, Permission.ADMINISTER)
    _check_unit(body.business_unit_id)
    values = body.model_dump()
    made = actions.create_domain(values.pop("domain"), **values, now=utc_now())
    return Status(201, _describe(made))


@router.get("/sending-domains/{int:domain_id}", response=DomainDetail, operation_id="sending_domains_get")
def get_domain(request: HttpRequest, domain_id: int) -> dict[str, Any]:
    """Return a sending domain with the records to publish."""
    require(request, Permission.VIEW)
    return _describe(domain_id)


@router.patch("/sending-domains/{int:domain_id}", response=DomainDetail, operation_id="sending_domains_update")
def change_domain(request: HttpRequest, domain_id: int, body: DomainChange) -> dict[str, Any]:
    """Change a sending domain."""
    require(request, Permission.ADMINISTER)
    _check_unit(body.business_unit_id)
    keep_unit = "business_unit_id" not in body.model_fields_set
    actions.change_domain(domain_id, **body.model_dump(), keep_unit=keep_unit)
    return _describe(domain_id)


@router.post("/sending-domains/{int:domain_id}/rotate", response=DomainDetail, operation_id="sending_domains_rotate")
def rotate_keys(request: HttpRequest, domain_id: int, body: RotateIn) -> dict[str, Any]:
    """Give a domain new keys, under new selectors, at once."""
    require(request, Permission.ADMINISTER)
    actions.rotate_keys(domain_id, with_ed25519=body.with_ed25519, now=utc_now())
    return _describe(domain_id)


@router.post("/sending-domains/{int:domain_id}/check", response=DomainDetail, operation_id="sending_domains_check")
def check_domain(request: HttpRequest, domain_id: int) -> dict[str, Any]:
    """Ask the DNS whether the records are there."""
    require(request, Permission.EDIT)
    actions.check_domain(domain_id, DnsResolver(settings.DNS), utc_now())
    return _describe(domain_id)


check_domain.commits_by_itself = True  # type: ignore[attr-defined]  # it waits for the DNS, and writes one row


@router.delete("/sending-domains/{int:domain_id}", response={204: None}, operation_id="sending_domains_delete")
def delete_domain(request: HttpRequest, domain_id: int) -> Status[None]:
    """Remove a sending domain with its keys."""
    require(request, Permission.ADMINISTER)
    actions.delete_domain(domain_id)
    return Status(204, None)


def _check_unit(business_unit_id: int | None) -> None:
    if business_unit_id is not None and not has_unit(business_unit_id):
        raise InvalidInput("There is no such business unit.", business_unit_id=business_unit_id)


def _show(row: SendingDomain) -> dict[str, Any]:
    try:
        required = [record.purpose.value for record in list_records(row) if record.required]
    except SealBroken:
        required = [Purpose.DKIM.value]
    confirmed = all(row.findings.get(purpose) == Finding.CONFIRMED.value for purpose in required)
    names = [name for name in DomainOut.model_fields if name != "is_confirmed"]
    return {**{name: getattr(row, name) for name in names}, "is_confirmed": row.checked_at is not None and confirmed}


def _describe(domain_id: int) -> dict[str, Any]:
    row = actions.get_domain(domain_id)
    trouble = ""
    records: list[dict[str, Any]] = []
    try:
        for record in list_records(row):
            finding = row.findings.get(record.purpose.value, Finding.UNKNOWN.value)
            names = ("purpose", "name", "kind", "value", "required", "words")
            records.append({**{name: getattr(record, name) for name in names}, "finding": finding})
    except SealBroken as error:
        trouble = error.message
    return {**_show(row), "records": records, "trouble": trouble, "providers": list_route(row.domain)}
