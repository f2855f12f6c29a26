"""The journeys that the engine thinks of: one small statement a tick."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import senet.journeys
from senet.journeys.plan import Plan, get_plan
from senet.journeys.values import RUNNING, JourneyStatus
from senet.shared import sql


@dataclass(frozen=True, slots=True)
class ActiveJourney:
    """One journey that is live, between two states, or stopped and able to resume."""

    id: int
    status: JourneyStatus
    version_id: int | None
    enrolled_version_id: int | None
    reconsider: bool
    start_at: datetime | None
    end_at: datetime | None
    stopped_at: datetime | None
    iteration: int
    iteration_due_end_at: datetime | None = None
    live_since: datetime | None = None
    called_xid: int = 0
    live_xid: int = 0

    def is_running(self, now: datetime) -> bool:
        """Say whether people may move now: live, started and not at its end."""
        return (
            self.status in RUNNING
            and self.start_at is not None
            and self.start_at <= now
            and (self.ends_at is None or now < self.ends_at)
        )

    @property
    def running_since(self) -> datetime | None:
        """Return from when on people may enter: the start, or the moment at which the journey last went live."""
        moments = [moment for moment in (self.start_at, self.live_since) if moment is not None]
        return max(moments, default=None)

    @property
    def is_called(self) -> bool:
        """Say whether the live version's whole audience has been called in (what joins later comes by the log)."""
        return self.version_id is not None and self.enrolled_version_id == self.version_id

    @property
    def is_past_iteration(self) -> bool:
        """Say whether the present iteration was the last one that the live version plays."""
        count = self.plan.snapshot.iteration_count
        return self.plan.snapshot.is_recurring and count is not None and self.iteration >= count

    @property
    def ends_at(self) -> datetime | None:
        """Return when the journey ends by itself: its end, or that of its last iteration if it comes before."""
        moments = [self.end_at, self.iteration_due_end_at if self.is_past_iteration else None]
        return min((moment for moment in moments if moment is not None), default=None)

    def needs_iteration(self, now: datetime) -> bool:
        """Say whether the next iteration is due: who still stands is cut off, and everybody is called in anew."""
        due = self.iteration_due_end_at
        return (
            self.is_running(now)
            and self.plan.snapshot.is_recurring
            and not self.is_past_iteration
            and due is not None
            and due <= now
        )

    @property
    def plan(self) -> Plan:
        """Return the live version, ready to run."""
        assert self.version_id is not None  # noqa: S101  only drafts have none, and they are not active
        return get_plan(self.version_id, max(self.iteration, 1))


def list_active() -> list[ActiveJourney]:
    """Return the active journeys in the order of their ids, which is the order in which they are locked."""
    rows = sql.fetch_all(senet.journeys, "list_active")
    return [ActiveJourney(row[0], JourneyStatus(row[1]), *row[2:]) for row in rows]


def find_active(journey_id: int) -> ActiveJourney | None:
    """Return one journey as it is now, or None when the engine has nothing to do with it."""
    return next((journey for journey in list_active() if journey.id == journey_id), None)
