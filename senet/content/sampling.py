"""Renders an email for a sample of contacts and says who would be blocked, and why. Nothing is sent or noted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import senet.content
from senet.content.addresses import find_address
from senet.content.cards import load_cards, load_shared
from senet.content.compiler import compile_email
from senet.content.errors import RenderError
from senet.content.queries import content_settings_for_render
from senet.content.render import Renderer
from senet.content.sample import SAMPLE_CONFIRMATION
from senet.content.values import EmailSource, LegalDesignation, MessageToRender
from senet.people.queries import ContactCard
from senet.shared.sql import fetch_all

MOST_PEOPLE = 1_000
_BATCH = 200


@dataclass(frozen=True, slots=True)
class BlockedPerson:
    """Somebody of the sample who would get no mail; `reason` is the interaction that would say so."""

    contact_id: int
    name: str
    address: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class SampleReport:
    """What came of a sample: how many were rendered, who was not, and how large the mails were, in bytes."""

    people: int
    rendered: int
    blocked: tuple[BlockedPerson, ...]
    reasons: Mapping[str, int]
    largest: int
    average: int


@dataclass(frozen=True, slots=True)
class _Person:
    id: int
    name: str
    address: str
    active: bool
    do_not_email: bool
    do_not_bulk_email: bool
    tracking_allowed: bool


def render_sample(
    source: EmailSource,
    *,
    people: int,
    unit_ids: Collection[int] | None,
    door_url: str,
    now: datetime,
    seed: int = 0,
    segment_id: int | None = None,
    content_settings_id: int | None = None,
) -> SampleReport:
    """Render an email for some contacts of these business units (None: of all). Raises: NotFound, TemplateInvalid."""
    sampler = _Sampler(source, content_settings_id, door_url, now)
    units = None if unit_ids is None else sorted(unit_ids)
    rows = fetch_all(
        senet.content,
        "list_sample_contacts",
        {"units": units, "segment_id": segment_id, "seed": seed, "most": min(people, MOST_PEOPLE)},
    )
    sample = [_Person(*row) for row in rows]
    for start in range(0, len(sample), _BATCH):
        sampler.take(sample[start : start + _BATCH])
    sizes, blocked = sampler.sizes, tuple(sampler.blocked)
    average = sum(sizes) // len(sizes) if sizes else 0
    reasons = Counter(each.reason for each in blocked)
    return SampleReport(len(sample), len(sizes), blocked, reasons, max(sizes, default=0), average)


class _Sampler:
    def __init__(self, source: EmailSource, content_settings_id: int | None, door_url: str, now: datetime) -> None:
        self.source = source
        self.now = now
        self.renderer = Renderer(compile_email(source), door_url)
        self.settings = content_settings_for_render(content_settings_id)
        self.shared = load_shared(self.renderer.compiled.needs, source.event_id, door_url)
        self.sizes: list[int] = []
        self.blocked: list[BlockedPerson] = []

    def take(self, people: Sequence[_Person]) -> None:
        cards = load_cards([person.id for person in people], self.renderer.compiled.needs, self.source.language)
        for person in people:
            found = _find_block(person, self.source) or self._render(person, cards.get(person.id))
            if found:
                self.blocked.append(BlockedPerson(person.id, person.name, person.address, *found))

    def _render(self, person: _Person, card: ContactCard | None) -> tuple[str, str] | None:
        """Note the size of a person's mail, or return the reason and the sentence that block it."""
        if card is None:
            return "EmailBlockedMissingContactData", "The contact is gone."
        message = MessageToRender(
            0,
            0,
            person.id,
            person.address,
            self.now,
            tracking_allowed=person.tracking_allowed,
            confirmation=SAMPLE_CONFIRMATION,
        )
        try:
            self.sizes.append(self.renderer.render(message, card, self.settings, self.shared).size)
        except RenderError as error:
            return error.reason, error.message
        return None


def _find_block(person: _Person, source: EmailSource) -> tuple[str, str] | None:
    """Return the reason and the sentence that block a mail before it is written, or None."""
    commercial = source.legal_designation == LegalDesignation.COMMERCIAL
    if not person.active:
        return "EmailBlockedInactiveContact", "The contact is inactive."
    if person.do_not_email or (commercial and person.do_not_bulk_email):
        what = "no email at all" if person.do_not_email else "no bulk email"
        return "EmailBlockedByUser", f"The contact wants {what}."
    if find_address(person.address) is None:
        return "InvalidRecipientAddress", "The contact has no valid address."
    return None
