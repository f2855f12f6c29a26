"""Readers of logs: interactions that if/then tiles wait for, changes of membership, changes of records.

Each reads rows of ended transactions only (`xid` below the oldest that still runs), from a stored position that moves
in the transaction that acts on them: nothing is missed and nothing acted on twice, whoever is killed. Then the journey
is held alone, so nobody can arrive between the reading and the acting.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

import structlog
from django.db import transaction

import senet.journeys
from senet.journeys.active import ActiveJourney, find_active, list_active
from senet.journeys.chunk import empty_temporary_tables, enter, make_move
from senet.journeys.conditions import THING_COLUMNS
from senet.journeys.enrolment import enrol_news
from senet.journeys.flow import carry_on, let_go
from senet.journeys.models import Journey
from senet.journeys.move import Move, empty, hold_journey, open_temporary_tables
from senet.journeys.recall import recall
from senet.journeys.retiming import retime_resumed
from senet.journeys.tiles.base import TileId
from senet.journeys.values import TickReport
from senet.shared import sql

log = structlog.get_logger(__name__)

ROWS = 20_000  # of a log, read by one transaction
SPAN = 5_000  # transaction ids that one transaction reads, at most


class Read(IntEnum):
    """How far a reader came."""

    NOTHING = 0  # there was nothing new, or another worker is reading
    ALL = 1  # all that it may read yet
    PART = 2  # there is more


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a log: the transactions from `xid` to before `upto`, of which rows up to `last_id` are done."""

    xid: int
    upto: int
    last_id: int
    horizon: int


def follow_interactions(now: datetime, report: TickReport, *, rows: int = ROWS) -> Read:
    """Read on in the log of interactions and let those go who have done what they were waited for."""
    with transaction.atomic():
        stretch = _take_stretch("interaction")
        if stretch is None:
            return Read.NOTHING
        ((looked, last_id, kept),) = sql.fetch_all(
            senet.journeys, "hear_interactions", {**_bounds(stretch, rows), **_ask(list_active())}
        )
        _hear_forms(stretch, last_id, now)
        _move_on("interaction", stretch, now, full=looked == rows, last_id=last_id)
        report.heard += kept
        if kept:
            _act_on_news(now, report, _release_satisfied)
    return _tell(stretch, full=looked == rows)


def follow_membership(now: datetime, report: TickReport, *, rows: int = ROWS) -> Read:
    """Read on in the log of membership changes: call in who joined, stop who must not go on."""
    with transaction.atomic():
        stretch = _take_stretch("membership")
        if stretch is None:
            return Read.NOTHING
        watched = [
            (each.id, *row, each.called_xid) for each in list_active() if each.version_id for row in each.plan.watched
        ]
        columns = _columns(watched, ("journeys", "kinds", "audiences", "changes", "roles", "tiles", "called_xids"))
        ((looked, last_id, cut),) = sql.fetch_all(
            senet.journeys, "hear_membership", {**_bounds(stretch, rows), **columns}
        )
        full = looked == rows or cut
        _move_on("membership", stretch, now, full=full, last_id=last_id)
        if looked and watched:
            _act_on_news(now, report, _stop_standing)
            _act_on_news(now, report, _enrol_joined)
    return _tell(stretch, full=full)


def _ask(journeys: Sequence[ActiveJourney]) -> dict[str, list[Any]]:  # psycopg adapts them
    """Return the questions of all if/then tiles as columns."""
    asked = [(each, question) for each in journeys if each.version_id for question in each.plan.questions]
    plain = [(each.id, question.tile, question.type) for each, question in asked if not question.column]
    things = [(each.id, max(each.iteration, 1), *question.as_thing) for each, question in asked if question.column]
    return {
        **_columns(plain, ("journeys", "tiles", "types")),
        **_columns(things, ("thing_journeys", "thing_iterations", *THING_COLUMNS)),
    }


def _hear_forms(stretch: Stretch, upto_id: int, now: datetime) -> None:
    """Note whom submitted forms bring in, as far as the stretch was read."""
    watched = [
        (each.id, max(each.iteration, 1), *row, each.running_since)
        for each in list_active()
        if each.version_id and each.is_running(now)
        for row in each.plan.forms
    ]
    if watched and upto_id:
        bounds = {"from_xid": stretch.xid, "upto_xid": stretch.upto, "last_id": stretch.last_id, "upto_id": upto_id}
        columns = _columns(watched, ("journeys", "iterations", "tiles", "forms", "since"))
        sql.execute(senet.journeys, "hear_forms", {**bounds, **columns})


def follow_records(now: datetime, report: TickReport, *, rows: int = ROWS) -> Read:
    """Read on in the log of record changes: note who enters by one, and judge anew whom a changed consent concerns."""
    with transaction.atomic():
        stretch = _take_stretch("record")
        if stretch is None:
            return Read.NOTHING
        watched = [
            (each.id, max(each.iteration, 1), *row, each.live_xid)
            for each in list_active()
            if each.version_id
            for row in each.plan.watches
            if row[0] == 0 or each.is_running(now)
        ]
        columns = _columns(watched, ("journeys", "iterations", "tiles", "entities", "events", "columns", "live_xids"))
        ((looked, last_id, _),) = sql.fetch_all(
            senet.journeys, "hear_records", {**_bounds(stretch, rows), **columns, "now": now}
        )
        _move_on("record", stretch, now, full=looked == rows, last_id=last_id)
        if looked and watched:
            _act_on_news(now, report, _stop_standing)
            _act_on_news(now, report, _enrol_joined)
    return _tell(stretch, full=looked == rows)


