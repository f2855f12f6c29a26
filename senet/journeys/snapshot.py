"""What going live freezes beside the drawing: the settings, the emails' versions, and their links."""

from __future__ import annotations

from collections.abc import Mapping

import senet.journeys
from senet.journeys.check import gather_facts
from senet.journeys.definition import Definition
from senet.journeys.models import Journey
from senet.journeys.plan import AskedLink, Snapshot, name_link
from senet.journeys.tiles import ActivityTile, EmailTile, IfThenTile, UpdateColumnTile
from senet.journeys.values import TileFacts
from senet.people.settable import read_change
from senet.shared import sql


def make_snapshot(journey: Journey, definition: Definition) -> Snapshot:
    """Return the settings and the emails' versions as they are now; a journey keeps the versions it went live with."""
    facts = gather_facts(journey, definition)
    emails, same_url, changes, activities = {}, {}, {}, {}
    for tile in definition.tiles:
        if isinstance(tile, EmailTile) and tile.email_id is not None:
            version_id = facts.emails[tile.email_id][1]
            if version_id is not None:
                emails[tile.id] = (tile.email_id, version_id)
                same_url[tile.id] = _group_by_url(facts, version_id)
        elif isinstance(tile, ActivityTile):
            activities[tile.id] = tile.make_content(facts.templates)
        elif isinstance(tile, UpdateColumnTile):
            changes[tile.id] = read_change(tile.column, tile.value, facts.custom_columns)
    return Snapshot(
        name=journey.name,
        description=journey.description,
        refuse_large_emails=journey.refuse_large_emails,
        urgent=journey.urgent,
        time_zone=journey.time_zone,
        target=journey.target,
        scope=journey.scope,
        is_recurring=journey.is_recurring,
        interval_days=journey.interval_days,
        iteration_count=journey.iteration_count,
        minimum_consent=journey.minimum_consent,
        content_settings_id=journey.content_settings_id,
        suppression_segment_id=journey.suppression_segment_id,
        owner_id=journey.owner_id,
        business_unit_id=journey.business_unit_id,
        emails=emails,
        activities=activities,
        changes=changes,
        same_url=same_url,
        same_links=_find_same_links(journey.pk, definition, facts, emails),
    )


def _find_same_links(
    journey_id: int, definition: Definition, facts: TileFacts, emails: Mapping[int, tuple[int, int]]
) -> dict[AskedLink, tuple[tuple[int, int], ...]]:
    """Return what the links that rules ask about are called in each version of the email that people have or may get.

    Versions number their links on their own; what makes two links one is where they lead.
    """
    asked: dict[tuple[int, int, int], AskedLink] = {}
    for rule in (rule for tile in definition.tiles if isinstance(tile, IfThenTile) for rule in tile.rules):
        source = definition.by_id.get(rule.source or 0)
        if rule.condition != "clicked_link" or rule.link is None or not isinstance(source, EmailTile):
            continue
        version_id = facts.find_version(source.email_id, source.ab_test_id if rule.variant == "b" else None)
        if version_id is not None:
            asked[source.id, version_id, rule.link] = name_link(source.id, rule.variant, rule.link)
    if not asked:
        return {}
    tiles, versions, links = (list(column) for column in zip(*asked, strict=True))
    rows = sql.fetch_all(
        senet.journeys,
        "find_same_links",
        {
            "journey_id": journey_id,
            "tiles": tiles,
            "versions": versions,
            "links": links,
            "sending_tiles": list(emails),
            "sending_versions": [version_id for _, version_id in emails.values()],
        },
    )
    found: dict[AskedLink, tuple[tuple[int, int], ...]] = {}
    for tile, version, link, *same in rows:
        key = asked[tile, version, link]
        found[key] = (*found.get(key, ()), (same[0], same[1]))
    return found


def _group_by_url(facts: TileFacts, version_id: int) -> dict[int, tuple[int, ...]]:
    links = facts.links.get(version_id, {})
    return {
        number: tuple(sorted(other for other, target in links.items() if target == url))
        for number, url in links.items()
    }
