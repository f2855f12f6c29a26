"""Routes: content settings."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest
from ninja import Query, Router, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.content import settings_actions as actions
from senet.content.models import ContentSettings
from senet.content.schemas import SettingsChange, SettingsIn, SettingsOut, SettingsQuery
from senet.shared.paging import Listing, Page, PageOf, Sort

router = Router(tags=["content"])

SETTINGS = Listing(
    sorts={"name": Sort("name", folded=True), "status": Sort("status"), "updated_at": Sort("updated_at")},
    filters={"status": "status"},
    search=lambda text: Q(name__icontains=text),
)


@router.get("/content-settings", response=PageOf[SettingsOut], operation_id="content_settings_list")
def list_content_settings(request: HttpRequest, query: Query[SettingsQuery]) -> Page[ContentSettings]:
    """List content settings."""
    return SETTINGS.page(visible(ContentSettings.objects.all(), principal(request)), query)


@router.post("/content-settings", response={201: SettingsOut}, operation_id="content_settings_create")
def create_content_settings(request: HttpRequest, body: SettingsIn) -> Status[ContentSettings]:
    """Make content settings."""
    who = require(request, Permission.EDIT)
    values = body.dict()
    return Status(
        201,
        actions.get_content_settings(actions.create_content_settings(business_unit_id=who.business_unit_id, **values)),
    )


@router.get("/content-settings/{int:settings_id}", response=SettingsOut, operation_id="content_settings_get")
def get_content_settings(request: HttpRequest, settings_id: int) -> ContentSettings:
    """Return content settings."""
    return _allowed(request, settings_id, Permission.VIEW)


@router.patch("/content-settings/{int:settings_id}", response=SettingsOut, operation_id="content_settings_update")
def change_content_settings(request: HttpRequest, settings_id: int, body: SettingsChange) -> ContentSettings:
    """Change content settings; messages sent from now on have the new values."""
    _allowed(request, settings_id, Permission.EDIT)
    actions.change_content_settings(settings_id, **body.dict(exclude_unset=True))
    return actions.get_content_settings(settings_id)


@router.delete("/content-settings/{int:settings_id}", response={204: None}, operation_id="content_settings_delete")
def delete_content_settings(request: HttpRequest, settings_id: int) -> Status[None]:
    """Remove content settings that were never live."""
    _allowed(request, settings_id, Permission.EDIT)
    actions.delete_content_settings(settings_id)
    return Status(204, None)


@router.post(
    "/content-settings/{int:settings_id}/go-live", response=SettingsOut, operation_id="content_settings_go_live"
)
def go_live(request: HttpRequest, settings_id: int) -> ContentSettings:
    """Let messages be sent with these settings."""
    _allowed(request, settings_id, Permission.GO_LIVE)
    actions.go_live_content_settings(settings_id)
    return actions.get_content_settings(settings_id)


@router.post("/content-settings/{int:settings_id}/stop", response=SettingsOut, operation_id="content_settings_stop")
def stop(request: HttpRequest, settings_id: int) -> ContentSettings:
    """Hold the messages that use these settings."""
    _allowed(request, settings_id, Permission.GO_LIVE)
    actions.stop_content_settings(settings_id)
    return actions.get_content_settings(settings_id)


def _allowed(request: HttpRequest, settings_id: int, permission: Permission) -> ContentSettings:
    who = principal(request)
    row = actions.get_content_settings(settings_id)
    check_object(row.business_unit_id, who, permission)
    return row
