"""What a person may choose at the door, and their choices carried out: each once, in one transaction, idempotent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

import senet.door
from senet.audiences.actions import join_list, leave_list
from senet.confirmations.asking import ask_for_consent, ask_for_list, withdraw_consent
from senet.confirmations.queries import find_waiting, load_setup
from senet.confirmations.values import Asked
from senet.door.languages import NAMES, find_language
from senet.door.values import Visitor
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from senet.people.actions import hold_contact
from senet.people.consent import set_consent_level
from senet.shared.sql import execute, fetch_all


@dataclass(frozen=True, slots=True)
class ListChoice:
    """A subscription list, and whether the person is on it."""

    id: int
    name: str
    description: str
    joined: bool
    waiting: bool = False  # for the person's confirmation


@dataclass(frozen=True, slots=True)
class Choices:
    """A person's choices as they stand, without anything that tells a stranger who they are."""

    masked_address: str
    do_not_bulk_email: bool
    lists: tuple[ListChoice, ...]
    consent_level: int | None = None  # None: it is not shown
    consent_asked: int | None = None  # waits for the person's confirmation
    notes: tuple[Asked, ...] = ()  # what became of what was just asked for
    language: str = ""  # the person's own, where there are pages in it


@dataclass(frozen=True, slots=True)
class _Recipient:
    """Who a message went to."""

    message_id: int
    contact_id: int
    company_id: int | None
    journey_id: int
    iteration: int
    tile: int
    email_id: int
    address: str
    domain: str
    country: str
    do_not_bulk_email: bool
    consent_level: int
    language: str


def find_targeted_lists(message_id: int) -> Sequence[tuple[int, str]] | None:
    """Return the lists (id, name) that a message's journey goes to; None when there is no such message."""
    if _find_recipient(message_id) is None:
        return None
    return [(list_id, name) for list_id, name in _fetch_targeted(message_id)]


def find_masked_address(message_id: int) -> str:
    """Return the recipient's address with all but its first letter and its domain hidden."""
    recipient = _find_recipient(message_id)
    return mask_address(recipient.address) if recipient else ""


def find_own_language(message_id: int) -> str:
    """Return the language that a message's recipient is written to in; empty when it is not known."""
    recipient = _find_recipient(message_id)
    return recipient.language if recipient else ""


def find_choices(message_id: int, now: datetime) -> Choices | None:
    """Return a recipient's choices, or None when there is no such message or person."""
    recipient = _find_recipient(message_id)
    if recipient is None:
        return None
    setup, waiting = load_setup(), find_waiting(recipient.contact_id, now)
    rows = fetch_all(senet.door, "list_choices", {"contact_id": recipient.contact_id})
    lists = tuple(
        ListChoice(list_id, name, description, joined, waiting=not joined and list_id in waiting.list_ids)
        for list_id, name, description, joined in rows
    )
    language = find_language(recipient.language) if recipient.language else ""
    choices = Choices(mask_address(recipient.address), recipient.do_not_bulk_email, lists, language=language)
    if not setup.centre_shows_consent:
        return choices
    return replace(choices, consent_level=recipient.consent_level, consent_asked=waiting.consent_level)


def preview_choices(language: str) -> Choices:
    """Return what the subscription centre shows to somebody who has chosen nothing yet."""
    rows = fetch_all(senet.door, "list_choices", {"contact_id": 0})
    lists = tuple(ListChoice(list_id, name, description, joined=False) for list_id, name, description, _ in rows)
    level = 0 if load_setup().centre_shows_consent else None
    return Choices(mask_address("anna@example.com"), False, lists, consent_level=level, language=language)


@transaction.atomic
def unsubscribe(message_id: int, visitor: Visitor, now: datetime) -> bool:
    """Unsubscribe by one click: from the lists that the journey goes to, or from all bulk mail when it goes to none.

    Returns False when there is no such message. Doing it again changes nothing and records nothing.
    """
    recipient = _find_recipient(message_id)
    if recipient is None:
        return False
    targeted = [list_id for list_id, _ in _fetch_targeted(message_id)]
    left: list[int | None] = [
        list_id for list_id in targeted if leave_list(list_id, [recipient.contact_id], by="one_click", now=now)
    ]
    if not targeted and _set_bulk(recipient, refused=True):
        left.append(None)
    fact = _make_fact(recipient, "SegmentUnsubscribed", visitor, now, {"by": "one_click"})
    record([replace(fact, list_id=list_id) for list_id in left])
    return True


