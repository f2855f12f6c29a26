"""Routes: contacts and custom columns; companies, leads and imports have files of their own."""

from __future__ import annotations

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router, Status

from senet.accounts.access import visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.people import actions
from senet.people.company_api import router as company_router
from senet.people.exporting import export_contacts
from senet.people.import_api import router as import_router
from senet.people.lead_api import router as lead_router
from senet.people.listings import CONTACTS, CUSTOM_COLUMNS
from senet.people.models import Contact, CustomColumn
from senet.people.schemas import (
    ContactFields,
    ContactOut,
    ContactQuery,
    CustomColumnChange,
    CustomColumnIn,
    CustomColumnOut,
    CustomColumnQuery,
    ExportQuery,
)
from senet.shared.clock import utc_now
from senet.shared.csv_export import stream_csv
from senet.shared.errors import NotFound
from senet.shared.paging import Page, PageOf

router = Router(tags=["people"])
router.add_router("", company_router)
router.add_router("", import_router)
router.add_router("", lead_router)


@router.get("/contacts", response=PageOf[ContactOut], operation_id="contacts_list")
def list_contacts(request: HttpRequest, query: Query[ContactQuery]) -> Page[Contact]:
    """List the contacts one sees."""
    rows = visible(Contact.objects.select_related("company"), principal(request))
    return CONTACTS.page(rows, query)


@router.post("/contacts", response={201: ContactOut}, operation_id="contacts_create")
def create_contact(request: HttpRequest, body: ContactFields) -> Status[Contact]:
    """Add a contact."""
    me = require(request, Permission.EDIT)
    return Status(201, actions.create_contact(body.dict(exclude_unset=True), principal=me, now=utc_now()))


@router.get("/contacts/export.csv", operation_id="contacts_export")
def export_contacts_csv(
    request: HttpRequest, query: Query[ContactQuery], file: Query[ExportQuery]
) -> StreamingHttpResponse:
    """Download the contacts that the filters leave."""
    me = require(request, Permission.EXPORT)
    rows = visible(Contact.objects.all(), me)
    headings, cells = export_contacts(CONTACTS.order(CONTACTS.narrow(rows, query), query))
    return stream_csv(request, "contacts.csv", headings, cells, safe=file.safe)


@router.get("/contacts/{contact_id}", response=ContactOut, operation_id="contacts_get")
def get_contact(request: HttpRequest, contact_id: int) -> Contact:
    """Return one contact."""
    rows = visible(Contact.objects.select_related("company"), principal(request))
    contact = rows.filter(pk=contact_id).first()
    if contact is None:
        raise NotFound("There is no contact by that number.")
    return contact


@router.patch("/contacts/{contact_id}", response=ContactOut, operation_id="contacts_update")
def update_contact(request: HttpRequest, contact_id: int, body: ContactFields) -> Contact:
    """Change what is given of a contact; custom columns are merged, null removes one."""
    me = require(request, Permission.EDIT)
    return actions.change_contact(contact_id, body.dict(exclude_unset=True), principal=me, now=utc_now())


@router.delete("/contacts/{contact_id}", response={204: None}, operation_id="contacts_delete")
def delete_contact(request: HttpRequest, contact_id: int) -> Status[None]:
    """Delete a contact for good."""
    me = require(request, Permission.EDIT)
    actions.delete_contact(contact_id, principal=me, now=utc_now())
    return Status(204, None)


@router.get("/custom-columns", response=PageOf[CustomColumnOut], operation_id="custom_columns_list")
def list_custom_columns(request: HttpRequest, query: Query[CustomColumnQuery]) -> Page[CustomColumn]:
    """List the organisation's own columns."""
    principal(request)
    return CUSTOM_COLUMNS.page(CustomColumn.objects.all(), query)


@router.post("/custom-columns", response={201: CustomColumnOut}, operation_id="custom_columns_create")
def create_custom_column(request: HttpRequest, body: CustomColumnIn) -> Status[CustomColumn]:
    """Define a column."""
    require(request, Permission.ADMINISTER)
    column = actions.add_custom_column(
        entity=body.entity,
        key=body.key,
        label=body.label,
        kind=body.kind,
        options=body.options,
        option_labels=body.option_labels,
    )
    return Status(201, column)


@router.get("/custom-columns/{column_id}", response=CustomColumnOut, operation_id="custom_columns_get")
def get_custom_column(request: HttpRequest, column_id: int) -> CustomColumn:
    """Return one column's definition."""
    principal(request)
    column = CustomColumn.objects.filter(pk=column_id).first()
    if column is None:
        raise NotFound("There is no custom column by that number.")
    return column


@router.patch("/custom-columns/{column_id}", response=CustomColumnOut, operation_id="custom_columns_update")
def update_custom_column(request: HttpRequest, column_id: int, body: CustomColumnChange) -> CustomColumn:
    """Change a column's label, add options, or say what they are called in other languages."""
    require(request, Permission.ADMINISTER)
    return actions.change_custom_column(
        column_id, label=body.label, options=body.options, option_labels=body.option_labels
    )


@router.delete("/custom-columns/{column_id}", response={204: None}, operation_id="custom_columns_delete")
def delete_custom_column(request: HttpRequest, column_id: int) -> Status[None]:
    """Forget a column; its values stay in the records, unseen."""
    require(request, Permission.ADMINISTER)
    actions.drop_custom_column(column_id)
    return Status(204, None)
