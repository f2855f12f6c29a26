"""What the operator is told about a transaction that holds everybody up."""

from __future__ import annotations

import psycopg
import pytest
from django.db import connection

from senet.workers.health import describe_oldest_writer
from tests.support.databases import admin_url, wait_for_older_transactions, with_database

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_transaction_that_stays_open_is_named_with_the_way_to_end_it() -> None:
    wait_for_older_transactions()
    with psycopg.connect(with_database(str(connection.settings_dict["NAME"])), application_name="[b]report") as held:
        held.execute("SELECT 1")
        assert describe_oldest_writer(seconds=0) == "", "who only reads holds nobody up"
        held.execute("SELECT pg_current_xact_id()")
        pid = held.info.backend_pid
        said = describe_oldest_writer(seconds=0)
        assert said.startswith(f"A transaction of process {pid} ([b]report) has been open for ")
        assert " s and does nothing; journeys and numbers wait for it." in said
        assert said.endswith(f"SELECT pg_terminate_backend({pid}).")
        assert describe_oldest_writer(seconds=30) == "", "it may still end"


def test_a_neighbours_transaction_is_its_own_affair() -> None:
    wait_for_older_transactions()
    with psycopg.connect(admin_url()) as held:
        held.execute("SELECT pg_current_xact_id()")
        assert describe_oldest_writer(seconds=0) == ""
