"""One transaction of the engine: the plan it follows, the moment it happens, and the temporary tables it works with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection

import senet.journeys
from senet.journeys.ab_tests import Share
from senet.journeys.plan import Plan
from senet.journeys.recall import find_position
from senet.journeys.tiles.base import TileId
from senet.shared import sql

# Advisory locks are numbered in one space; this high part is the journeys' own.
_LOCKS = 0x5E4E << 48


def open_temporary_tables() -> None:
    """Make sure that this connection has the engine's temporary tables; each transaction finds them empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('pg_temp.news') IS NOT NULL")
        row = cursor.fetchone()
    if row is None or not row[0]:
        sql.execute(senet.journeys, "open_temporary_tables")


def empty(*tables: str) -> None:
    """Forget what temporary tables hold. A TRUNCATE would change the catalogue, and a read-only rehearsal may not."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")


def share_journey(journey_id: int) -> None:
    """Hold a journey together with other movers, until commit. Whoever wants it alone waits for them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_LOCKS + journey_id])


def hold_journey(journey_id: int) -> None:
    """Hold a journey alone, until commit: nobody arrives or leaves meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCKS + journey_id])


def get_xid() -> int:
    """Return this transaction's id, as the shipped tables keep it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT senet_xid()")
        return int(cursor.fetchone()[0])


@dataclass
class Move:
    """What a tile works with while it moves people."""

    plan: Plan
    now: datetime
    xid: int
    membership_xid: int = 0  # changes of membership from here on are not read yet
    draws: dict[TileId, list[tuple[int, Share]]] = field(default_factory=dict)  # by A/B tests, of those who leave

    @cached_property
    def parameters(self) -> dict[str, Any]:  # psycopg adapts them
        """Return what nearly every statement asks for."""
        snapshot = self.plan.snapshot
        return {
            "journey_id": self.plan.journey_id,
            "iteration": self.plan.iteration,
            "now": self.now,
            "xid": self.xid,
            "membership_xid": self.membership_xid,
            "suppression_segment_id": snapshot.suppression_segment_id,
            "minimum_consent": snapshot.minimum_consent,
            "business_unit_id": snapshot.business_unit_id if snapshot.scope == "business_unit" else None,
            "lists": self.plan.lists,
            "exit_tiles": list(self.plan.exit_tiles),
        }

    def execute(self, statement: str, **more: object) -> int:
        """Run one of the room's statements and return the number of rows it touched."""
        return sql.execute(senet.journeys, statement, {**self.parameters, **more})

    def fetch(self, statement: str, **more: object) -> Sequence[tuple[Any, ...]]:
        """Run one of the room's statements and return its rows."""
        return sql.fetch_all(senet.journeys, statement, {**self.parameters, **more})

    @cached_property
    def content_settings_live(self) -> bool:
        """Say whether messages may go out now."""
        settings_id = self.plan.snapshot.content_settings_id
        if settings_id is None:
            return True
        with connection.cursor() as cursor:
            cursor.execute("SELECT status FROM content_settings WHERE id = %s", [settings_id])
            row = cursor.fetchone()
        return row is not None and row[0] in {"live", "live_editable"}

    def hold_unheard(self, *, companies: bool) -> None:
        """Let nobody be claimed who has done something that the reader of interactions has not come to yet."""
        position = find_position()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            self.execute("find_unheard", interaction_xid=position, companies=companies)
            cursor.execute("SET LOCAL enable_seqscan = on")

    def cohort_size(self) -> int:
        """Count the people who arrive."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM cohort")
            return int(cursor.fetchone()[0])

    def load_share(self, tile: TileId, share: int) -> int:
        """Make one share of a drawn cohort the cohort, and return how many they are."""
        empty("cohort")
        return self.execute("load_share", tile=tile, share=share)

    def load_drawn(self, tile: TileId, share: int) -> int:
        """Make those of one share who have left a tile the cohort, and return how many they are."""
        empty("cohort")
        return self.execute("load_drawn", tile=tile, share=share)

    def load_cohort(self, ways: Iterable[tuple[TileId, int]]) -> int:
        """Make those who left by certain ways the cohort, and return how many they are."""
        pairs = list(ways)
        empty("cohort")
        return self.execute("load_cohort", tiles=[tile for tile, _ in pairs], branches=[branch for _, branch in pairs])
