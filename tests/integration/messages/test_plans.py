"""The statements that senders repeat go by their indexes in a big outbox, whatever else is in the table."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

import senet.messages
from senet.messages.actions import ADDRESS_PATTERN, claim_batch, record_results
from senet.messages.states import Event
from senet.messages.values import Result
from senet.shared.sql import load_sql
from tests.support.messages import NOW, empty_outbox, enqueue, make_sender
from tests.support.people import make_contacts

pytestmark = pytest.mark.django_db


@pytest.fixture
def _big_outbox() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, queued_at,"
            " state, address, address_key, domain)"
            " SELECT 1, 1, 1, n, 1, 1, %(now)s, CASE WHEN n %% 10 = 0 THEN 'queued' ELSE 'delivered' END,"
            " 'p' || n || '@example.com', 'p' || n || '@example.com', 'example.com'"
            " FROM generate_series(1, 30000) AS n",
            {"now": NOW},
        )
        cursor.execute(
            "INSERT INTO message_queue (message_id, due_at, claim)"
            " SELECT id, %(now)s, CASE WHEN contact_id %% 1000 = 0 THEN 7 END FROM message WHERE state = 'queued'",
            {"now": NOW},
        )


def _explain(name: str, **parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE message, message_queue")
        cursor.execute("EXPLAIN " + load_sql(senet.messages, name), parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.usefixtures("_big_outbox")
def test_freed_claims_are_found_without_reading_the_outbox() -> None:
    plan = _explain("release_claims", now=NOW)
    assert "Seq Scan on message_queue" in plan
    assert "message_pkey" not in plan
    assert "Seq Scan on message " not in plan


@pytest.mark.usefixtures("_big_outbox")
def test_a_cohort_looks_its_people_up_by_key() -> None:
    names = ("journey_id", "iteration", "tile", "email_id", "email_version_id")
    make_contacts(3_000)  # a table that is known to be empty is read
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE contact")
        cursor.execute("CREATE TEMPORARY TABLE cohort (contact_id bigint PRIMARY KEY) ON COMMIT DROP")
    plan = _explain(
        "enqueue_cohort",
        **dict.fromkeys(names, 1),
        content_settings_id=None,
        commercial=True,
        address_pattern=ADDRESS_PATTERN,
        expired=False,
        bypass_deduplication=False,
        urgent=False,
        expires_at=None,
        quota_left=None,
        now=NOW,
    )
    assert "contact_pkey" in plan


@pytest.fixture
def _own_connection(transactional_db: None) -> Iterator[None]:
    empty_outbox()
    connection.close()
    yield
    connection.close()  # it plans as no other test may
    empty_outbox()


def _explain_prepared(beginning: str) -> str:
    """The plan of a prepared statement, once it is seen to have been made once."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, cardinality(parameter_types), generic_plans, custom_plans FROM pg_prepared_statements"
            " WHERE starts_with(statement, %s)",
            [beginning],
        )
        ((name, parameters, generic, custom),) = cursor.fetchall()
        assert (generic, custom) == (3, 0)
        cursor.execute(f"EXPLAIN EXECUTE {name} ({', '.join(['NULL'] * parameters)})")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert not re.search(r"Seq Scan|Bitmap|Sort|Hash|Merge", plan), plan
    return plan


@pytest.mark.usefixtures("_own_connection")
def test_claims_are_planned_once_on_an_empty_queue_and_the_plan_fits_any_size() -> None:
    sender = make_sender()
    assert [claim_batch(sender=sender, limit=100, now=NOW) for _ in range(3)] == [[], [], []]
    plan = _explain_prepared("-- Give the messages")
    assert all(index in plan for index in ("message_queue_next", "message_pkey", "contact_pkey"))


@pytest.mark.usefixtures("_own_connection", "_big_outbox")
def test_claims_follow_the_queue_in_its_order_whatever_postgres_believes_about_it() -> None:
    sender = make_sender()
    assert [len(claim_batch(sender=sender, limit=5, now=NOW)) for _ in range(3)] == [0, 0, 0], "they have no people"
    assert "message_queue_next" in _explain_prepared("-- Give the messages")


@pytest.mark.usefixtures("_own_connection")
def test_results_are_recorded_by_a_plan_that_is_made_once_and_fits_any_size() -> None:
    sender, unknown = make_sender(), Result(404, Event.DELIVER)
    assert [record_results([unknown], sender=sender, now=NOW) for _ in range(3)] == [0, 0, 0]
    plan = _explain_prepared("-- Write down what became")
    assert all(index in plan for index in ("message_queue_pkey", "message_pkey", "contact_pkey"))


@pytest.mark.usefixtures("_own_connection")
def test_claiming_and_recording_touch_no_index() -> None:
    enqueue(make_contacts(200))
    sender, before = make_sender(), _count_updates()
    for _ in range(2):
        claimed = claim_batch(sender=sender, limit=100, now=NOW)
        record_results([Result(message.id, Event.DELIVER) for message in claimed], sender=sender, now=NOW)
    updated = Counter(_count_updates())
    updated.subtract(before)
    assert (updated["message_queue"], updated["message_queue", "hot"]) == (200, 200)
    assert updated["message"] == 200
    assert updated["message", "hot"] > 160, "but where a page was full"


def _count_updates() -> dict[object, int]:
    """How often rows of the outbox were updated, and how often without touching an index."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute(
            "SELECT relname, n_tup_upd, n_tup_hot_upd FROM pg_stat_user_tables"
            " WHERE relname IN ('message', 'message_queue')"
        )
        rows = cursor.fetchall()
    return {name: updates for name, updates, _ in rows} | {(name, "hot"): hot for name, _, hot in rows}
