"""The blast radius: whom going live now would reach, who would not get anything and why, and what follows a day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction

import senet.journeys
from senet.journeys.definition import Definition, read_definition
from senet.journeys.errors import JourneyNotFound
from senet.journeys.forecast import forecast_messages
from senet.journeys.models import Iteration, Journey
from senet.journeys.tiles import EmailTile
from senet.journeys.tiles.base import Entrance, TileId
from senet.journeys.values import BlastRadius, EntranceRadius, Forecast, JourneyScope, Person, ReasonCount
from senet.messages.actions import ADDRESS_PATTERN
from senet.messages.limits import AllLimits, find_limits
from senet.shared import sql
from senet.shared.clock import find_zone

SAMPLE = 10
# What measure_blast_radius.sql says of each person.
_VERDICTS = range(11)
_INSIDE, _BELOW, _SUPPRESSED, _OTHER_UNIT, _INACTIVE, _REFUSED, _NO_ADDRESS, _MAILABLE = _VERDICTS[:8]
_LISTED, _BOUNCED, _CAPPED = _VERDICTS[8:]
_BLOCKS = {
    _INACTIVE: ("EmailBlockedInactiveContact", "deactivated"),
    _REFUSED: ("EmailBlockedByUser", "allow no mail, or no bulk mail"),
    _NO_ADDRESS: ("InvalidRecipientAddress", "no address, or one that no mail can go to"),
    _LISTED: (
        "EmailBounceCacheBlocked",
        "have a suppressed address: they complained, or a colleague added it",
    ),
    _BOUNCED: ("EmailHardBounced", "have an address that is suppressed after bounces"),
    _CAPPED: ("EmailBlockedByFrequencyCap", "have had as many mails as the cap allows: theirs waits, or is blocked"),
}
_DUPLICATE = ("EmailBlockedDuplicateAddress", "share an address with another who gets the mail")
_STOPS = {
    _SUPPRESSED: ("suppressed", "in the suppression segment"),
    _OTHER_UNIT: ("business_unit", "belong to another business unit"),
}


@dataclass
class _Counts:
    """What one entrance, or all of them, would bring in, by what is said of each person."""

    people: dict[int, int] = field(default_factory=lambda: dict.fromkeys(_VERDICTS, 0))
    addresses: int = 0  # different ones, of those who can get mail

    @property
    def entering(self) -> int:
        """Those who would enter and go on."""
        return sum(self.people[each] for each in (*_BLOCKS, _MAILABLE))

    @property
    def duplicates(self) -> int:
        """Those whose address somebody else has who gets the mail."""
        return self.people[_MAILABLE] - self.addresses


@dataclass(frozen=True, slots=True)
class _Mails:
    """What a journey sends: anything at all, and anything that obeys do-not-bulk-email."""

    has_mail: bool
    commercial: bool


def measure_blast_radius(journey_id: int, now: datetime, *, unit_ids: Sequence[int] | None = None) -> BlastRadius:
    """Count who would enter a journey if it went live now, who would get no mail and why, and what follows a day.

    The sample shows people of these business units only (None: of all). Raises: JourneyNotFound, InvalidInput.
    """
    journey = Journey.objects.filter(pk=journey_id).first()
    if journey is None:
        raise JourneyNotFound
    definition = read_definition(journey.definition)
    entrances = [each for each in definition.entrances if each.included_segments or each.included_lists]
    emails = [tile.email_id for tile in definition.tiles if isinstance(tile, EmailTile) and tile.email_id is not None]
    has_mail = any(isinstance(tile, EmailTile) for tile in definition.tiles)
    mails = _Mails(has_mail, has_mail and _is_commercial(emails))
    measured = [(each, _measure(journey, each, mails, now)) for each in entrances]
    return _add_up(journey, definition, measured, now, unit_ids)


def _is_commercial(emails: Sequence[int]) -> bool:
    return bool(sql.fetch_all(senet.journeys, "find_commercial", {"emails": list(emails)})[0][0])


def _measure(journey: Journey, entrance: Entrance, mails: _Mails, now: datetime) -> _Counts:
    parameters = {
        **_members_of(journey, entrance),
        "has_mail": mails.has_mail,
        "commercial": mails.commercial,
        "now": now,
        "address_pattern": ADDRESS_PATTERN,
        **_list_caps(now, commercial=mails.commercial),
    }
    with _eager_workers():
        rows = sql.fetch_all(senet.journeys, "measure_blast_radius", parameters)
    counts = _Counts()
    for verdict, people, addresses in rows:
        counts.people[verdict] = people
        counts.addresses += addresses
    if not mails.has_mail:
        counts.addresses = counts.people[_MAILABLE]
    return counts


def _list_caps(now: datetime, *, commercial: bool) -> dict[str, object]:
    """Return the frequency caps as the statement takes them; none where nothing commercial is sent."""
    limits = find_limits() if commercial else AllLimits()
    scopes = [(0, limits.everybody), *limits.units.items()]
    caps = [(unit, now - length, most) for unit, each in scopes for length, most in each.caps]
    return {
        "capped": bool(caps),
        "own_units": list(limits.units),
        "cap_units": [unit for unit, _, _ in caps],
        "cap_sinces": [since for _, since, _ in caps],
        "cap_mosts": [most for _, _, most in caps],
    }


@contextmanager
def _eager_workers() -> Iterator[None]:
    """Let PostgreSQL judge people on all its cores: the rows that come back are few, which its planner cannot know."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('parallel_tuple_cost', '0.01', true)")
        yield
        cursor.execute("SELECT set_config('parallel_tuple_cost', '0.1', true)")


