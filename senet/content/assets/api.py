"""Routes: the asset library."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Form, Query, Router, Schema, Status, UploadedFile

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal, require
from senet.accounts.values import Permission
from senet.content.assets import actions
from senet.content.assets.queries import make_asset_url, read_whole_asset
from senet.content.labels import MOST_LABELS
from senet.content.models import Asset
from senet.content.schemas import Strict
from senet.shared.errors import NotFound
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["content"])
Labels = list[str]
_SHOWN = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "private, max-age=86400, immutable",
}

ASSETS = Listing(
    sorts={
        "name": Sort("name", folded=True),
        "size": Sort("size"),
        "created_at": Sort("created_at"),
        "updated_at": Sort("updated_at"),
    },
    filters={
        "kind": "kind",
        "archived": "archived",
        "label": lambda label: Q(labels__contains=[label]),
    },
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text),
    default_sort="-created_at",
)


class AssetQuery(PageQuery):
    """Filters of the library."""

    kind: Literal["image", "file", "video"] | None = None
    archived: bool | None = None
    label: str | None = Field(None, max_length=60)


class AssetForm(Schema):
    """What is said of an upload."""

    description: str = Field("", max_length=2_000)
    labels: str = Field("", max_length=2_000, description="Labels with commas between them.")


class AssetChange(Strict):
    """What to change; what is left out stays."""

    description: str = Field("", max_length=2_000)
    labels: Labels = Field(default_factory=list, max_length=MOST_LABELS)
    archived: bool = False


class AssetOut(Schema):
    """An asset and its public address."""

    id: int
    name: str
    description: str = Field(description="What an image shows: its alternative text.")
    kind: Literal["image", "file", "video"]
    content_type: str
    size: int = Field(description="Bytes.")
    width: int | None
    height: int | None
    labels: Labels
    archived: bool = Field(description="Not offered any more; mails go on showing it.")
    url: str = Field(description="The public address; what it shows never changes.")
    owner_id: int | None
    business_unit_id: int
    created_at: datetime
    updated_at: datetime

    @staticmethod
    def resolve_url(asset: Asset) -> str:
        """Return where the door serves it."""
        return make_asset_url(settings.DOOR_URL, asset.key, asset.name)


@router.get("/assets", response=PageOf[AssetOut], operation_id="assets_list")
def list_assets(request: HttpRequest, query: Query[AssetQuery]) -> Page[Asset]:
    """List the library."""
    return ASSETS.page(visible(Asset.objects.all(), principal(request)), query)


@router.post("/assets", response={201: AssetOut}, operation_id="assets_create")
def upload_asset(request: HttpRequest, form: Form[AssetForm], file: File[UploadedFile]) -> Status[Asset]:
    """Put a file into the library: images up to 5 MB, files up to 32 MB, videos up to 128 MB."""
    who = require(request, Permission.EDIT)
    asset_id = actions.add_asset(
        file.name or "",
        file.chunks(),
        business_unit_id=who.business_unit_id,
        owner_id=who.user_id,
        description=form.description,
        labels=[label for label in form.labels.split(",") if label.strip()],
    )
    return Status(201, actions.get_asset(asset_id))


@router.get("/assets/{int:asset_id}", response=AssetOut, operation_id="assets_get")
def get_asset(request: HttpRequest, asset_id: int) -> Asset:
    """Return an asset."""
    return _allowed(request, asset_id, Permission.VIEW)


@router.get("/assets/{int:asset_id}/content", operation_id="assets_content")
def get_content(request: HttpRequest, asset_id: int) -> HttpResponse:
    """Return an image as it is, for the library's own pages; in a sandbox, as at the door."""
    asset = _allowed(request, asset_id, Permission.VIEW)
    if asset.kind != "image":
        raise NotFound("Only images are shown here. Open the asset's public address.")
    return HttpResponse(read_whole_asset(asset.pk), content_type=asset.content_type, headers=_SHOWN)


@router.patch("/assets/{int:asset_id}", response=AssetOut, operation_id="assets_update")
def change_asset(request: HttpRequest, asset_id: int, body: AssetChange) -> Asset:
    """Describe an asset, label it, or archive it."""
    _allowed(request, asset_id, Permission.EDIT)
    actions.change_asset(asset_id, body.dict(exclude_unset=True))
    return actions.get_asset(asset_id)


@router.delete("/assets/{int:asset_id}", response={204: None}, operation_id="assets_delete")
def delete_asset(request: HttpRequest, asset_id: int) -> Status[None]:
    """Remove an asset that nothing shows."""
    _allowed(request, asset_id, Permission.EDIT)
    actions.delete_asset(asset_id)
    return Status(204, None)


def _allowed(request: HttpRequest, asset_id: int, permission: Permission) -> Asset:
    asset = actions.get_asset(asset_id)
    check_object(asset.business_unit_id, principal(request), permission)
    return asset
