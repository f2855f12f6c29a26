"""Shows an email as one person would see it, and renders test messages. Nothing here has consequences.

A preview writes links as they are and no beacon. The HTML is for an isolated origin: see `PREVIEW_HEADERS`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings

from senet.content.cards import load_cards, load_shared
from senet.content.compiler import compile_email
from senet.content.html import Edit, apply_edits, scan
from senet.content.queries import content_settings_for_render
from senet.content.render import Renderer
from senet.content.sample import SAMPLE_CONFIRMATION, SAMPLE_CONTACT, make_sample_event
from senet.content.values import EmailSource, MessageToRender, Preview, RenderedMessage
from senet.shared.errors import NotFound

_ROWS = re.compile(r"<mj-(?:section|wrapper|hero)\b")  # what stands in a body itself; the rest stands in a column
PREVIEW_HEADERS = {
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline' https:;"
        " font-src https: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


def make_preview(
    source: EmailSource, *, contact_id: int | None, content_settings_id: int | None, door_url: str, now: datetime
) -> Preview:
    """Return the email for a contact, or for a sample contact.

    Raises: NotFound, TemplateInvalid, RenderError.
    """
    renderer = Renderer(compile_email(source), door_url)
    message = _message(contact_id, "", now)
    settings = content_settings_for_render(content_settings_id)
    card, shared = _gather(renderer, contact_id, now)
    subject, sender, html, text = renderer.render_parts(message, card, settings, shared)
    return Preview(subject, sender, open_links_elsewhere(html), text, renderer.compiled.links)


def make_test_message(
    source: EmailSource,
    *,
    contact_id: int | None,
    content_settings_id: int | None,
    address: str,
    door_url: str,
    now: datetime,
) -> RenderedMessage:
    """Return a message to `address` that says what a contact would read, with links as they are and no beacon.

    Raises: NotFound, TemplateInvalid, RenderError.
    """
    renderer = Renderer(compile_email(source), door_url)
    settings = content_settings_for_render(content_settings_id)
    card, shared = _gather(renderer, contact_id, now)
    return renderer.render(_message(contact_id, address, now), card, settings, shared)


def make_template_preview(source_kind: str, source: str, *, now: datetime) -> str:
    """Return a template's body as a sample contact would see it. Raises: TemplateInvalid, RenderError."""
    email = EmailSource(subject="-", from_name="-", source_kind=source_kind, source=source)
    return make_preview(email, contact_id=None, content_settings_id=None, door_url=settings.DOOR_URL, now=now).html


def make_block_preview(source_kind: str, source: str, *, now: datetime) -> str:
    """Return a content block in a body that holds nothing else. Raises: TemplateInvalid, RenderError."""
    if source_kind == "mjml" and "<mjml" not in source:
        rows = source if _ROWS.search(source) else f"<mj-section><mj-column>{source}</mj-column></mj-section>"
        source = f"<mjml><mj-body>{rows}</mj-body></mjml>"
    return make_template_preview(source_kind, source, now=now)


def open_links_elsewhere(html: str) -> str:
    """Make every link ask for a new window, which the sandbox refuses: a click in a preview does nothing."""
    edits: list[Edit] = []
    for tag in scan(html):
        if tag.closing or tag.name not in {"a", "area", "base", "form"}:
            continue
        target = tag.find("target")
        if target:
            edits.append(Edit(target.start, target.end, 'target="_blank"'))
        else:
            edits.append(Edit(tag.name_end, tag.name_end, ' target="_blank"'))
    return apply_edits(html, edits)


def _message(contact_id: int | None, address: str, now: datetime) -> MessageToRender:
    return MessageToRender(
        0,
        0,
        contact_id or 0,
        address,
        now,
        tracking_allowed=False,
        test=True,
        confirmation=SAMPLE_CONFIRMATION,
    )


def _gather(
    renderer: Renderer, contact_id: int | None, now: datetime
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return the card of a contact, or of the sample, and the roots that all messages share."""
    email = renderer.compiled
    shared = load_shared(email.needs, email.event_id, renderer.door)
    if email.event_id is None:
        shared = {**shared, "event": make_sample_event(now)}
    if contact_id is None:
        return SAMPLE_CONTACT, shared
    card = load_cards([contact_id], email.needs, email.language).get(contact_id)
    if card is None:
        raise NotFound("There is no contact by that number.")
    return card, shared
