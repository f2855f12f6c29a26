"""Whom a call tells of: the contact it was launched for or, for a company, whoever of its contacts is there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from senet.integrations.payload import Card
from senet.integrations.values import Call
from senet.people.queries import find_contacts_for_render, find_first_contacts


def find_cards(calls: Sequence[Call]) -> Iterator[tuple[Call, Card | None]]:
    """Yield each call with the card of its contact; None when there is nobody left to call for.

    A company's call goes on with another of its contacts when the one who came first was deleted or left the company.
    """
    cards = find_contacts_for_render([call.contact_id for call in calls])
    lost = [each.company_id for each in calls if each.company_id and not _belongs(cards.get(each.contact_id), each)]
    firsts = find_first_contacts(lost) if lost else {}
    others = find_contacts_for_render(list(firsts.values())) if firsts else {}
    for each in calls:
        contact_id = firsts.get(each.company_id or 0)
        if _belongs(cards.get(each.contact_id), each):
            yield each, cards[each.contact_id]
        elif contact_id is None:
            yield each, None
        else:
            yield replace(each, contact_id=contact_id), others.get(contact_id)


def _belongs(card: Card | None, call: Call) -> bool:
    return card is not None and (call.company_id is None or card["company"].get("id") == call.company_id)
