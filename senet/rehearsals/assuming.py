"""What is assumed of the readers of a journey's emails: brings links and history to `behaviour`, tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from senet.content.queries import find_live_versions, load_links
from senet.content.values import LinkKind
from senet.insights.reactions import read_reactions
from senet.insights.values import ReactionsFound
from senet.interactions.errors import ClickHouseUnavailable
from senet.journeys.definition import read_definition
from senet.journeys.models import Journey
from senet.journeys.tiles import EmailTile
from senet.rehearsals.behaviour import MailTile, assume
from senet.rehearsals.values import Assumption, RehearsalOptions, TileId

History = Callable[[int, Sequence[int], Sequence[int], datetime], Sequence[ReactionsFound]]
Assumed = tuple[list[Assumption], list[str]]  # and what has to be said about them
_NO_VERSION = 0  # of an email that has never been live: it has no links and no history


def assume_all(
    journey_id: int,
    emails: Mapping[TileId, tuple[int, int]],
    options: RehearsalOptions,
    history: History,
    now: datetime,
) -> Assumed:
    """Return what is assumed at each email tile, given the email and the version that it sends."""
    mails = [MailTile(tile, email_id, version_id) for tile, (email_id, version_id) in emails.items()]
    links: dict[int, list[int]] = {}
    for (version_id, number), link in load_links(mail.version_id for mail in mails).items():
        if link.kind == LinkKind.URL:
            links.setdefault(version_id, []).append(number)
    mails = [replace(mail, links=sorted(links.get(mail.version_id, []))) for mail in mails]
    notes: list[str] = []
    found: Sequence[ReactionsFound] = ()
    try:
        emails_sent, versions = {mail.email_id for mail in mails}, {mail.version_id for mail in mails}
        found = history(journey_id, sorted(emails_sent), sorted(versions), now)
    except ClickHouseUnavailable as error:
        notes.append(f"No history was used. {error.message}")
    return [assume(mail, options, found) for mail in sorted(mails, key=lambda mail: mail.tile)], notes


def assume_of_drawn(journey: Journey, history: History, now: datetime) -> Assumed:
    """Return what a rehearsal of the journey, as it is drawn now, would assume if nobody assumed otherwise."""
    chosen = {
        tile.id: tile.email_id
        for tile in read_definition(journey.definition).tiles
        if isinstance(tile, EmailTile) and tile.email_id is not None
    }
    versions = find_live_versions(set(chosen.values()))
    emails = {tile: (email_id, versions.get(email_id, _NO_VERSION)) for tile, email_id in chosen.items()}
    return assume_all(journey.pk, emails, RehearsalOptions(), history, now)


def live_history(
    journey_id: int, emails: Sequence[int], versions: Sequence[int], now: datetime
) -> Sequence[ReactionsFound]:
    """Return what ClickHouse knows, asked from this process."""
    return read_reactions(journey_id, emails, versions, now)
