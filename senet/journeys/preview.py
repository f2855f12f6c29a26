"""What saving an edited journey will mean for the people in it: who stands at each changed tile, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import senet.journeys
from senet.journeys.changes import Change, State, describe_changes, state_of_draft, state_of_version
from senet.journeys.errors import JourneyNotFound
from senet.journeys.models import Journey
from senet.journeys.plan import Plan, get_plan
from senet.journeys.retiming import list_waiters
from senet.journeys.tiles import AudienceTile, EmailTile, IfThenTile, SplitTile, UpdateColumnTile
from senet.journeys.tiles.base import Entrance, Tile, TileId
from senet.shared import sql


@dataclass(frozen=True, slots=True)
class AudiencePreview:
    """What a change of an entrance's sources means."""

    joining: int  # newly belong, and will enter
    no_longer_joining: int  # belonged and have not entered: they will not
    staying: int  # belong as before, or have entered and still belong
    going_on: int  # have entered and belong no more: they go on to the end


@dataclass(frozen=True, slots=True)
class TilePreview:
    """One changed tile and the people whom the change concerns."""

    tile: TileId
    kind: str
    name: str
    what: tuple[str, ...]
    standing: int  # people here now
    coming: int  # people at tiles before it
    passed: int  # people who have been here and gone
    due_today: int  # of those here: time lets them go before midnight of the journey's time zone, as it is set now
    due_today_after: int  # the same, with the change
    at_once: int  # of those here: the change lets them go at once
    audience: AudiencePreview | None
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EditPreview:
    """What is different from the live version, and whom it concerns."""

    journey_id: int
    live_version: int | None
    standing: int  # people in the journey now
    settings: tuple[str, ...]
    tiles: tuple[TilePreview, ...]


def preview_edit(journey_id: int, now: datetime) -> EditPreview:
    """Compare a journey's draft with its live version and count whom each change concerns. Raises: JourneyNotFound."""
    journey = Journey.objects.filter(pk=journey_id).select_related("live_version").first()
    if journey is None:
        raise JourneyNotFound
    version = journey.live_version
    if version is None:
        return EditPreview(journey_id, None, 0, (), ())
    draft = state_of_draft(journey)
    changes = describe_changes(state_of_version(version), draft)
    iteration = journey.iterations.order_by("-number").values_list("number", flat=True).first() or 1
    live = get_plan(version.pk, iteration)
    standing = _count_standing(journey_id)
    tiles = _Comparison(live, _make_plan(live, draft), standing, now)
    return EditPreview(
        journey_id,
        version.number,
        sum(standing.values()),
        next((change.what for change in changes if change.tile is None), ()),
        tuple(tiles.show(change) for change in changes if change.tile in live.tiles),
    )


def _count_standing(journey_id: int) -> Mapping[TileId, int]:
    return dict(sql.fetch_all(senet.journeys, "count_standing", {"journey_id": journey_id}))


def _make_plan(live: Plan, draft: State) -> Plan:
    """Return the plan that going live would make of the draft, as far as waits and sources need it."""
    return Plan(live.journey_id, 0, 0, draft.definition, live.snapshot, live.start_at, live.end_at, live.iteration)


