"""What the check finds about records that an email names by number: gone, of another business unit, or not chosen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from django.conf import settings

from senet.content.assets.queries import find_missing_assets
from senet.content.events import find_event_units, find_event_values
from senet.content.language.analysis import find_paths
from senet.content.needs import Need, find_needs
from senet.content.values import EmailSource
from senet.people.relations import find_company_units
from senet.shared.errors import Problem

_NAMES = {"company": "company", "event": "calendar event"}


def check_records(source: EmailSource, unit_ids: Collection[int] | None = None) -> list[Problem]:
    """Return a problem for each record that is not there, or not in one of these business units (None: of any)."""
    parts = {
        "subject": source.subject,
        "preheader": source.preheader,
        "from name": source.from_name,
        "from address": source.from_address,
        "to address": source.to_address,
        "reply to": source.reply_to,
        "html body": source.source,
        "plain text": "" if source.plain_text_automatic else source.plain_text,
    }
    found: list[Problem] = []
    for where, template in parts.items():
        needs = find_needs([template])
        found += _check_event(source, where, template, needs, unit_ids)
        found += _check_named(where, needs, unit_ids)
        found += _check_assets(where, template)
    return found


def _check_assets(where: str, template: str) -> Iterator[Problem]:
    for url in find_missing_assets(template, settings.DOOR_URL):
        message = f"The asset library has nothing at {url}."
        yield Problem("asset_missing", message, where, advice="Choose another image or file.")


def _check_event(
    source: EmailSource, where: str, template: str, needs: Collection[Need], unit_ids: Collection[int] | None
) -> Iterator[Problem]:
    if ("event",) not in needs:
        return
    if source.event_id is None:
        message = "The email names an event, and none is chosen."
        yield Problem("event_missing", message, where, advice="Choose the calendar event that it invites to.")
        return
    event = find_event_values([source.event_id], settings.DOOR_URL).get(source.event_id)
    if event and not event["url"] and ("event", "url") in find_paths(template):
        message = "The email leads to the event's web page, and the event has none."
        yield Problem("event_without_page", message, where, advice="Give the event its page, or take the link out.")
    unit = find_event_units([source.event_id]).get(source.event_id)
    if unit is None or (unit_ids is not None and unit not in unit_ids):
        message = "The chosen calendar event is gone, or belongs to another business unit."
        yield Problem("record_missing", message, where, advice="Choose another event.")


def _check_named(where: str, needs: Collection[Need], unit_ids: Collection[int] | None) -> Iterator[Problem]:
    for kind, name in _NAMES.items():
        keys = [need[2] for need in needs if need[0] == "records" and need[1] == kind]
        if not keys:
            continue
        units = _find_units(kind, keys)
        for key in keys:
            unit = units.get(key)
            if unit is None or (unit_ids is not None and unit not in unit_ids):
                message = f"There is no {name} “{key}”, or you may not see it (records.{kind}[{key!r}])."
                yield Problem("record_missing", message, where, advice="Name one by its number or external id.")


def _find_units(kind: str, keys: Sequence[int | str]) -> Mapping[int | str, int]:
    if kind == "company":
        return find_company_units(keys)
    found = find_event_units([key for key in keys if isinstance(key, int)])
    return {key: found[key] for key in keys if isinstance(key, int) and key in found}
