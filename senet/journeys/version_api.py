"""Routes of a journey's versions, and of what saving an edited journey will mean."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from senet.accounts.http import principal
from senet.accounts.values import Permission
from senet.journeys.access import get_permitted
from senet.journeys.definition import Definition
from senet.journeys.models import JourneyVersion
from senet.journeys.preview import preview_edit
from senet.journeys.versions import Version, get_version, restore_version, show_versions
from senet.shared.clock import utc_now
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["journeys"])
VERSIONS = Listing(sorts={"number": Sort("number")}, default_sort="-number")


class ChangeOut(Schema):
    """What is different about one tile, or (no tile) about the journey's settings."""

    tile: int | None
    name: str
    what: list[str]


class VersionRow(Schema):
    """A version: what going live froze."""

    number: int
    published_at: datetime
    published_by: int | None
    published_by_name: str
    is_live: bool = Field(description="Whether this version runs, or ran last.")
    changes: list[ChangeOut] = Field(description="Against the version before; none for the first.")


class VersionOut(VersionRow):
    """A version with its drawing and its settings."""

    definition: Definition
    settings: dict[str, Any]


class AudiencePreviewOut(Schema):
    """What a change of an audience's sources means."""

    joining: int = Field(description="Newly belong, and will enter.")
    no_longer_joining: int = Field(description="Belonged and have not entered: they will not.")
    staying: int = Field(description="Belong as before, or have entered and still belong.")
    going_on: int = Field(description="Have entered and belong no more: they go on to the end.")


class TilePreviewOut(Schema):
    """One changed tile and the people whom the change concerns."""

    tile: int
    kind: str
    name: str
    what: list[str]
    standing: int
    coming: int = Field(description="Stand at tiles before this one.")
    passed: int
    due_today: int = Field(description="Of those here: time lets them go today, as it is set now.")
    due_today_after: int = Field(description="The same, with the change.")
    at_once: int = Field(description="Of those here: the change lets them go at once.")
    audience: AudiencePreviewOut | None
    warnings: list[str]


class EditPreviewOut(Schema):
    """What is different from the live version, and whom it concerns."""

    journey_id: int
    live_version: int | None
    standing: int = Field(description="People in the journey now.")
    settings: list[str]
    tiles: list[TilePreviewOut]


def _row(version: Version) -> dict[str, object]:
    names = ("number", "published_at", "published_by", "published_by_name", "is_live")
    return {
        **{name: getattr(version, name) for name in names},
        "changes": [asdict(change) for change in version.changes],
    }


@router.get("/journeys/{int:journey_id}/versions", response=PageOf[VersionRow], operation_id="journeys_versions")
def list_versions(request: HttpRequest, journey_id: int, query: Query[PageQuery]) -> Page[dict[str, object]]:
    """List a journey's versions, the latest first: when, by whom, and what changed."""
    journey = get_permitted(request, journey_id, Permission.VIEW)
    page = VERSIONS.page(JourneyVersion.objects.filter(journey_id=journey_id), query)
    return Page([_row(version) for version in show_versions(journey, page.items)], page.next_cursor, page.total)


@router.get("/journeys/{int:journey_id}/versions/{int:number}", response=VersionOut, operation_id="journeys_version")
def show_version(request: HttpRequest, journey_id: int, number: int) -> dict[str, object]:
    """Return one version with its drawing and its settings."""
    version = get_version(get_permitted(request, journey_id, Permission.VIEW), number)
    return {**_row(version), "definition": version.state.definition, "settings": dict(version.state.settings)}


@router.post(
    "/journeys/{int:journey_id}/versions/{int:number}/restore",
    response=EditPreviewOut,
    operation_id="journeys_restore_version",
)
def restore(request: HttpRequest, journey_id: int, number: int) -> dict[str, object]:
    """Take a version's settings up into the draft; going live makes them a version of their own."""
    get_permitted(request, journey_id, Permission.EDIT)
    now = utc_now()
    restore_version(journey_id, number, now=now, user_id=principal(request).user_id)
    return asdict(preview_edit(journey_id, now))


@router.get("/journeys/{int:journey_id}/edit-preview", response=EditPreviewOut, operation_id="journeys_edit_preview")
def get_edit_preview(request: HttpRequest, journey_id: int) -> dict[str, object]:
    """Say whom each change since the live version concerns, before it goes live."""
    get_permitted(request, journey_id, Permission.VIEW)
    return asdict(preview_edit(journey_id, utc_now()))