@dataclass(frozen=True, slots=True)
class Form:
    """What the subscription centre's form says about the lists it showed, and about everything."""

    shown: Sequence[int]
    wanted: Sequence[int]
    refuses_bulk: bool
    consent_level: int | None = None  # None: it did not ask, or nothing else was chosen than what it showed
    language: str | None = None  # likewise


@transaction.atomic
def save_choices(message_id: int, form: Form, *, visitor: Visitor, now: datetime) -> Choices | None:
    """Carry out what the subscription centre's form says; return the choices as they are now.

    Where double opt-in is on, joining a list and raising the consent are asked for by mail; leaving and lowering hold
    at once. Returns None when there is no such message. A list that is not public is left alone, whatever the form
    says.
    """
    recipient = _find_recipient(message_id)
    if recipient is None or hold_contact(recipient.contact_id) is None:  # an answer to a confirmation mail comes after
        return None
    before = find_choices(message_id, now)
    if before is None:
        return None
    confirms = load_setup().enabled
    submitted = _make_fact(recipient, "EmailSubscriptionSubmit", visitor, now, None)
    facts, notes = list[Interaction](), list[Asked]()
    for choice in before.lists:
        if choice.id not in form.shown or choice.joined == (choice.id in form.wanted):
            continue
        if confirms and not choice.joined:
            notes.append(ask_for_list(choice.id, by="centre", fact=submitted, now=now))
            continue
        change, name = (leave_list, "SegmentUnsubscribed") if choice.joined else (join_list, "SegmentSubscribed")
        if change(choice.id, [recipient.contact_id], by="centre", now=now):
            facts.append(replace(_make_fact(recipient, name, visitor, now, {"by": "centre"}), list_id=choice.id))
    _set_bulk(recipient, refused=form.refuses_bulk)
    if form.language in NAMES:
        execute(senet.door, "set_language", {"contact_id": recipient.contact_id, "language": form.language})
    if before.consent_level is not None and form.consent_level is not None:
        if form.consent_level > before.consent_level and confirms:
            notes.append(ask_for_consent(form.consent_level, by="centre", fact=submitted, now=now))
        elif form.consent_level != before.consent_level:
            set_consent_level(recipient.contact_id, form.consent_level, now=now)
            withdraw_consent(recipient.contact_id, now=now)  # what they choose now holds
            detail = {"consent_level": form.consent_level, "consent_before": before.consent_level}
            submitted = replace(submitted, detail=detail)
    record([submitted, *facts])
    after = find_choices(message_id, now)
    return replace(after, notes=tuple(notes)) if after else None


def find_fact(message_id: int, type_name: str, visitor: Visitor, now: datetime) -> Interaction | None:
    """Return an interaction of a message's recipient, ready to be recorded; None when there is no such message."""
    recipient = _find_recipient(message_id)
    return _make_fact(recipient, type_name, visitor, now, None) if recipient else None


def mask_address(address: str) -> str:
    """Return an address that its owner recognises and nobody else learns."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}•••@{domain}" if name else "•••"


def _find_recipient(message_id: int) -> _Recipient | None:
    rows = fetch_all(senet.door, "find_recipient", {"message_id": message_id})
    return _Recipient(*rows[0]) if rows else None


def _fetch_targeted(message_id: int) -> Sequence[tuple[int, str]]:
    return [(row[0], row[1]) for row in fetch_all(senet.door, "list_targeted_lists", {"message_id": message_id})]


def _set_bulk(recipient: _Recipient, *, refused: bool) -> bool:
    return execute(senet.door, "set_bulk", {"contact_id": recipient.contact_id, "refused": refused}) > 0


def _make_fact(
    recipient: _Recipient, type_name: str, visitor: Visitor, now: datetime, detail: dict[str, object] | None
) -> Interaction:
    return Interaction(
        type_name,
        now,
        contact_id=recipient.contact_id,
        company_id=recipient.company_id,
        journey_id=recipient.journey_id,
        iteration=recipient.iteration,
        tile=recipient.tile,
        message_id=recipient.message_id,
        email_id=recipient.email_id,
        domain=recipient.domain,
        address=recipient.address,
        country=recipient.country or None,
        browser=visitor.browser or None,
        os=visitor.os or None,
        device=visitor.device or None,
        verdict=visitor.verdict,
        rule=visitor.rule,
        detail=detail,
    )
