"""The statements that senders repeat go by their indexes in a big outbox, whatever else is in the table."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

import senet.messages
from senet.messages.actions import ADDRESS_PATTERN, record_results
from senet.messages.states import Event
from senet.messages.values import Result
from senet.shared.sql import load_sql
from tests.support.messages import NOW, make_sender

pytestmark = pytest.mark.django_db


@pytest.fixture
def _big_outbox() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO message (journey_id, iteration, tile, contact_id, email_id, email_version_id, queued_at,"
            " due_at, claim, state, address, address_key, domain)"
            " SELECT 1, 1, 1, n, 1, 1, %(now)s, CASE WHEN n %% 100 = 0 THEN %(now)s END,"
            " CASE WHEN n %% 1000 = 1 THEN 7 END,"
            " CASE WHEN n %% 100 = 0 THEN 'queued' WHEN n %% 1000 = 1 THEN 'sending' ELSE 'delivered' END,"
            " 'p' || n || '@example.com', 'p' || n || '@example.com', 'example.com'"
            " FROM generate_series(1, 30000) AS n",
            {"now": NOW},
        )
        cursor.execute("ANALYZE message")


def _explain(name: str, **parameters: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + load_sql(senet.messages, name), parameters)
        return "\n".join(row[0] for row in cursor.fetchall())


@pytest.mark.usefixtures("_big_outbox")
def test_a_claim_reads_the_queue_and_looks_up_by_key() -> None:
    plan = _explain("claim_batch", sender=make_sender(), limit=100, now=NOW)
    assert "message_queue" in plan
    assert "Seq Scan on message" not in plan
    assert "contact_pkey" in plan


@pytest.mark.usefixtures("_big_outbox")
def test_freed_claims_are_found_without_reading_the_outbox() -> None:
    plan = _explain("release_claims", now=NOW)
    assert "message_claims" in plan
    assert "Seq Scan on message" not in plan


@pytest.mark.usefixtures("_big_outbox")
def test_a_cohort_looks_its_people_up_by_key() -> None:
    names = ("journey_id", "iteration", "tile", "email_id", "email_version_id")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE cohort (contact_id bigint PRIMARY KEY) ON COMMIT DROP")
    plan = _explain(
        "enqueue_cohort",
        **dict.fromkeys(names, 1),
        content_settings_id=None,
        commercial=True,
        address_pattern=ADDRESS_PATTERN,
        expired=False,
        now=NOW,
    )
    assert "contact_pkey" in plan


@pytest.mark.django_db(transaction=True)
def test_results_are_recorded_by_a_plan_that_is_made_once_and_fits_any_size() -> None:
    connection.close()  # what a connection prepares, it prepares once
    sender, unknown = make_sender(), Result(404, Event.DELIVER)
    assert [record_results([unknown], sender=sender, now=NOW) for _ in range(3)] == [0, 0, 0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, cardinality(parameter_types), generic_plans, custom_plans FROM pg_prepared_statements"
        )
        ((name, parameters, generic, custom),) = cursor.fetchall()
        assert (generic, custom) == (3, 0)
        cursor.execute(f"EXPLAIN EXECUTE {name} ({', '.join(['NULL'] * parameters)})")
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("TRUNCATE sender")
    assert "message_pkey" in plan, "though the outbox is empty just now"
    assert "Seq Scan" not in plan
