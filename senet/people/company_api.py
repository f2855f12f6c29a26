"""Routes: companies."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from senet.accounts.access import visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.people import actions
from senet.people.exporting import export_companies
from senet.people.listings import COMPANIES
from senet.people.models import Company
from senet.people.schemas import CompanyFields, CompanyOut, CompanyQuery, ExportQuery
from senet.shared.clock import utc_now
from senet.shared.csv_export import stream_csv
from senet.shared.errors import NotFound
from senet.shared.paging import Page, PageOf

router = Router(tags=["people"])


@router.get("/companies", response=PageOf[CompanyOut], operation_id="companies_list")
def list_companies(request: HttpRequest, query: Query[CompanyQuery]) -> Page[Company]:
    """List the companies one sees."""
    return COMPANIES.page(visible(Company.objects.all(), principal(request)), query)


@router.post("/companies", response={201: CompanyOut}, operation_id="companies_create")
def create_company(request: HttpRequest, body: CompanyFields) -> Status[Company]:
    """Add a company."""
    me = require(request, Permission.EDIT)
    values = {"name": "", **body.dict(exclude_unset=True)}
    return Status(201, actions.create_company(values, principal=me, now=utc_now()))


@router.get("/companies/export.csv", operation_id="companies_export")
def export_companies_csv(
    request: HttpRequest, query: Query[CompanyQuery], file: Query[ExportQuery]
) -> StreamingHttpResponse:
    """Download the companies that the filters leave."""
    me = require(request, Permission.EXPORT)
    rows = visible(Company.objects.all(), me)
    headings, cells = export_companies(COMPANIES.order(COMPANIES.narrow(rows, query), query))
    return stream_csv(request, "companies.csv", headings, cells, safe=file.safe)


@router.get("/companies/{company_id}", response=CompanyOut, operation_id="companies_get")
def get_company(request: HttpRequest, company_id: int) -> Company:
    """Return one company."""
    company = visible(Company.objects.all(), principal(request)).filter(pk=company_id).first()
    if company is None:
        raise NotFound("There is no company by that number.")
    return company


@router.patch("/companies/{company_id}", response=CompanyOut, operation_id="companies_update")
def update_company(request: HttpRequest, company_id: int, body: CompanyFields) -> Company:
    """Change what is given of a company."""
    me = require(request, Permission.EDIT)
    return actions.change_company(company_id, body.dict(exclude_unset=True), principal=me, now=utc_now())


@router.delete("/companies/{company_id}", response={204: None}, operation_id="companies_delete")
def delete_company(request: HttpRequest, company_id: int) -> Status[None]:
    """Delete a company; its contacts stay."""
    me = require(request, Permission.EDIT)
    actions.delete_company(company_id, principal=me)
    return Status(204, None)
