"""The tick: what is to be done at a moment is done, chunk by chunk, each in a transaction of its own.

Several workers may tick at once: stretches of the audience and people who are due are claimed with row locks that
others skip, logs are read by one at a time. A worker that is killed leaves nothing half done: a chunk is there or not.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

import structlog
from django.db import connection, transaction

import senet.journeys
from senet.journeys.active import ActiveJourney, list_active
from senet.journeys.chunk import open_chunk
from senet.journeys.enrolment import call_audience, enrol_stretch
from senet.journeys.flow import carry_on, let_go
from senet.journeys.followers import Read, follow_interactions, follow_membership, follow_records, reconsider
from senet.journeys.iterations import play_next
from senet.journeys.lifecycle import needs_settling, settle
from senet.journeys.tiles.base import TileId
from senet.journeys.values import TickReport
from senet.shared import sql

log = structlog.get_logger(__name__)

CHUNK = 16_384  # people moved, called in or heard of by one transaction
_CALL_IN = 0  # stands for a tile in what find_due returns: people have to be called in


def tick(now: datetime, *, chunk: int = CHUNK, seconds: float | None = None) -> TickReport:
    """Do everything that is due at `now` in all journeys, or as much as fits into `seconds`."""
    started = time.monotonic()
    work = _Tick(now, chunk, None if seconds is None else started + seconds)
    while work.do_round():
        if work.is_over():
            break
    work.report.seconds = round(time.monotonic() - started, 4)
    if work.report.moved:
        log.info("tick_done", **{name: getattr(work.report, name) for name in TickReport.__slots__})
    return work.report


def due_work(now: datetime) -> bool:
    """Say, in a few milliseconds, whether a tick would find anything to do."""
    journeys = list_active()
    return (
        any(
            needs_settling(journey, now) or journey.needs_iteration(now) or needs_call(journey, now)
            for journey in journeys
        )
        or any(find_changes())
        or bool(find_due(journeys, now))
    )


def needs_call(journey: ActiveJourney, now: datetime) -> bool:
    """Say whether a journey's audience is still to be called in, or those who wait to be asked again."""
    return journey.is_running(now) and (journey.reconsider or not journey.is_called)


def find_changes() -> tuple[bool, bool, bool]:
    """Say whether there are interactions, changes of membership, and changes of records that are not read yet."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SELECT reader, xid FROM engine_position")
            positions = {f"{reader}_xid": xid for reader, xid in cursor.fetchall()}
        ((interactions, membership, records),) = sql.fetch_all(senet.journeys, "find_changes", positions)
    return interactions, membership, records


def find_due(journeys: Sequence[ActiveJourney], now: datetime) -> list[tuple[int, TileId]]:
    """Return the tiles where somebody may leave now, with their journeys; tile 0 where people are to be called in."""
    running = [journey for journey in journeys if journey.is_running(now)]
    if not running:
        return []
    live_settings = _list_live_settings()
    pairs = [
        (journey.id, tile)
        for journey in running
        for tile in journey.plan.waiting_tiles
        if tile not in journey.plan.email_tiles
        or journey.plan.snapshot.content_settings_id is None
        or journey.plan.snapshot.content_settings_id in live_settings
    ]
    rows = sql.fetch_all(
        senet.journeys,
        "find_due",
        {
            "journeys": [journey for journey, _ in pairs],
            "tiles": [tile for _, tile in pairs],
            "live": [journey.id for journey in running],
            "now": now,
        },
    )
    return [(journey, tile) for journey, tile in rows]


def _list_live_settings() -> frozenset[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM content_settings WHERE status IN ('live', 'live_editable')")
        return frozenset(settings_id for (settings_id,) in cursor.fetchall())


@dataclass
class _Tick:
    """One tick under way. A journey that fails is left alone until the next one, so that the others go on."""

    now: datetime
    chunk: int
    deadline: float | None = None
    report: TickReport = field(default_factory=TickReport)
    tired: set[int] = field(default_factory=set)

    def is_over(self) -> bool:
        """Say whether the time for this tick is up."""
        return self.deadline is not None and time.monotonic() > self.deadline

    def do_round(self) -> bool:
        """Read the logs on, then do one chunk of everything that is due; say whether there was anything to do."""
        did = False
        while self._begin_and_end([journey for journey in list_active() if journey.id not in self.tired]):
            did = True  # who goes live may begin an iteration next, or be at its end
        did |= self._read_logs()
        journeys = [journey for journey in list_active() if journey.id not in self.tired]
        for journey_id, tile in find_due(journeys, self.now):
            if tile == _CALL_IN:
                did |= self._try(journey_id, partial(self._call_in, journey_id))
            else:
                did |= self._try(journey_id, partial(self._release, journey_id, tile))
        return did

    def _begin_and_end(self, journeys: Sequence[ActiveJourney]) -> bool:
        did = False
        for journey in journeys:
            if needs_settling(journey, self.now):
                did |= self._try(journey.id, partial(settle, journey, self.now, self.report))
            elif journey.needs_iteration(self.now):
                did |= self._try(journey.id, partial(play_next, journey.id, self.now))
            elif needs_call(journey, self.now):
                did |= self._try(journey.id, partial(self._begin, journey))
        return did

    def _begin(self, journey: ActiveJourney) -> bool:
        if journey.reconsider:
            reconsider(journey.id, self.now, self.report, limit=self.chunk)
        return journey.is_called or call_audience(journey.id, self.now, stretch=self.chunk)

    def _read_logs(self) -> bool:
        """Read what was written since: who joins and who must stop to the end, before anybody is called in or let go.

        Of interactions a part will do, because nobody is timed out whose own are not read yet.
        """
        interactions, membership, records = find_changes()
        did = membership and self._read_on(follow_membership)
        did |= records and self._read_on(follow_records)
        return (interactions and follow_interactions(self.now, self.report, rows=self.chunk) != Read.NOTHING) or did

    def _read_on(self, follow: Callable[..., Read]) -> bool:
        did = False
        while (read := follow(self.now, self.report, rows=self.chunk)) != Read.NOTHING:
            did = True
            if read == Read.ALL or self.is_over():
                break
        return did

    def _call_in(self, journey_id: int) -> bool:
        counts = enrol_stretch(journey_id, self.now, limit=self.chunk)
        if counts is None:
            return False
        entered, stopped = counts
        self.report.enrolled += entered - stopped
        self.report.stopped += stopped
        return True

    def _release(self, journey_id: int, tile_id: TileId) -> bool:
        with open_chunk(journey_id, self.now) as move:
            tile = move.plan.tiles.get(tile_id) if move is not None else None
            if move is None or tile is None or not tile.is_open(move) or not tile.release(move, self.chunk):
                return False
            ahead: dict[TileId, set[tuple[TileId, int]]] = {}
            counts = let_go(move, tile_id, ahead)
            carry_on(move, ahead)
        self.report.stopped += counts.get(None, 0)
        self.report.released += sum(people for branch, people in counts.items() if branch is not None)
        return True

    def _try(self, journey_id: int, step: Callable[[], bool]) -> bool:
        if journey_id in self.tired:
            return False
        try:
            did = step()
        except Exception as error:  # one journey's failure must not stand in the way of the others
            log.exception("journey_failed", journey_id=journey_id, error=type(error).__name__)
            self.tired.add(journey_id)
            self.report.failed += 1
            return False
        self.report.chunks += did
        return did
