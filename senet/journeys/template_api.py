"""Routes of journey templates: the gallery, templates of one's own, and journeys made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from ninja import Field, Query, Router, Schema, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Author, Permission
from senet.journeys import templates
from senet.journeys.access import get_permitted
from senet.journeys.definition import Definition
from senet.journeys.errors import TemplateNotFound
from senet.journeys.models import JourneyTemplate
from senet.journeys.values import JourneyTarget
from senet.shared.clock import utc_now
from senet.shared.errors import NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["journeys"])
Tags = list[str]

TEMPLATES = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "purpose": Sort("purpose"),
        "language": Sort("language"),
        "updated_at": Sort("updated_at"),
    },
    filters={
        "purpose": "purpose",
        "language": "language",
        "target": "target",
        "recurring": "recurring",
        "shipped": "shipped",
        "tag": lambda tag: Q(tags__contains=[tag]),
    },
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text) | Q(purpose__icontains=text),
    default_sort="name",
)


class TemplateQuery(PageQuery):
    """Filters of the gallery."""

    purpose: str | None = Field(None, max_length=100)
    language: str | None = Field(None, max_length=35)
    target: JourneyTarget | None = None
    recurring: bool | None = None
    shipped: bool | None = None
    tag: str | None = Field(None, max_length=60)


class JourneyTemplateRow(Schema):
    """A template in the gallery."""

    id: int
    name: str
    description: str
    purpose: str
    language: str
    target: JourneyTarget
    recurring: bool
    tags: Tags
    shipped: bool = Field(description="It came with Senet and cannot be changed.")
    owner_id: int | None
    business_unit_id: int | None = Field(description="None: everybody's.")
    updated_at: datetime
    definition: Definition = Field(description="The drawing, to be looked at before it is used.")


class JourneyTemplateOut(JourneyTemplateRow):
    """A template with the settings that are copied."""

    settings: dict[str, Any]


class TemplateChoicesOut(Schema):
    """What the gallery can be filtered by: the values that its templates have."""

    purposes: list[str]
    languages: list[str]
    tags: Tags


class TemplateWords(Schema):
    """What a template says of itself."""

    name: str = Field(max_length=200)
    description: str = Field("", max_length=5000)
    purpose: str = Field("", max_length=100)
    language: str = Field("en", max_length=35)
    tags: Tags = Field(default_factory=list, max_length=20)


class JourneyTemplateIn(TemplateWords):
    """A new template."""

    definition: dict[str, Any] = Field(default_factory=dict)
    settings: dict[str, Any] = Field(default_factory=dict)


class TemplateOfJourneyIn(TemplateWords):
    """A journey to be made a template."""

    keep_references: bool = Field(False, description="Keep the segments, emails and other records that it refers to.")


class JourneyTemplateChange(Schema):
    """What to change; what is left out stays."""

    name: str = Field("", max_length=200)
    description: str = Field("", max_length=5000)
    purpose: str = Field("", max_length=100)
    language: str = Field("en", max_length=35)
    tags: Tags = Field(default_factory=list, max_length=20)
    definition: dict[str, Any] = Field(default_factory=dict)
    settings: dict[str, Any] = Field(default_factory=dict)


class JourneyOfTemplateIn(Schema):
    """A journey to be made from a template."""

    name: str = Field("", max_length=200, description="By default the template's.")


class JourneyOfTemplateOut(Schema):
    """The draft that was made."""

    journey_id: int


def _visible(request: HttpRequest) -> QuerySet[JourneyTemplate]:
    own = visible(JourneyTemplate.objects.filter(shipped=False), principal(request))
    return JourneyTemplate.objects.filter(Q(shipped=True) | Q(pk__in=own.values("pk")))


def _get(request: HttpRequest, template_id: int, permission: Permission) -> JourneyTemplate:
    template = JourneyTemplate.objects.filter(pk=template_id).first()
    if template is None:
        raise TemplateNotFound
    if template.business_unit_id is None:
        require(request, permission)
        return template
    try:
        check_object(template.business_unit_id, principal(request), permission)
    except NotFound as error:
        raise TemplateNotFound from error
    return template


def _author(request: HttpRequest) -> Author:
    person = require(request, Permission.EDIT)
    return Author(person.user_id, person.business_unit_id)


@router.get("/journey-templates", response=PageOf[JourneyTemplateRow], operation_id="journey_templates_list")
def list_templates(request: HttpRequest, query: Query[TemplateQuery]) -> Page[JourneyTemplate]:
    """List the gallery: shipped templates and those of the caller's business units."""
    require(request, Permission.VIEW)
    return TEMPLATES.page(_visible(request), query)


@router.post("/journey-templates", response={201: JourneyTemplateOut}, operation_id="journey_templates_create")
def create_template(request: HttpRequest, body: JourneyTemplateIn) -> Status[JourneyTemplate]:
    """Make a template."""
    made = templates.create_template(body.model_dump(), author=_author(request))
    return Status(201, JourneyTemplate.objects.get(pk=made))


@router.get("/journey-templates/choices", response=TemplateChoicesOut, operation_id="journey_templates_choices")
def list_choices(request: HttpRequest) -> dict[str, list[str]]:
    """List the purposes, languages and tags of the templates that the caller may see."""
    require(request, Permission.VIEW)
    return templates.list_choices(_visible(request).values_list("purpose", "language", "tags"))


@router.get("/journey-templates/{int:template_id}", response=JourneyTemplateOut, operation_id="journey_templates_get")
def get_template(request: HttpRequest, template_id: int) -> JourneyTemplate:
    """Return a template with its drawing, to look at before it is used."""
    return _get(request, template_id, Permission.VIEW)


@router.patch(
    "/journey-templates/{int:template_id}", response=JourneyTemplateOut, operation_id="journey_templates_update"
)
def change_template(request: HttpRequest, template_id: int, body: JourneyTemplateChange) -> JourneyTemplate:
    """Change a template; journeys made from it stay as they are."""
    _get(request, template_id, Permission.EDIT)
    templates.update_template(template_id, body.model_dump(exclude_unset=True))
    return JourneyTemplate.objects.get(pk=template_id)


@router.delete("/journey-templates/{int:template_id}", response={204: None}, operation_id="journey_templates_delete")
def delete_template(request: HttpRequest, template_id: int) -> Status[None]:
    """Remove a template; journeys made from it stay."""
    _get(request, template_id, Permission.EDIT)
    templates.delete_template(template_id)
    return Status(204, None)


@router.post(
    "/journey-templates/{int:template_id}/journey",
    response={201: JourneyOfTemplateOut},
    operation_id="journey_templates_use",
)
def use_template(request: HttpRequest, template_id: int, body: JourneyOfTemplateIn) -> Status[JourneyOfTemplateOut]:
    """Draw a new journey from a template: copied, never linked."""
    _get(request, template_id, Permission.VIEW)
    made = templates.create_from_template(template_id, author=_author(request), now=utc_now(), name=body.name)
    return Status(201, JourneyOfTemplateOut(journey_id=made))


@router.post(
    "/journeys/{int:journey_id}/template", response={201: JourneyTemplateOut}, operation_id="journeys_save_template"
)
def save_as_template(request: HttpRequest, journey_id: int, body: TemplateOfJourneyIn) -> Status[JourneyTemplate]:
    """Save a journey as a template."""
    get_permitted(request, journey_id, Permission.VIEW)
    words = body.model_dump(exclude={"keep_references"})
    made = templates.save_as_template(journey_id, words, author=_author(request), keep_references=body.keep_references)
    return Status(201, JourneyTemplate.objects.get(pk=made))
