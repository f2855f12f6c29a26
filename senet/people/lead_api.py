"""Routes: leads."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from senet.accounts.access import visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.people import actions
from senet.people.exporting import export_leads
from senet.people.listings import LEADS
from senet.people.models import Lead
from senet.people.schemas import ExportQuery, LeadFields, LeadOut, LeadQuery
from senet.shared.clock import utc_now
from senet.shared.csv_export import stream_csv
from senet.shared.errors import NotFound
from senet.shared.paging import Page, PageOf

router = Router(tags=["people"])


@router.get("/leads", response=PageOf[LeadOut], operation_id="leads_list")
def list_leads(request: HttpRequest, query: Query[LeadQuery]) -> Page[Lead]:
    """List the leads one sees."""
    return LEADS.page(visible(Lead.objects.all(), principal(request)), query)


@router.post("/leads", response={201: LeadOut}, operation_id="leads_create")
def create_lead(request: HttpRequest, body: LeadFields) -> Status[Lead]:
    """Add a lead."""
    me = require(request, Permission.EDIT)
    values = {"last_name": "", **body.dict(exclude_unset=True)}
    return Status(201, actions.create_lead(values, principal=me, now=utc_now()))


@router.get("/leads/export.csv", operation_id="leads_export")
def export_leads_csv(request: HttpRequest, query: Query[LeadQuery], file: Query[ExportQuery]) -> StreamingHttpResponse:
    """Download the leads that the filters leave."""
    me = require(request, Permission.EXPORT)
    rows = visible(Lead.objects.all(), me)
    headings, cells = export_leads(LEADS.order(LEADS.narrow(rows, query), query))
    return stream_csv(request, "leads.csv", headings, cells, safe=file.safe)


@router.get("/leads/{lead_id}", response=LeadOut, operation_id="leads_get")
def get_lead(request: HttpRequest, lead_id: int) -> Lead:
    """Return one lead."""
    lead = visible(Lead.objects.all(), principal(request)).filter(pk=lead_id).first()
    if lead is None:
        raise NotFound("There is no lead by that number.")
    return lead


@router.patch("/leads/{lead_id}", response=LeadOut, operation_id="leads_update")
def update_lead(request: HttpRequest, lead_id: int, body: LeadFields) -> Lead:
    """Change what is given of a lead."""
    me = require(request, Permission.EDIT)
    return actions.change_lead(lead_id, body.dict(exclude_unset=True), principal=me, now=utc_now())


@router.delete("/leads/{lead_id}", response={204: None}, operation_id="leads_delete")
def delete_lead(request: HttpRequest, lead_id: int) -> Status[None]:
    """Delete a lead; its contact and company stay."""
    me = require(request, Permission.EDIT)
    actions.delete_lead(lead_id, principal=me)
    return Status(204, None)
