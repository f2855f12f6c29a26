"""The report: the stage's ledger, counted by tile and day, and what the numbers rest on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import accumulate

import senet.rehearsals
from senet.journeys.plan import Plan
from senet.journeys.tiles import EmailTile
from senet.journeys.tiles.base import Tile
from senet.rehearsals.values import EndState, MailFlow, PathFlow, TileFlow
from senet.shared.sql import fetch_all

Days = list[int]


@dataclass(frozen=True, slots=True)
class Ledger:
    """What was counted: rows of (tile, day, …, count)."""

    arrivals: Sequence[tuple[int, date, int]]
    departures: Sequence[tuple[int, date, str, str | None, int | None, int]]
    messages: Sequence[tuple[int, date, str, str | None, int]]
    reactions: Sequence[tuple[int, date, str, int]]


def count_ledger(plan: Plan, until: datetime) -> Ledger:
    """Count the stage's ledger by the days of the journey's time zone."""
    parameters = {"journey_id": plan.journey_id, "zone": plan.snapshot.time_zone, "until": until}
    names = ("count_arrivals", "count_departures", "count_messages", "count_reactions")
    rows = [fetch_all(senet.rehearsals, name, parameters) for name in names]
    return Ledger(*rows)


def list_days(plan: Plan, start: datetime, until: datetime) -> list[date]:
    """Return the days of the journey's time zone that a rehearsal touches."""
    first, last = (moment.astimezone(plan.zone).date() for moment in (start, until))
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@dataclass
class Counting:
    """Turns a ledger into flows: counts per day, scaled to the whole audience."""

    plan: Plan
    days: Sequence[date]
    ledger: Ledger
    scale: float
    place: Mapping[date, int] = field(init=False)

    def __post_init__(self) -> None:
        self.place = {day: number for number, day in enumerate(self.days)}

    def _spread(self, rows: Sequence[tuple[date, int]]) -> Days:
        """Return one number a day."""
        return [self._scaled(count) for count in self._count_by_day(rows)]

    def _count_by_day(self, rows: Sequence[tuple[date, int]]) -> Days:
        counts = [0] * len(self.days)
        for day, count in rows:
            counts[self.place[day]] += count
        return counts

    def _scaled(self, count: int) -> int:
        return round(count * self.scale)

    def count_tiles(self) -> list[TileFlow]:
        """Return the flow through every tile, in an order in which nobody walks back."""
        rank = self.plan.rank
        return [self._count_tile(tile) for tile in sorted(self.plan.definition.tiles, key=lambda tile: rank[tile.id])]

    def _count_tile(self, tile: Tile) -> TileFlow:
        came = [(day, count) for tile_id, day, count in self.ledger.arrivals if tile_id == tile.id]
        left = [row[1:] for row in self.ledger.departures if row[0] == tile.id]
        outcomes = {
            outcome: [(day, count) for day, name, _, _, count in left if name == outcome]
            for outcome in ("processed", "stopped", "expired", "failed")
        }
        totals = {outcome: self._sum(rows) for outcome, rows in outcomes.items()}
        standing = accumulate(self._count_by_day([*came, *((day, -count) for day, _, _, _, count in left)]))
        reasons: dict[str, int] = defaultdict(int)
        for _, outcome, reason, _, count in left:
            if outcome == "stopped":
                reasons[reason or ""] += count
        return TileFlow(
            tile=tile.id,
            kind=tile.kind,
            name=tile.title,
            arrived=self._sum(came),
            waiting=self._sum(came) - sum(totals.values()),
            **totals,
            stop_reasons={reason: self._scaled(count) for reason, count in sorted(reasons.items())},
            paths=[self._count_path(tile, branch, left) for branch in range(len(tile.exits))],
            daily_arrived=self._spread(came),
            daily_waiting=[self._scaled(count) for count in standing],
            **{f"daily_{outcome}": self._spread(rows) for outcome, rows in outcomes.items()},
            mail=self._count_mail(tile.id) if isinstance(tile, EmailTile) else None,
        )

    def _sum(self, rows: Sequence[tuple[date, int]]) -> int:
        return self._scaled(sum(count for _, count in rows))

    def _count_path(
        self, tile: Tile, branch: int, left: Sequence[tuple[date, str, str | None, int | None, int]]
    ) -> PathFlow:
        took = [(day, count) for day, _, _, way, count in left if way == branch]
        label = tile.branch_label(branch)
        return PathFlow(branch=branch, label=label, people=self._sum(took), daily=self._spread(took))

    def _count_mail(self, tile_id: int) -> MailFlow:
        sent = [row[1:] for row in self.ledger.messages if row[0] == tile_id]
        reacted = [row[1:] for row in self.ledger.reactions if row[0] == tile_id]

        def messages(test: Callable[[str], bool]) -> list[tuple[date, int]]:
            return [(day, count) for day, state, _, count in sent if test(state)]

        def reactions(kind: str) -> list[tuple[date, int]]:
            return [(day, count) for day, name, count in reacted if name == kind]

        queued, blocked = messages(lambda state: state != "blocked"), messages(lambda state: state == "blocked")
        reasons: dict[str, int] = defaultdict(int)
        for _, state, reason, count in sent:
            if state == "blocked":
                reasons[reason or ""] += count
        return MailFlow(
            queued=self._sum(queued),
            blocked=self._sum(blocked),
            blocked_reasons={reason: self._scaled(count) for reason, count in sorted(reasons.items())},
            **{
                state: self._sum(messages(state.__eq__))
                for state in ("delivered", "hard_bounced", "soft_bounced", "block_bounced")
            },
            opened=self._sum(reactions("EmailOpened")),
            clicked=self._sum(reactions("EmailClicked")),
            unsubscribed=self._sum(reactions("SegmentUnsubscribed")),
            daily_queued=self._spread(queued),
            daily_blocked=self._spread(blocked),
            daily_opened=self._spread(reactions("EmailOpened")),
            daily_clicked=self._spread(reactions("EmailClicked")),
        )

    def count_queued(self) -> Days:
        """Return the messages that leave each day, of all tiles."""
        return self._spread([(day, count) for _, day, state, _, count in self.ledger.messages if state != "blocked"])

    def count_blocked(self) -> dict[str, Days]:
        """Return the messages that are blocked each day, by reason, of all tiles."""
        reasons = sorted({reason or "" for _, _, state, reason, _ in self.ledger.messages if state == "blocked"})
        return {
            reason: self._spread(
                [
                    (day, count)
                    for _, day, state, why, count in self.ledger.messages
                    if (state, why) == ("blocked", reason)
                ]
            )
            for reason in reasons
        }

    def count_entered(self) -> int:
        """Return how many people came in."""
        entrances = {entrance.id for entrance in self.plan.entrances}
        before = self.plan.incoming
        return self._scaled(
            sum(count for tile, _, count in self.ledger.arrivals if tile in entrances and not before[tile])
        )

    def count_end_states(self) -> list[EndState]:
        """Return where people are in the end: each visit that nothing followed is one."""
        counts: dict[tuple[str, int, str | None], int] = defaultdict(int)
        standing: dict[int, int] = defaultdict(int)
        for tile_id, _, count in self.ledger.arrivals:
            standing[tile_id] += count
        for tile_id, _, outcome, reason, branch, count in self.ledger.departures:
            standing[tile_id] -= count
            if outcome in {"stopped", "failed"}:
                counts[outcome, tile_id, reason] += count
            elif self._ends_at(tile_id, branch):
                counts["finished", tile_id, None] += count
        for tile_id, count in standing.items():
            if count:
                counts["waiting", tile_id, None] += count
        order = ("finished", "waiting", "stopped", "failed")
        rows = sorted(
            counts.items(), key=lambda row: (order.index(row[0][0]), self.plan.rank[row[0][1]], str(row[0][2]))
        )
        return [
            EndState(state=state, tile=tile, reason=reason, people=self._scaled(count))
            for (state, tile, reason), count in rows
        ]

    def _ends_at(self, tile_id: int, branch: int | None) -> bool:
        exits = self.plan.tiles[tile_id].exits
        return branch is None or branch >= len(exits) or exits[branch] is None
