"""Routes: what people see at the door, shown to those who make it. Nothing here is anybody's, or changes anything."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema

from senet.accounts.http import require
from senet.accounts.values import Permission
from senet.door import html
from senet.door.choices import preview_choices
from senet.door.languages import NAMES, find_language

router = Router(tags=["subscription centre"])


class PageLanguageOut(Schema):
    """A language in which there are pages, as its speakers call it."""

    code: str
    name: str


class CentrePreviewOut(Schema):
    """The subscription centre as HTML, to be shown in a frame without rights."""

    html: str
    language: str = Field(description="The nearest to the one asked for in which there are pages.")
    languages: list[PageLanguageOut]


@router.get("/subscription-center/preview", response=CentrePreviewOut, operation_id="subscription_center_preview")
def preview(request: HttpRequest, language: str = "en") -> CentrePreviewOut:
    """Show the subscription centre to somebody who is on no list yet. Its button is dead."""
    require(request, Permission.VIEW)
    chosen = find_language(language[:20])
    page = html.centre_page(preview_choices(chosen), chosen, preview=True)
    names = [PageLanguageOut(code=code, name=name) for code, name in NAMES.items()]
    return CentrePreviewOut(html=page.decode(), language=chosen, languages=names)
