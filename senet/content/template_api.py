"""Routes: the gallery of email templates, emails made from them, content blocks and labels."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Author, Permission
from senet.content import labels, templates
from senet.content.actions import get_email
from senet.content.language.budget import MAX_SOURCE
from senet.content.models import ContentLabel, Email, EmailTemplate
from senet.content.preview import PREVIEW_HEADERS, make_template_preview
from senet.content.schemas import EmailOut, Strict
from senet.content.values import LegalDesignation
from senet.shared.clock import utc_now
from senet.shared.errors import NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["content"])
Labels = list[str]

TEMPLATES = Listing(
    sorts={"name": Sort("name", folded=True), "purpose": Sort("purpose"), "updated_at": Sort("updated_at")},
    filters={
        "purpose": "purpose",
        "language": "language",
        "shipped": "shipped",
        "source_kind": "source_kind",
        "label": lambda label: Q(labels__contains=[label]),
    },
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text) | Q(purpose__icontains=text),
    default_sort="name",
)
LABELS = Listing(
    sorts={"name": Sort("name", folded=True)},
    filters={},
    search=lambda text: Q(name__icontains=text),
    default_sort="name",
)


class TemplateQuery(PageQuery):
    """Filters of the gallery."""

    purpose: str | None = Field(None, max_length=100)
    language: str | None = Field(None, max_length=35)
    shipped: bool | None = None
    source_kind: Literal["html", "mjml"] | None = None
    label: str | None = Field(None, max_length=60)


class EmailTemplateRow(Schema):
    """A template in the gallery."""

    id: int
    name: str
    description: str
    purpose: str
    language: str
    labels: Labels
    subject: str
    source_kind: Literal["html", "mjml"]
    legal_designation: LegalDesignation
    shipped: bool = Field(description="It came with Senet and cannot be changed.")
    owner_id: int | None
    business_unit_id: int | None = Field(description="None: everybody's.")
    updated_at: datetime


class EmailTemplateOut(EmailTemplateRow):
    """A template in full."""

    preheader: str
    source: str


class EmailTemplateColumns(Strict):
    """What a template says of itself, and what is copied from it."""

    description: str = Field("", max_length=5_000)
    purpose: str = Field("", max_length=100)
    language: str = Field("en", max_length=35)
    labels: Labels = Field(default_factory=list, max_length=labels.MOST_LABELS)
    subject: str = Field("", max_length=2_000)
    preheader: str = Field("", max_length=2_000)
    legal_designation: LegalDesignation = LegalDesignation.COMMERCIAL
    source_kind: Literal["html", "mjml"] = "mjml"
    source: str = Field("", max_length=MAX_SOURCE)


class EmailTemplateIn(EmailTemplateColumns):
    """A new template."""

    name: str = Field(min_length=1, max_length=200)


class EmailTemplateChange(EmailTemplateColumns):
    """What to change; what is left out stays."""

    name: str = Field("", min_length=1, max_length=200)


class TemplateOfEmailIn(Strict):
    """An email to be made a template."""

    name: str = Field("", max_length=200, description="By default the email's.")
    description: str = Field("", max_length=5_000)
    purpose: str = Field("", max_length=100)
    labels: Labels = Field(default_factory=list, max_length=labels.MOST_LABELS)


class EmailOfTemplateIn(Strict):
    """An email to be made from a template."""

    name: str = Field("", max_length=200, description="By default the template's.")


class ApplyTemplateIn(Strict):
    """Whose body an email gets."""

    template_id: int


class LabelIn(Strict):
    """A label."""

    name: str = Field(min_length=1, max_length=60)
    color: str = Field("#55556a", max_length=7)


class LabelOut(Schema):
    """A label."""

    id: int
    name: str
    color: str


@router.get("/email-templates", response=PageOf[EmailTemplateRow], operation_id="email_templates_list")
def list_templates(request: HttpRequest, query: Query[TemplateQuery]) -> Page[EmailTemplate]:
    """List the gallery: shipped templates and those of the caller's business units."""
    return TEMPLATES.page(_visible(request), query)


@router.post("/email-templates", response={201: EmailTemplateOut}, operation_id="email_templates_create")
def create_template(request: HttpRequest, body: EmailTemplateIn) -> Status[EmailTemplate]:
    """Make a template."""
    return Status(201, templates.get_template(templates.create_template(body.dict(), author=author(request))))


@router.get("/email-templates/{int:template_id}", response=EmailTemplateOut, operation_id="email_templates_get")
def get_template(request: HttpRequest, template_id: int) -> EmailTemplate:
    """Return a template."""
    return _get(request, template_id, Permission.VIEW)


