"""Routes: content blocks."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status

from senet.accounts.access import check_object, visible
from senet.accounts.http import principal
from senet.accounts.values import Permission
from senet.content import templates
from senet.content.errors import RenderError, TemplateInvalid
from senet.content.labels import MOST_LABELS
from senet.content.language.budget import MAX_SOURCE
from senet.content.models import ContentBlock
from senet.content.preview import PREVIEW_HEADERS, make_block_preview
from senet.content.schemas import Strict
from senet.content.template_api import author
from senet.shared.clock import utc_now
from senet.shared.paging import Listing, Page, PageOf, PageQuery, Sort

router = Router(tags=["content"])
Labels = list[str]

BLOCKS = Listing(
    sorts={"name": Sort("name", folded=True), "updated_at": Sort("updated_at")},
    filters={"source_kind": "source_kind", "label": lambda label: Q(labels__contains=[label])},
    search=lambda text: Q(name__icontains=text) | Q(description__icontains=text),
    default_sort="name",
)


class BlockQuery(PageQuery):
    """Filters of the list of blocks."""

    source_kind: Literal["html", "mjml"] | None = None
    label: str | None = Field(None, max_length=60)


class ContentBlockIn(Strict):
    """A new block."""

    name: str = Field(min_length=1, max_length=200)
    description: str = Field("", max_length=5_000)
    labels: Labels = Field(default_factory=list, max_length=MOST_LABELS)
    source_kind: Literal["html", "mjml"] = "mjml"
    source: str = Field("", max_length=MAX_SOURCE)


class ContentBlockChange(Strict):
    """What to change; what is left out stays."""

    name: str = Field("", min_length=1, max_length=200)
    description: str = Field("", max_length=5_000)
    labels: Labels = Field(default_factory=list, max_length=MOST_LABELS)
    source_kind: Literal["html", "mjml"] = "mjml"
    source: str = Field("", max_length=MAX_SOURCE)


class ContentBlockOut(Schema):
    """A piece of a body, to be copied into emails."""

    id: int
    name: str
    description: str
    labels: Labels
    source_kind: Literal["html", "mjml"]
    source: str
    owner_id: int | None
    business_unit_id: int
    updated_at: datetime


@router.get("/content-blocks", response=PageOf[ContentBlockOut], operation_id="content_blocks_list")
def list_blocks(request: HttpRequest, query: Query[BlockQuery]) -> Page[ContentBlock]:
    """List content blocks."""
    return BLOCKS.page(visible(ContentBlock.objects.all(), principal(request)), query)


@router.post("/content-blocks", response={201: ContentBlockOut}, operation_id="content_blocks_create")
def create_block(request: HttpRequest, body: ContentBlockIn) -> Status[ContentBlock]:
    """Make a content block."""
    return Status(201, templates.get_block(templates.create_block(body.dict(), author=author(request))))


@router.get("/content-blocks/{int:block_id}", response=ContentBlockOut, operation_id="content_blocks_get")
def get_block(request: HttpRequest, block_id: int) -> ContentBlock:
    """Return a content block."""
    return _allowed(request, block_id, Permission.VIEW)


@router.get("/content-blocks/{int:block_id}/preview.html", operation_id="content_blocks_preview_html")
def preview_block(request: HttpRequest, block_id: int) -> HttpResponse:
    """Return the block as a sample contact would see it, for a frame; in words, why it cannot be shown."""
    block = _allowed(request, block_id, Permission.VIEW)
    try:
        html = make_block_preview(block.source_kind, block.source, now=utc_now())
    except (TemplateInvalid, RenderError) as error:
        said = " ".join([error.message, *(problem.message for problem in error.problems)])
        return HttpResponse(said, content_type="text/plain; charset=utf-8", headers=PREVIEW_HEADERS)
    return HttpResponse(html, content_type="text/html; charset=utf-8", headers=PREVIEW_HEADERS)


@router.patch("/content-blocks/{int:block_id}", response=ContentBlockOut, operation_id="content_blocks_update")
def change_block(request: HttpRequest, block_id: int, body: ContentBlockChange) -> ContentBlock:
    """Change a block; emails that it was put into stay as they are."""
    _allowed(request, block_id, Permission.EDIT)
    templates.update_block(block_id, body.dict(exclude_unset=True))
    return templates.get_block(block_id)


@router.delete("/content-blocks/{int:block_id}", response={204: None}, operation_id="content_blocks_delete")
def delete_block(request: HttpRequest, block_id: int) -> Status[None]:
    """Remove a block; emails that it was put into stay."""
    _allowed(request, block_id, Permission.EDIT).delete()
    return Status(204, None)


def _allowed(request: HttpRequest, block_id: int, permission: Permission) -> ContentBlock:
    block = templates.get_block(block_id)
    check_object(block.business_unit_id, principal(request), permission)
    return block
