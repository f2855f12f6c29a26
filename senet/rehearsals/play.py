"""The play: the engine ticks from event to event, and between two ticks people do what the model says.

Runs on the stage (stage.py): every table that is written here is the stage's own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import senet.rehearsals
from senet.journeys.active import find_active
from senet.journeys.engine import tick
from senet.journeys.plan import Plan
from senet.journeys.values import TickReport
from senet.rehearsals.behaviour import as_columns
from senet.rehearsals.errors import EngineFailed
from senet.rehearsals.pace import Pace
from senet.rehearsals.stage import clear_away, refresh_statistics
from senet.rehearsals.values import MAX_PEOPLE, Assumption
from senet.shared.sql import execute, fetch_all

# What is said before each tick: how much of the time has passed, and where the virtual clock stands. A sentence
# instead of nothing ends the play there.
Watch = Callable[[float, datetime], str]
_SWEEP = 50_000  # people moved between two sweeps of the tables that people pass through


@dataclass(frozen=True, slots=True)
class Played:
    """How a play went."""

    until: datetime  # where the virtual clock stood in the end
    ticks: int
    interval: timedelta  # between two ticks when events come thick
    ended_early: str


def list_heard(plan: Plan) -> frozenset[tuple[int, str]]:
    """Return what rules ask about messages: tile and interaction type."""
    return frozenset((question.tile, question.type) for question in plan.questions if not question.column)


class Play:
    """One journey on the stage, from its start to a virtual moment."""

    def __init__(self, plan: Plan, assumptions: Sequence[Assumption], *, start: datetime, until: datetime, seed: int):
        self._plan = plan
        self._start, self._until = start, until
        self._pace = Pace(start, until)
        self._zone = ZoneInfo(plan.snapshot.time_zone)
        self._model: Mapping[str, object] = {
            **as_columns(assumptions, list_heard(plan)), "seed": seed, "until": until, "journey_id": plan.journey_id
        }  # fmt: skip
        self._moved = self._known = self._swept = 0

    def run(self, watch: Watch) -> Played:
        """Play until nothing happens any more, or the time is over. Raises: EngineFailed."""
        now, since, ticks = self._start, self._start, 0
        ended_early = ""
        while not ended_early:
            self._step(now, since)
            ticks += 1
            event = self._find_next_event(now)
            if event is None or event > self._until:
                break
            now, since = self._pace.meet(event), now
            if now > self._until:
                break
            ended_early = watch((now - self._start) / (self._until - self._start), now)
        return Played(now if ended_early else self._until, ticks, self._pace.interval, ended_early)

    def _step(self, now: datetime, since: datetime) -> None:
        """Let people do what they do by now, the engine tick, and messages leave."""
        moments = {"now": now, "since": since, "journey_id": self._plan.journey_id}
        execute(senet.rehearsals, "release_reactions", moments)
        execute(senet.rehearsals, "play_unsubscribes", {**moments, "lists": self._plan.lists})
        report = tick(now, chunk=MAX_PEOPLE)  # all who are due move at once: what comes out follows from the seed alone
        if report.failed:
            raise EngineFailed
        execute(senet.rehearsals, "play_messages", {**self._model, "now": now})
        self._learn(report)

    def _learn(self, report: TickReport) -> None:
        """Clear away what has left, and refresh the planner's knowledge, as the ledger grows."""
        self._moved += report.moved
        if self._moved > self._swept + _SWEEP:
            self._swept = self._moved
            clear_away("message_queue", "visit")
        if self._moved > 2 * self._known + 1000:
            self._known = self._moved
            refresh_statistics("visit", "message", "first_interaction", "interaction", "reaction")

    def _find_next_event(self, now: datetime) -> datetime | None:
        """Return the next moment worth a tick; None: nothing will happen any more."""
        parameters = {"journey_id": self._plan.journey_id, "tiles": list(self._plan.waiting_tiles), "now": now}
        events = [event for (event,) in fetch_all(senet.rehearsals, "find_next_event", parameters)]
        journey = find_active(self._plan.journey_id)
        if journey is None or not journey.is_running(now):
            return None
        moments = [*events, journey.ends_at, journey.iteration_due_end_at]
        coming = [moment for moment in moments if moment is not None and moment > now]
        if events:  # somebody stands: what waits for nothing that we know of is asked once a day
            coming.append(self._next_midnight(now))
        return min(coming, default=None)

    def _next_midnight(self, now: datetime) -> datetime:
        """Return the next midnight of the journey's clocks."""
        tomorrow = now.astimezone(self._zone).date() + timedelta(days=1)
        return datetime(tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=self._zone).astimezone(now.tzinfo)