@router.patch("/email-templates/{int:template_id}", response=EmailTemplateOut, operation_id="email_templates_update")
def change_template(request: HttpRequest, template_id: int, body: EmailTemplateChange) -> EmailTemplate:
    """Change a template; emails made from it stay as they are."""
    _get(request, template_id, Permission.EDIT)
    templates.update_template(template_id, body.dict(exclude_unset=True))
    return templates.get_template(template_id)


@router.delete("/email-templates/{int:template_id}", response={204: None}, operation_id="email_templates_delete")
def delete_template(request: HttpRequest, template_id: int) -> Status[None]:
    """Remove a template; emails made from it stay."""
    _get(request, template_id, Permission.EDIT)
    templates.delete_template(template_id)
    return Status(204, None)


@router.get("/email-templates/{int:template_id}/preview.html", operation_id="email_templates_preview_html")
def preview_template(request: HttpRequest, template_id: int) -> HttpResponse:
    """Return the template as a sample contact would see it, for a frame: in an origin of its own, without scripts."""
    template = _get(request, template_id, Permission.VIEW)
    html = make_template_preview(template.source_kind, template.source, now=utc_now())
    return HttpResponse(html, content_type="text/html; charset=utf-8", headers=PREVIEW_HEADERS)


@router.post(
    "/email-templates/{int:template_id}/emails", response={201: EmailOut}, operation_id="email_templates_make_email"
)
def make_email(request: HttpRequest, template_id: int, body: EmailOfTemplateIn) -> Status[Email]:
    """Make a draft that begins as the template."""
    _get(request, template_id, Permission.VIEW)
    email_id = templates.create_email_from_template(template_id, author=author(request), name=body.name)
    return Status(201, get_email(email_id))


@router.post(
    "/emails/{int:email_id}/save-as-template", response={201: EmailTemplateOut}, operation_id="emails_save_as_template"
)
def save_as_template(request: HttpRequest, email_id: int, body: TemplateOfEmailIn) -> Status[EmailTemplate]:
    """Make a template of an email as it is now."""
    check_object(get_email(email_id).business_unit_id, principal(request), Permission.VIEW)
    values = {name: value for name, value in body.dict().items() if value}
    return Status(201, templates.get_template(templates.save_as_template(email_id, values, author=author(request))))


@router.post("/emails/{int:email_id}/apply-template", response=EmailOut, operation_id="emails_apply_template")
def apply_template(request: HttpRequest, email_id: int, body: ApplyTemplateIn) -> Email:
    """Replace an email's body by a template's; its header fields stay."""
    check_object(get_email(email_id).business_unit_id, principal(request), Permission.EDIT)
    _get(request, body.template_id, Permission.VIEW)
    templates.apply_template(email_id, body.template_id)
    return get_email(email_id)


@router.get("/content-labels", response=PageOf[LabelOut], operation_id="content_labels_list")
def list_labels(request: HttpRequest, query: Query[PageQuery]) -> Page[ContentLabel]:
    """List the labels that templates and blocks have."""
    principal(request)
    return LABELS.page(ContentLabel.objects.all(), query)


@router.post("/content-labels", response={201: LabelOut}, operation_id="content_labels_create")
def set_label(request: HttpRequest, body: LabelIn) -> Status[ContentLabel]:
    """Make a label, or give it another colour."""
    require(request, Permission.EDIT)
    return Status(201, labels.set_label(body.name, body.color))


@router.patch("/content-labels/{int:label_id}", response=LabelOut, operation_id="content_labels_update")
def change_label(request: HttpRequest, label_id: int, body: LabelIn) -> ContentLabel:
    """Rename a label wherever it is used, and set its colour."""
    require(request, Permission.ADMINISTER)
    labels.rename_label(label_id, body.name)
    return labels.set_label(body.name, body.color)


@router.delete("/content-labels/{int:label_id}", response={204: None}, operation_id="content_labels_delete")
def delete_label(request: HttpRequest, label_id: int) -> Status[None]:
    """Remove a label, from whatever has it too."""
    require(request, Permission.ADMINISTER)
    labels.delete_label(label_id)
    return Status(204, None)


def author(request: HttpRequest) -> Author:
    """Return who makes a record. Raises: NotAllowed when they may not."""
    person = require(request, Permission.EDIT)
    return Author(person.user_id, person.business_unit_id)


def _visible(request: HttpRequest) -> QuerySet[EmailTemplate]:
    own = visible(EmailTemplate.objects.filter(shipped=False), principal(request))
    return EmailTemplate.objects.filter(Q(shipped=True) | Q(pk__in=own.values("pk")))


def _get(request: HttpRequest, template_id: int, permission: Permission) -> EmailTemplate:
    template = templates.get_template(template_id)
    if template.business_unit_id is None:
        require(request, permission)
        return template
    try:
        check_object(template.business_unit_id, principal(request), permission)
    except NotFound as error:
        raise NotFound("There is no email template by that number.") from error
    return template
