"""What is read in parts, late, or while something fails, counts like what is read at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection

from senet.journeys.engine import tick
from tests.support.databases import wait_for_older_transactions, with_database
from tests.support.journeys import (
    World,
    at,
    audience,
    email,
    if_then,
    make_email,
    make_segment,
    opened,
    task,
    tile,
    visits,
)
from tests.support.people import make_contacts

READ_ALL = "UPDATE engine_position SET xid = pg_current_xact_id()::text::bigint + 1 WHERE reader = 'interaction'"
CHUNKS = pytest.mark.parametrize("chunk", [1, 2, 1000])


def tick_in_chunks(world: World, chunk: int, **step: float) -> None:
    world.clock.advance(timedelta(**step))
    wait_for_older_transactions()
    assert tick(world.now, chunk=chunk).failed == 0


@contextmanager
def old_transaction() -> Iterator[None]:
    """Somebody else's transaction, which keeps the readers of logs from going on."""
    with psycopg.connect(with_database(str(connection.settings_dict["NAME"]))) as other:
        other.execute("SELECT pg_current_xact_id()")
        yield
        other.rollback()


def test_two_lanes_that_open_at_once_take_a_person_to_their_common_tile_once(world: World) -> None:
    (person,) = make_contacts(1)
    segment = make_segment([person])
    journey = world.run(
        audience(segment) >> email(make_email()) >> if_then(opened(2), days=9, yes=task()),
        audience(segment) >> email(make_email()) >> if_then(opened(6), days=9, yes=tile(4)),
    )
    world.interact("EmailOpened", journey, 2, [person])
    world.interact("EmailOpened", journey, 6, [person])
    assert world.tick(hours=1).failed == 0
    assert at(journey, 4) == {person}
    assert {visit.outcome for visit in visits(journey)} == {"processed"}