@dataclass(frozen=True)
class _Comparison:
    """The live version and the draft beside it."""

    live: Plan
    draft: Plan
    standing: Mapping[TileId, int]
    now: datetime

    def show(self, change: Change) -> TilePreview:
        """Return a changed tile with the people whom the change concerns."""
        assert change.tile is not None  # noqa: S101  the caller's condition
        old = self.live.tiles[change.tile]
        new = self.draft.tiles.get(change.tile, old)
        waiters = list_waiters(self.live, self.draft, new) if old.waits else []
        standing = self.standing.get(old.id, 0)
        midnight = self._find_midnight()
        found = TilePreview(
            tile=old.id,
            kind=old.kind,
            name=new.title,
            what=change.what,
            standing=standing,
            coming=sum(self.standing.get(tile, 0) for tile in self.live.definition.find_ancestors(old.id)),
            passed=self._count_came(old) - standing,
            due_today=sum(each.people for each in waiters if each.due_at < midnight),
            due_today_after=sum(each.people for each in waiters if each.new_due_at < midnight),
            at_once=sum(each.people for each in waiters if each.new_due_at <= self.now < each.due_at),
            audience=self._compare_audiences(old, new),
            warnings=(),
        )
        return replace(found, warnings=tuple(_list_warnings(found, old, new)))

    def _count_came(self, tile: Tile) -> int:
        parameters = {"journey_id": self.live.journey_id, "iteration": self.live.iteration, "tile": tile.id}
        return int(sql.fetch_all(senet.journeys, "count_came", parameters)[0][0])

    def _find_midnight(self) -> datetime:
        """Return the end of today, as the clocks of the journey's time zone show it."""
        tomorrow = self.now.astimezone(self.live.zone).date() + timedelta(days=1)
        return datetime.combine(tomorrow, time(), self.live.zone)

    def _compare_audiences(self, old: Tile, new: Tile) -> AudiencePreview | None:
        if not isinstance(old, AudienceTile) or not isinstance(new, AudienceTile):
            return None
        was, now = _list_sources(old), _list_sources(new)
        if was == now and old.needed == new.needed:
            return None
        sources = sorted(was.keys() | now.keys())
        ((joining, leaving, staying, going_on),) = sql.fetch_all(
            senet.journeys,
            "compare_audiences",
            {
                "kinds": [kind for kind, _ in sources],
                "ids": [number for _, number in sources],
                "olds": [was.get(source, 0) for source in sources],
                "news": [now.get(source, 0) for source in sources],
                "old_needed": old.needed,
                "new_needed": new.needed,
                "journey_id": self.live.journey_id,
                "iteration": self.live.iteration,
                "tile": old.id,
                "minimum_consent": self.live.snapshot.minimum_consent,
            },
        )
        return AudiencePreview(joining, leaving, staying, going_on)


def _list_sources(entrance: Entrance) -> dict[tuple[str, int], int]:
    """Return an entrance's sources: 1 includes, -1 excludes (which wins)."""
    return {
        **{("segment", each): 1 for each in entrance.included_segments},
        **{("list", each): 1 for each in entrance.included_lists},
        **{("segment", each): -1 for each in entrance.excluded_segments},
    }


def _list_warnings(found: TilePreview, old: Tile, new: Tile) -> Iterator[str]:
    if found.at_once:
        how = (
            "leave at once, by Yes if they have done what the rules ask, else by No"
            if isinstance(new, IfThenTile)
            else "go at once"
        )
        yield f"The shorter wait lets {_people(found.at_once)} {how}."
    if found.due_today_after < found.due_today:
        yield f"{_people(found.due_today - found.due_today_after).capitalize()} will stay longer than today."
    if isinstance(old, IfThenTile) and isinstance(new, IfThenTile):
        if found.standing and (old.rules, old.logic) != (new.rules, new.logic):
            who = "whoever has done what they ask leaves by Yes at once"
            yield f"The new rules are asked of the {_people(found.standing)} here: {who}."
    elif isinstance(old, EmailTile) and isinstance(new, EmailTile):
        if old.email_id != new.email_id and found.passed:
            yield f"{_people(found.passed).capitalize()} got the old email; whoever comes from now on gets the new one."
    elif isinstance(new, SplitTile) and found.passed:
        yield f"The new shares are reached over all who come; the way of {_people(found.passed)} is decided already."
    elif (not new.waits or isinstance(new, UpdateColumnTile)) and not isinstance(new, Entrance) and found.passed:
        yield f"The change is for whoever comes from now on; {_people(found.passed)} passed before."
    if found.audience is not None:
        yield from _list_audience_warnings(found.audience)


def _list_audience_warnings(audience: AudiencePreview) -> Iterator[str]:
    if audience.joining:
        yield f"{_people(audience.joining).capitalize()} will enter at once, newly in the audience."
    if audience.no_longer_joining:
        yield f"{_people(audience.no_longer_joining).capitalize()} will not enter any more."
    if audience.going_on:
        yield f"{_people(audience.going_on).capitalize()} will go on to the end, though no longer in the audience."


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count:,} people"
