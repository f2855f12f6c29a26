"""Shows a message as a web page: what its mail said, for whoever has the link from it, with the same links.

Rendered again from the published version and the person as they are now; no beacon, no scripts, in a sandbox. A copy
that was sent on is rendered for somebody of whom nothing is known, as its mail was.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from datetime import datetime

from django.conf import settings

import senet.door
from senet.content.cards import CardLoader
from senet.content.errors import RenderError
from senet.content.queries import content_settings_for_render, get_published
from senet.content.render import Renderer
from senet.content.values import MessageToRender
from senet.door import forwards
from senet.door.html import make_headers
from senet.shared.errors import NotFound
from senet.shared.sql import fetch_all
from senet.shared.tokens import LinkToken

HEADERS = make_headers(
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation;"
    " default-src 'none'; img-src http: https: data:; style-src 'unsafe-inline' https:; font-src https: data:;"
    " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_RENDERERS = 16


class WebViews:
    """Renders messages for the web. `find` asks the database: call it in a thread."""

    def __init__(self) -> None:
        self._renderers: OrderedDict[int, Renderer] = OrderedDict()
        self._one_at_a_time = threading.Lock()  # a renderer is not for several threads

    def find(self, token: LinkToken, now: datetime) -> bytes | None:
        """Return a message's page, or None when it, its person or its version is gone."""
        rows = fetch_all(
            senet.door,
            "find_sent_message",
            {
                "message_id": token.message_id,
                "email_version_id": token.email_version_id,
                "copies_since": now - forwards.KEPT,
            },
        )
        if not rows:
            return None
        version_id, contact_id, settings_id, journey_id, address, sent_at = rows[0]
        loader = CardLoader(settings.DOOR_URL)
        card = loader.load([(version_id, contact_id)]).get(contact_id)
        if contact_id < 0:  # sent on to a friend
            card = forwards.make_friend_card(address)
        renderer = self._find_renderer(version_id)
        if card is None or renderer is None:
            return None
        message = MessageToRender(
            token.message_id,
            version_id,
            contact_id,
            address,
            sent_at,
            journey_id,
            tracking_allowed=token.link > 0,  # the mail's own link says whether its person may be tracked
            web_view=True,
        )
        try:
            values = content_settings_for_render(settings_id)
        except NotFound:
            values = content_settings_for_render(None)
        shared = loader.find_shared(version_id, now)
        try:
            with self._one_at_a_time:
                _, _, page, _ = renderer.render_parts(message, card, values, shared)
        except RenderError:
            return None
        return page.encode()

    def _find_renderer(self, version_id: int) -> Renderer | None:
        known = self._renderers.get(version_id)
        if known is not None:
            return known
        try:
            found = Renderer(get_published(version_id).compiled, settings.DOOR_URL)
        except (NotFound, ValueError):
            return None
        self._renderers[version_id] = found
        while len(self._renderers) > _RENDERERS:
            self._renderers.popitem(last=False)
        return found
