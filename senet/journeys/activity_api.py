"""Routes: activities and their templates."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts.access import visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.journeys import activities
from senet.journeys.activity_schemas import (
    ActivityOut,
    ActivityQuery,
    ActivityTemplateFields,
    ActivityTemplateIn,
    ActivityTemplateOut,
    ActivityTemplateQuery,
)
from senet.journeys.errors import ActivityNotFound, ActivityTemplateNotFound
from senet.journeys.models import Activity, ActivityTemplate
from senet.shared.clock import utc_now
from senet.shared.paging import Listing, Page, PageOf, Sort

router = Router(tags=["activities"])

TEMPLATES = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "kind": Sort("kind"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={"kind": "kind", "owner_id": "owner_id"},
    search=lambda text: Q(name__icontains=text) | Q(subject__icontains=text),
    default_sort="name",
)
ACTIVITIES = Listing(
    sorts={"due_at": Sort("due_at", nullable=True), "created_at": Sort("created_at"), "subject": Sort("subject")},
    filters={
        "kind": "kind",
        "state": lambda value: Q(done_at__isnull=value == "open"),
        "assigned_to_id": "assigned_to_id",
        "journey_id": "journey_id",
        "tile": "tile",
        "contact_id": "contact_id",
        "company_id": "company_id",
        "due_before": "due_at__lt",
    },
    search=lambda text: Q(subject__icontains=text),
)


@router.get("/activity-templates", response=PageOf[ActivityTemplateOut], operation_id="activity_templates_list")
def list_templates(request: HttpRequest, query: Query[ActivityTemplateQuery]) -> Page[ActivityTemplate]:
    """List the templates one sees."""
    return TEMPLATES.page(visible(ActivityTemplate.objects.all(), principal(request)), query)


@router.post("/activity-templates", response={201: ActivityTemplateOut}, operation_id="activity_templates_create")
def create_template(request: HttpRequest, body: ActivityTemplateIn) -> Status[ActivityTemplate]:
    """Make a template."""
    me = require(request, Permission.EDIT)
    return Status(201, activities.create_template(body.dict(exclude_unset=True), principal=me, now=utc_now()))


@router.get(
    "/activity-templates/{int:template_id}", response=ActivityTemplateOut, operation_id="activity_templates_get"
)
def get_template(request: HttpRequest, template_id: int) -> ActivityTemplate:
    """Return one template."""
    template = visible(ActivityTemplate.objects.all(), principal(request)).filter(pk=template_id).first()
    if template is None:
        raise ActivityTemplateNotFound
    return template


@router.patch(
    "/activity-templates/{int:template_id}", response=ActivityTemplateOut, operation_id="activity_templates_update"
)
def update_template(request: HttpRequest, template_id: int, body: ActivityTemplateFields) -> ActivityTemplate:
    """Change what is given of a template; journeys that are live keep what it was."""
    me = require(request, Permission.EDIT)
    values = body.dict(exclude_unset=True)
    return activities.change_template(template_id, values, principal=me, now=utc_now())


@router.delete("/activity-templates/{int:template_id}", response={204: None}, operation_id="activity_templates_delete")
def delete_template(request: HttpRequest, template_id: int) -> Status[None]:
    """Remove a template; activities made from it stay."""
    activities.delete_template(template_id, principal=require(request, Permission.EDIT))
    return Status(204, None)


@router.get("/activities", response=PageOf[ActivityOut], operation_id="activities_list")
def list_activities(request: HttpRequest, query: Query[ActivityQuery]) -> Page[Activity]:
    """List the activities one sees."""
    return ACTIVITIES.page(visible(Activity.objects.all(), principal(request)), query)


@router.get("/activities/{int:activity_id}", response=ActivityOut, operation_id="activities_get")
def get_activity(request: HttpRequest, activity_id: int) -> Activity:
    """Return one activity."""
    activity = visible(Activity.objects.all(), principal(request)).filter(pk=activity_id).first()
    if activity is None:
        raise ActivityNotFound
    return activity


@router.post("/activities/{int:activity_id}/done", response=ActivityOut, operation_id="activities_done")
def mark_done(request: HttpRequest, activity_id: int) -> Activity:
    """Note that an activity has been done."""
    me = require(request, Permission.EDIT)
    return activities.mark_done(activity_id, done=True, principal=me, now=utc_now())


@router.post("/activities/{int:activity_id}/reopen", response=ActivityOut, operation_id="activities_reopen")
def reopen(request: HttpRequest, activity_id: int) -> Activity:
    """Note that an activity is to be done after all."""
    me = require(request, Permission.EDIT)
    return activities.mark_done(activity_id, done=False, principal=me, now=utc_now())
