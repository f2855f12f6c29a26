"""What the API takes and gives of activities and their templates."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Schema
from pydantic import Field

from senet.journeys.activities import LONGEST_MINUTES
from senet.journeys.values import ActivityKind, Priority
from senet.shared.paging import PageQuery


class ActivityTemplateFields(Schema):
    """The columns of a template that one may write. Minutes count from when somebody comes to the tile."""

    name: str = Field(default="", max_length=200)
    subject: str = Field(default="", max_length=500)
    description: str = Field(default="", max_length=5000)
    priority: Priority = Priority.NORMAL
    due_in_minutes: int | None = Field(
        default=None, ge=1, le=LONGEST_MINUTES, description="Tasks and phone calls: by when to do it."
    )
    start_after_minutes: int | None = Field(
        default=None, ge=0, le=LONGEST_MINUTES, description="Appointments: when it starts."
    )
    duration_minutes: int | None = Field(default=None, ge=1, le=LONGEST_MINUTES, description="How long it takes.")
    location: str = Field(default="", max_length=500, description="Appointments: where.")
    owner_id: int | None = None


class ActivityTemplateIn(ActivityTemplateFields):
    """A new template. An appointment says when it starts and how long it lasts."""

    kind: ActivityKind


class ActivityTemplateOut(Schema):
    """An activity template."""

    id: int
    kind: ActivityKind
    name: str
    subject: str
    description: str
    priority: Priority
    due_in_minutes: int | None
    start_after_minutes: int | None
    duration_minutes: int | None
    location: str
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime


class ActivityTemplateQuery(PageQuery):
    """What templates can be filtered by."""

    kind: ActivityKind | None = None
    owner_id: int | None = None


class ActivityOut(Schema):
    """An activity, made by a journey's tile about a contact, or about a company as a whole."""

    id: int
    kind: ActivityKind
    template_id: int | None
    journey_id: int | None
    iteration: int
    tile: int
    contact_id: int | None = Field(description="Nothing: it is about the company as a whole.")
    company_id: int | None
    subject: str
    description: str
    priority: Priority
    location: str
    assigned_to_id: int | None
    due_at: datetime | None = Field(description="By when to do it; an appointment's start.")
    start_at: datetime | None
    end_at: datetime | None
    duration_minutes: int | None
    done_at: datetime | None
    business_unit_id: int | None
    created_at: datetime


class ActivityQuery(PageQuery):
    """What activities can be filtered by."""

    kind: ActivityKind | None = None
    state: Literal["open", "done"] | None = None
    assigned_to_id: int | None = None
    journey_id: int | None = None
    tile: int | None = None
    contact_id: int | None = None
    company_id: int | None = None
    due_before: datetime | None = None
