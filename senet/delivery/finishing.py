"""Finishes rendered messages: looks whether they may leave as they are, signs them, gives them their return path."""

from __future__ import annotations

from collections import OrderedDict
from datetime import datetime, timedelta

from django.conf import settings

import senet.delivery
from senet.content.values import CompiledEmail, RenderedMessage
from senet.delivery.domains.keyring import Keyring, KnownDomain
from senet.delivery.domains.signing import sign
from senet.delivery.link_blocks import BlockList
from senet.delivery.returns.paths import write_return_path
from senet.delivery.values import Outgoing
from senet.messages.states import Event
from senet.messages.values import BlockReason, ClaimedMessage, Result
from senet.shared.sql import fetch_all

_KEYS_PAUSE = timedelta(minutes=1)


class Finisher:
    """Makes what is handed over. For the thread that sends."""

    def __init__(self) -> None:
        self._keyring = Keyring()
        self._blocked = BlockList()
        self._units: OrderedDict[int, int] = OrderedDict()

    def refresh(self, now: datetime) -> None:
        """Look at domains and the block list again when it is time. Raises: DatabaseError."""
        self._keyring.refresh(now)
        self._blocked.refresh(now)

    def finish(
        self, message: ClaimedMessage, made: RenderedMessage, compiled: CompiledEmail, now: datetime
    ) -> Outgoing | Result:
        """Return what to hand over, or the result that says why nothing is. Raises: DatabaseError."""
        domain = self._keyring.find(made.from_address)
        refusal = self._check_links(message, made, compiled) or self._check_domain(message, domain, now)
        if refusal is not None:
            return refusal
        content = made.content
        if domain is not None and domain.keys:
            content = sign(content, domain.keys, at=int(now.timestamp()))
        back = (domain.bounce_domain if domain is not None else "") or settings.BOUNCE_DOMAIN
        return_path = write_return_path(message.id, back) if back else made.from_address
        from_domain = made.from_address.rpartition("@")[2].lower()
        return Outgoing(message.id, return_path, made.to_address, content, True, from_domain, message.urgent)

    def _check_links(self, message: ClaimedMessage, made: RenderedMessage, compiled: CompiledEmail) -> Result | None:
        found = self._blocked.find_in_version(message.email_version_id, (compiled.html, compiled.text))
        found = found or self._blocked.find(url for _, url in made.dynamic_links)
        if not found:
            return None
        return Result(message.id, Event.BLOCK, reason=BlockReason.BLOCKED_LINK.value, detail=found[:500])

    def _check_domain(self, message: ClaimedMessage, domain: KnownDomain | None, now: datetime) -> Result | None:
        if domain is None:
            if not settings.REQUIRE_SENDING_DOMAIN:
                return None
            detail = "The from address is not of a sending domain."
            return Result(message.id, Event.BLOCK, reason=BlockReason.DOMAIN_NOT_OWNED.value, detail=detail)
        if domain.trouble:
            return Result(message.id, Event.RELEASE, reason="dkim_keys_unreadable", due_at=now + _KEYS_PAUSE)
        if domain.business_unit_id not in {None, self._find_unit(message.email_version_id)}:
            detail = "The from address's domain is another business unit's."
            return Result(message.id, Event.BLOCK, reason=BlockReason.DOMAIN_OF_OTHERS.value, detail=detail)
        return None

    def _find_unit(self, version_id: int) -> int | None:
        if version_id not in self._units:
            rows = fetch_all(senet.delivery, "find_unit_of_version", {"version_id": version_id})
            if not rows:
                return None
            self._units[version_id] = int(rows[0][0])
            while len(self._units) > 100:
                self._units.popitem(last=False)
        return self._units[version_id]