def reconsider(journey_id: int, now: datetime, report: TickReport, *, limit: int = ROWS) -> None:
    """Ask everybody who waits at an if/then tile again: the rules, or what was heard meanwhile, may have changed."""
    more = True
    while more:
        with transaction.atomic():
            open_temporary_tables()
            move = enter(journey_id, now, alone=True)
            if move is None:
                return
            _make_up(move, report)
            claimed = [tile.release_reconsidered(move, limit) for tile in move.plan.conditions]
            _take_on(move, [tile.id for tile in move.plan.conditions], report)
            more = max(claimed, default=0) >= limit
            if not more:
                Journey.objects.filter(pk=journey_id).update(reconsider=False)


def _make_up(move: Move, report: TickReport) -> None:
    """See to what a journey missed: news that it failed to act on, and what was heard while its version went live."""
    journey_id = move.plan.journey_id
    if move.execute("take_postponed_news"):
        _stop_standing(move, False, report)  # whoever waits is asked next anyway
        empty("news")
    (from_xid,) = Journey.objects.values_list("recall_from_xid", flat=True).filter(pk=journey_id)
    if from_xid is not None:
        recall(journey_id, move.plan.iteration, move.plan.questions, from_xid=from_xid)
        Journey.objects.filter(pk=journey_id).update(recall_from_xid=None)


def _take_stretch(reader: str) -> Stretch | None:
    """Take the reader's position for this transaction; None when another worker has it or there is nothing new."""
    open_temporary_tables()
    rows = sql.fetch_all(senet.journeys, "read_position", {"reader": reader})
    if not rows:
        return None
    xid, upto, last_id, horizon = rows[0]
    if upto is None:
        upto = min(horizon, xid + SPAN)
    return Stretch(xid, upto, last_id, horizon) if upto > xid else None


def _tell(stretch: Stretch, *, full: bool) -> Read:
    return Read.PART if full or stretch.upto < stretch.horizon else Read.ALL


def _bounds(stretch: Stretch, rows: int) -> dict[str, int]:
    return {"from_xid": stretch.xid, "upto_xid": stretch.upto, "last_id": stretch.last_id, "limit": rows}


def _columns(rows: Sequence[tuple[Any, ...]], names: Sequence[str]) -> dict[str, list[Any]]:  # psycopg adapts them
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _move_on(reader: str, stretch: Stretch, now: datetime, *, full: bool, last_id: int) -> None:
    position = (stretch.xid, stretch.upto, last_id) if full else (stretch.upto, None, 0)
    names = ("position_xid", "upto_xid", "last_id")
    sql.execute(
        senet.journeys, "move_position", {"reader": reader, "now": now, **dict(zip(names, position, strict=True))}
    )


def _act_on_news(now: datetime, report: TickReport, act: Callable[[Move, bool, TickReport], None]) -> None:
    """Act on the news of each journey, in the order of their ids. One that fails does not hold up the others."""
    for (journey_id,) in sql.fetch_all(senet.journeys, "list_news"):
        try:
            with transaction.atomic():
                hold_journey(journey_id)
                journey = find_active(journey_id)
                if journey is not None and journey.version_id is not None:
                    act(make_move(journey, now), journey.is_running(now), report)
                empty_temporary_tables()
        except Exception as error:  # the log must be read on; the journey is asked again from the beginning
            log.exception("news_failed", journey_id=journey_id, error=type(error).__name__)
            report.failed += 1
            sql.execute(senet.journeys, "postpone_news", {"journey_id": journey_id})
            Journey.objects.filter(pk=journey_id).update(reconsider=True, enrolled_version_id=None)


def _release_satisfied(move: Move, running: bool, report: TickReport) -> None:
    if not running:
        return  # kept beside the messages; asked when the journey resumes
    tiles = move.plan.conditions
    for tile in tiles:
        tile.release_satisfied(move)
    _take_on(move, [tile.id for tile in tiles], report)


def _stop_standing(move: Move, running: bool, report: TickReport) -> None:
    tiles = list(move.plan.waiting_tiles)
    report.stopped += move.execute("stop_standing", tiles=tiles)
    resumed = move.fetch("resume_stopped", tiles=tiles)
    retime_resumed(move, resumed)
    if resumed:  # they may have done meanwhile what is asked where they stand
        _release_satisfied(move, running, report)


def _enrol_joined(move: Move, running: bool, report: TickReport) -> None:
    journey = find_active(move.plan.journey_id)
    if running and journey is not None and journey.is_called:
        entered, stopped = enrol_news(move)
        report.enrolled += entered - stopped
        report.stopped += stopped


def _take_on(move: Move, tiles: Sequence[TileId], report: TickReport) -> None:
    ahead: dict[TileId, set[tuple[TileId, int]]] = {}
    for tile_id in tiles:
        counts = let_go(move, tile_id, ahead)
        report.stopped += counts.get(None, 0)
        report.released += sum(count for branch, count in counts.items() if branch is not None)
    carry_on(move, ahead)
