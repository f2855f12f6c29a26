"""The plans of the statements that every tick runs: none reads through those who wait elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

import senet.journeys
from senet.journeys.active import list_active
from senet.journeys.engine import due_work
from senet.journeys.move import Move, get_xid, open_temporary_tables
from senet.journeys.plan import get_plan
from senet.journeys.tiles import IfThenTile
from senet.shared.sql import load_sql
from tests.support.journeys import World, audience, email, if_then, make_email, make_segment, opened, task
from tests.support.people import make_contacts

WAITING = 60_000  # people in other journeys; the planner sees the table, and one journey is a small part of it


@pytest.fixture
def move(world: World) -> Iterator[Move]:
    """A live journey in whose condition a few people wait, while very many wait in others."""
    lane = audience(make_segment(make_contacts(5))) >> email(make_email()) >> if_then(opened(2), days=7, yes=task())
    world.run(lane)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, arrived_xid)"
            " SELECT 1000000 + n %% 20, 1, 3, n, %s, %s, senet_xid() FROM generate_series(1, %s) AS n",
            [world.now, world.now + timedelta(days=30), WAITING],
        )
        cursor.execute(
            "INSERT INTO first_interaction (contact_id, journey_id, iteration, tile, type, at)"
            " SELECT n, 1000000 + n %% 20, 1, 2, 'EmailDelivered', %s FROM generate_series(1, %s) AS n",
            [world.now, WAITING],
        )
        cursor.execute("ANALYZE visit, first_interaction")
    (journey,) = list_active()
    assert journey.version_id is not None
    with transaction.atomic():
        open_temporary_tables()
        yield Move(get_plan(journey.version_id, 1), world.now, get_xid())


def explain(move: Move, statement: str, **more: Any) -> str:
    """Return the plan of one of the room's statements."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + load_sql(senet.journeys, statement), {**move.parameters, **more})
        return "\n".join(row[0] for row in cursor.fetchall())


def asked(move: Move) -> dict[str, Any]:
    """Return what the condition asks, as its statements take it."""
    tile = move.plan.tiles[3]
    assert isinstance(tile, IfThenTile)
    return {"tile": 3, **tile._asked(move)}


@pytest.mark.parametrize(
    ("statement", "more"),
    [
        ("claim_due", {"tile": 3, "limit": 100}),
        ("claim_due_decided", {"limit": 100}),
        ("claim_satisfied", {"singles": False}),
        ("claim_reconsidered", {"limit": 100, "singles": False}),
        ("leave_tile", {"tile": 3, "outcome": "processed"}),
        ("stop_standing", {"tiles": [1, 2, 3]}),
        ("resume_stopped", {"tiles": [1, 2, 3]}),
        ("cut_off", {}),
        ("drop_returning", {"tile": 3}),
        ("decide_companies", {"source": "news"}),
    ],
)
def test_no_statement_of_a_tick_reads_through_the_waiting(move: Move, statement: str, more: dict[str, Any]) -> None:
    plan = explain(move, statement, **{**asked(move), **more})
    assert "Seq Scan on visit" not in plan
    assert "Seq Scan on first_interaction" not in plan


def test_to_look_who_is_due_touches_one_place_a_tile(move: Move) -> None:
    plan = explain(move, "find_due", journeys=[move.plan.journey_id], tiles=[3], live=[move.plan.journey_id])
    assert "Seq Scan on visit" not in plan
    assert "visit_due" in plan


def test_nothing_is_to_be_done_while_others_wait(move: Move, world: World) -> None:
    assert not due_work(world.now)
