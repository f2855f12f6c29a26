"""Renders claimed messages: one renderer a version, people a batch at a time, content settings as they are just now."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, InterfaceError

from senet.confirmations.queries import find_confirmations
from senet.confirmations.values import NO_JOURNEY
from senet.content.cards import CardLoader
from senet.content.errors import RenderError
from senet.content.queries import content_settings_for_render, get_published
from senet.content.render import Renderer
from senet.content.values import CompiledEmail, Confirmation, MessageToRender, RenderedMessage
from senet.messages.states import Event
from senet.messages.values import BlockReason, ClaimedMessage, Result
from senet.people.queries import ContactCard
from senet.shared.errors import NotFound

log = structlog.get_logger(__name__)

_RENDERERS = 32
_SETTINGS_AGE = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A claimed message with everything that its rendering needs."""

    message: ClaimedMessage
    card: ContactCard | None
    content_settings: Mapping[str, object]
    shared: Mapping[str, object]  # roots that all messages of the email have
    confirmation: Confirmation | None = None  # what it asks to confirm


class Preparer:
    """Fetches what renderers need from the database. For the thread that claims."""

    def __init__(self) -> None:
        self._settings: dict[int | None, tuple[datetime, Mapping[str, object]]] = {}
        self._cards = CardLoader(settings.DOOR_URL)

    def prepare(self, claimed: Sequence[ClaimedMessage], now: datetime) -> list[Prepared]:
        """Return the messages with their people and content settings: one statement a batch, as a rule."""
        cards = self._cards.load([(message.email_version_id, message.contact_id) for message in claimed])
        asking = [message.id for message in claimed if message.journey_id == NO_JOURNEY]
        confirmations = find_confirmations(asking) if asking else {}
        return [
            Prepared(
                message,
                cards.get(message.contact_id),
                self._find_settings(message.content_settings_id, now),
                self._cards.find_shared(message.email_version_id, now),
                confirmations.get(message.id),
            )
            for message in claimed
        ]

    def _find_settings(self, settings_id: int | None, now: datetime) -> Mapping[str, object]:
        known = self._settings.get(settings_id)
        if known is not None and timedelta(0) <= now - known[0] < _SETTINGS_AGE:
            return known[1]
        try:
            found = content_settings_for_render(settings_id)
        except NotFound:
            found = content_settings_for_render(None)
        self._settings[settings_id] = (now, found)
        return found


class Renderers:
    """Renders messages. For the thread that sends."""

    def __init__(self) -> None:
        self._renderers: OrderedDict[int, Renderer] = OrderedDict()

    def render(self, prepared: Prepared, now: datetime) -> RenderedMessage | Result:
        """Return the ready message, or the result that says why there is none."""
        message = prepared.message
        if prepared.card is None:
            return Result(message.id, Event.BLOCK, reason=BlockReason.MISSING_CONTACT.value)
        wanted = MessageToRender(
            message_id=message.id,
            email_version_id=message.email_version_id,
            contact_id=message.contact_id,
            address=message.address,
            at=now,
            journey_id=message.journey_id,
            tracking_allowed=message.tracking_allowed,
            confirmation=prepared.confirmation,
        )
        try:
            renderer = self._find(message.email_version_id)
            if renderer is None:
                return Result(message.id, Event.FAIL, reason="The published version of the email is gone.")
            return renderer.render(wanted, prepared.card, prepared.content_settings, prepared.shared)
        except RenderError as error:
            return Result(message.id, Event.BLOCK, reason=error.reason, detail=error.message)
        except (DatabaseError, InterfaceError):
            raise
        except Exception as error:  # one message's fault must not stop the others
            log.exception("render_failed", message_id=message.id, email_version_id=message.email_version_id)
            return Result(message.id, Event.FAIL, reason=f"Rendering failed: {type(error).__name__}.")

    def get_compiled(self, version_id: int) -> CompiledEmail:
        """Return the published email whose messages were rendered just now."""
        return self._renderers[version_id].compiled

    def _find(self, version_id: int) -> Renderer | None:
        if version_id in self._renderers:
            self._renderers.move_to_end(version_id)
            return self._renderers[version_id]
        try:
            found = Renderer(get_published(version_id).compiled, settings.DOOR_URL)
        except NotFound:
            return None
        self._renderers[version_id] = found
        while len(self._renderers) > _RENDERERS:
            self._renderers.popitem(last=False)
        return found