def _members_of(journey: Journey, entrance: Entrance) -> dict[str, object]:
    return {
        "journey_id": journey.pk,
        "iteration": _find_iteration(journey.pk),
        "tile": entrance.id,
        "included_segments": entrance.included_segments,
        "included_lists": entrance.included_lists,
        "excluded_segments": entrance.excluded_segments,
        "needed": entrance.needed,
        "single": len(entrance.included_segments) + len(entrance.included_lists) == 1,
        "suppression_segment_id": journey.suppression_segment_id,
        "minimum_consent": journey.minimum_consent,
        "business_unit_id": journey.business_unit_id if journey.scope == JourneyScope.BUSINESS_UNIT else None,
    }


def _find_iteration(journey_id: int) -> int:
    numbers = Iteration.objects.filter(journey_id=journey_id).order_by("-number").values_list("number", flat=True)
    return numbers.first() or 1


def _add_up(
    journey: Journey,
    definition: Definition,
    measured: Sequence[tuple[Entrance, _Counts]],
    now: datetime,
    unit_ids: Sequence[int] | None,
) -> BlastRadius:
    total = _Counts()
    for _, counts in measured:
        for verdict, people in counts.people.items():
            total.people[verdict] += people
        total.addresses += counts.addresses
    blocked = [(*_BLOCKS[each], total.people[each]) for each in _BLOCKS] + [(*_DUPLICATE, total.duplicates)]
    stopped = [(*_STOPS[each], total.people[each]) for each in _STOPS]
    mailable = {entrance.id: counts.addresses for entrance, counts in measured}
    return BlastRadius(
        would_enter=_count_entering(journey, measured),
        suppressed=total.people[_SUPPRESSED],
        below_consent=total.people[_BELOW],
        already_in=total.people[_INSIDE],
        sample=_sample(journey, measured, unit_ids),
        stopped=tuple(ReasonCount(*row) for row in stopped if row[2]),
        blocked=tuple(ReasonCount(*row) for row in blocked if row[2]),
        entrances=tuple(_show(entrance, counts) for entrance, counts in measured),
        forecast=_forecast(journey, definition, mailable, now),
    )


def _sample(
    journey: Journey, measured: Sequence[tuple[Entrance, _Counts]], unit_ids: Sequence[int] | None
) -> tuple[Person, ...]:
    found: list[int] = []
    for entrance, counts in measured:
        if counts.entering and len(found) < SAMPLE:
            parameters = {**_members_of(journey, entrance), "sample": SAMPLE - len(found)}
            found += [row[0] for row in sql.fetch_all(senet.journeys, "sample_entering", parameters)]
    people = sql.fetch_all(senet.journeys, "list_people", {"ids": sorted({*found}), "units": unit_ids})
    return tuple(Person(*row) for row in people)


def _show(entrance: Entrance, counts: _Counts) -> EntranceRadius:
    return EntranceRadius(entrance.id, entrance.title, counts.entering, counts.people[_BELOW], counts.people[_INSIDE])


def _count_entering(journey: Journey, measured: Sequence[tuple[Entrance, _Counts]]) -> int:
    """Return how many people would enter, each counted once although several entrances may bring them in."""
    busy = [entrance for entrance, counts in measured if counts.entering]
    if len(busy) < 2:
        return sum(counts.entering for _, counts in measured)
    sources = [
        (entrance.id, entrance.needed, kind, number, excluded)
        for entrance in busy
        for kind, numbers, excluded in (
            ("segment", entrance.included_segments, False),
            ("list", entrance.included_lists, False),
            ("segment", entrance.excluded_segments, True),
        )
        for number in numbers
    ]
    tiles, needed, kinds, ids, excludes = (list(column) for column in zip(*sources, strict=True))
    columns = {"tiles": tiles, "needed": needed, "kinds": kinds, "ids": ids, "excludes": excludes}
    parameters = {**_members_of(journey, busy[0]), **columns}
    return int(sql.fetch_all(senet.journeys, "count_entering", parameters)[0][0])


def _forecast(journey: Journey, definition: Definition, mailable: dict[TileId, int], now: datetime) -> Forecast:
    zone = find_zone(journey.time_zone) or ZoneInfo("UTC")
    at = max(now, journey.start_at or now)
    ends = [journey.end_at] if journey.end_at is not None else []
    if journey.is_recurring and journey.interval_days:
        ends.append(at + timedelta(days=journey.interval_days))
    return forecast_messages(definition, mailable, zone=zone, at=at, end_at=min(ends, default=None))
