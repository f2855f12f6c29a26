"""Gathers what templates say about the people of a batch, and about records that every message of an email shares.

In: (email version, contact) pairs. Out: cards with the related rows and labels that those versions use, and the shared
roots `event` and `records`. One statement a relation and batch, none for versions that use no relation.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from senet.audiences.queries import find_lists_of_contacts
from senet.content.events import find_event_values
from senet.content.language.reader import list_languages
from senet.content.models import EmailVersion
from senet.content.needs import LABELS, Need
from senet.content.values import CompiledEmail
from senet.people.option_labels import Labels, find_label, load_option_labels
from senet.people.queries import ContactCard, find_contacts_for_render
from senet.people.relations import MOST_ROWS, find_companies, find_related

Shared = Mapping[str, object]
_KEPT = timedelta(seconds=2)  # how old shared records and labels may be
_MOST_VERSIONS = 1_000


def load_shared(needs: Sequence[Need], event_id: int | None, door_url: str) -> Shared:
    """Return the roots `event` and `records` as they are now; what is gone is left out."""
    shared: dict[str, object] = {}
    if event_id is not None and ("event",) in needs:
        shared["event"] = find_event_values([event_id], door_url).get(event_id, {})
    keys: dict[str, list[int | str]] = defaultdict(list)
    for need in needs:
        if need[0] == "records":
            keys[str(need[1])].append(need[2])
    if keys:
        events = [key for key in keys["event"] if isinstance(key, int)]
        found_events = find_event_values(events, door_url) if events else {}
        shared["records"] = {
            "company": find_companies(keys["company"]) if keys["company"] else {},
            "event": found_events,
        }
    return shared


def add_related(cards: dict[int, ContactCard], needs: Mapping[int, Sequence[Need]], language: str = "en") -> None:
    """Add to cards, by contact, the related rows and labels that each contact's templates need."""
    wanted: dict[Need, set[int]] = defaultdict(set)
    for contact_id, each in needs.items():
        if contact_id in cards:
            for need in each:
                wanted[need].add(contact_id)
    for need, contact_ids in wanted.items():
        if need[0] in {"contact", "company"} and need[1] != LABELS:
            _add_rows(cards, str(need[0]), str(need[1]), sorted(contact_ids))
    for root in ("contact", "company"):
        if labelled := wanted.get((root, LABELS)):
            _add_labels(cards, root, labelled, language)


def load_cards(contact_ids: Sequence[int], needs: Sequence[Need], language: str = "en") -> dict[int, ContactCard]:
    """Return the cards of some contacts with everything that one email needs."""
    cards = find_contacts_for_render(contact_ids)
    add_related(cards, dict.fromkeys(contact_ids, needs), language)
    return cards


class CardLoader:
    """Loads cards for a sender's batches, and remembers what each published version needs. For one thread."""

    def __init__(self, door_url: str) -> None:
        self._door_url = door_url
        self._needs: dict[int, tuple[tuple[Need, ...], int | None, str]] = {}
        self._shared: dict[int, tuple[datetime, Shared]] = {}

    def load(self, wanted: Sequence[tuple[int, int]]) -> dict[int, ContactCard]:
        """Return the cards of the people in (version, contact) pairs; people who are gone are left out."""
        cards = find_contacts_for_render([contact_id for _, contact_id in wanted])
        self._learn({version_id for version_id, _ in wanted})
        by_language: dict[str, dict[int, list[Need]]] = defaultdict(lambda: defaultdict(list))
        for version_id, contact_id in wanted:
            needs, _, language = self._needs.get(version_id, ((), None, "en"))
            if needs:
                by_language[language][contact_id] += needs
        for language, needed in by_language.items():
            add_related(cards, needed, language)
        return cards

    def find_shared(self, version_id: int, now: datetime) -> Shared:
        """Return the roots that all messages of a version share, at most two seconds old."""
        needs, event_id, _ = self._needs.get(version_id, ((), None, "en"))
        if not any(need[0] in {"event", "records"} for need in needs):
            return {}
        known = self._shared.get(version_id)
        if known is not None and timedelta(0) <= now - known[0] < _KEPT:
            return known[1]
        found = load_shared(needs, event_id, self._door_url)
        self._shared[version_id] = (now, found)
        return found

    def _learn(self, version_ids: set[int]) -> None:
        unknown = version_ids - self._needs.keys()
        if not unknown:
            return
        if len(self._needs) + len(unknown) > _MOST_VERSIONS:
            self._needs.clear()
            self._shared.clear()
            unknown = version_ids
        for version_id, compiled in EmailVersion.objects.filter(pk__in=unknown).values_list("id", "compiled"):
            try:
                email = CompiledEmail.from_json(compiled)
            except (ValueError, TypeError, LookupError):  # the renderer fails its messages, with the reason
                self._needs[version_id] = ((), None, "en")
            else:
                self._needs[version_id] = (email.needs, email.event_id, email.language)


def _add_rows(cards: dict[int, ContactCard], root: str, relation: str, contact_ids: Sequence[int]) -> None:
    if root == "contact":
        found = _RELATED[relation](contact_ids)
        for contact_id in contact_ids:
            cards[contact_id] = {**cards[contact_id], relation: found.get(contact_id, [])}
        return
    companies = {cards[contact_id]["company"].get("id") for contact_id in contact_ids} - {None}
    rows = find_related("company", relation, sorted(companies)) if companies else {}
    for contact_id in contact_ids:
        company = cards[contact_id]["company"]
        own = {**company, relation: rows.get(company.get("id"), [])}
        cards[contact_id] = {**cards[contact_id], "company": own}


_RELATED: Mapping[str, Callable[[Sequence[int]], Mapping[int, list[Any]]]] = {  # rows of whatever Liquid values
    "leads": lambda ids: find_related("contact", "leads", ids),
    "lists": lambda ids: find_lists_of_contacts(ids, most=MOST_ROWS),
}


def _add_labels(cards: dict[int, ContactCard], root: str, contact_ids: set[int], language: str) -> None:
    columns = load_option_labels(root)
    for contact_id in contact_ids:
        card = cards[contact_id]
        languages = (*list_languages(str(card.get("language") or "")), *list_languages(language), "en")
        if root == "contact":
            cards[contact_id] = {**card, LABELS: _labels_of(card["custom"], columns, languages)}
        else:
            own = card["company"].get("custom", {})
            company = {**card["company"], LABELS: _labels_of(own, columns, languages)}
            cards[contact_id] = {**card, "company": company}


def _labels_of(
    values: Mapping[str, object], columns: Mapping[str, Labels], languages: Sequence[str]
) -> Mapping[str, str]:
    return {key: find_label(labels, values.get(key), languages) for key, labels in columns.items()}
