"""Route: a template of the replaced product, in Liquid."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Field, Router, Schema

from senet.accounts.http import require
from senet.accounts.values import Permission
from senet.content.language.budget import MAX_SOURCE
from senet.content.schemas import Strict
from senet.content.translation.here import load_vocabulary
from senet.content.translation.translate import Translation, translate

router = Router(tags=["content"])


class TranslateIn(Strict):
    """A text with expressions such as {{contact.firstname}} or {{#if (eq a 'b')}}."""

    source: str = Field(max_length=MAX_SOURCE)


class TranslationFinding(Schema):
    """A piece of the text."""

    line: int
    text: str
    why: str
    done: bool = Field(description="It was translated and deserves a look; else it stands as it was.")


class TranslateOut(Schema):
    """The text in Liquid."""

    source: str
    complete: bool
    findings: list[TranslationFinding]


@router.post("/translate-template", response=TranslateOut, operation_id="translate_template")
def translate_template(request: HttpRequest, body: TranslateIn) -> Translation:
    """Translate a template of the replaced product; what cannot be translated is left as it stands, and reported."""
    require(request, Permission.EDIT)
    return translate(body.source, load_vocabulary())
