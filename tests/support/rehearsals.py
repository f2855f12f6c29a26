"""Runs rehearsals on a test's world, and looks at the stage before it is gone."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from django.db import connection

from senet.journeys.engine import tick
from senet.journeys.plan import Plan
from senet.journeys.values import TickReport
from senet.rehearsals import direct, play
from senet.rehearsals.actions import run_rehearsal, start_rehearsal
from senet.rehearsals.report import Ledger, count_ledger
from senet.rehearsals.values import RehearsalOptions, RehearsalReport
from tests.support.journeys import Visit, World, visits

Json = dict[str, Any]
NOBODY: Json = {
    "open_rate": 0, "click_rate": 0, "unsubscribe_rate": 0,
    "hard_bounce_rate": 0, "soft_bounce_rate": 0, "block_bounce_rate": 0,
}  # fmt: skip


def after(hours: float, spread: float = 0) -> Json:
    """Everybody takes so long, or half of them do."""
    return {"median_hours": hours, "spread": spread}


def rehearse(world: World, journey_id: int, **options: Any) -> RehearsalReport:
    """Rehearse a journey from the world's present moment, without history, and return the report."""
    options.setdefault("behaviour", NOBODY)
    rehearsal_id = start_rehearsal(journey_id, RehearsalOptions.model_validate(options))
    done = run_rehearsal(rehearsal_id, history=lambda *_asked: (), clock=lambda: world.now)
    return RehearsalReport.model_validate(done.report)


@dataclass
class Stage:
    """What happened on the stage: when the engine ticked, what people did, and the ledger."""

    ticks: list[datetime] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    reactions: list[tuple[datetime, str, int, int, int | None]] = field(default_factory=list)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> Stage:
        """Look over the shoulders of the next rehearsals."""

        def look_and_count(plan: Plan, until: datetime) -> Ledger:
            self.visits = visits(plan.journey_id)
            with connection.cursor() as cursor:
                cursor.execute("SELECT at, type, tile, contact_id, link FROM reaction WHERE heard ORDER BY at, type")
                self.reactions = cursor.fetchall()
            return count_ledger(plan, until)

        def note_and_tick(now: datetime, **more: Any) -> TickReport:
            self.ticks.append(now)
            return tick(now, **more)

        monkeypatch.setattr(direct, "count_ledger", look_and_count)
        monkeypatch.setattr(play, "tick", note_and_tick)
        return self
