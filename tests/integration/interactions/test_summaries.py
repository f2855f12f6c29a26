"""The newest pages of large logs are known to their indexes before autovacuum comes by."""

from __future__ import annotations

import json

import psycopg
import pytest
from django.db import connection

from senet.interactions.summaries import Summaries
from tests.support.databases import with_database

pytestmark = pytest.mark.django_db(transaction=True)

ROWS = 60_000  # some 3 MB


def write_changes() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO membership_change (kind, audience_id, contact_id, change, at)"
            " SELECT 'segment', 1, number, 1, now() FROM generate_series(1, %s) AS number",
            [ROWS],
        )


def count_pages_of_a_look() -> int:
    """Return how many pages a reader touches that has read everything and looks for more."""
    with connection.cursor() as cursor:
        cursor.execute("SET enable_seqscan = off")
        cursor.execute(
            "EXPLAIN (ANALYZE, BUFFERS, FORMAT json)"
            " SELECT FROM membership_change WHERE xid >= (SELECT max(xid) + 1 FROM engine_position) + 1000000"
        )
        found = cursor.fetchone()[0]
        cursor.execute("RESET enable_seqscan")
    plan = (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]
    return int(plan["Shared Hit Blocks"] + plan["Shared Read Blocks"])


def test_a_look_for_news_reads_few_pages_once_what_is_new_was_summarised() -> None:
    summaries = Summaries()
    summaries.refresh()
    write_changes()
    before = count_pages_of_a_look()
    assert summaries.refresh() > 0
    assert count_pages_of_a_look() < before / 10


def test_what_has_not_grown_is_left_alone() -> None:
    write_changes()
    summaries = Summaries()
    summaries.refresh()
    assert summaries.refresh() == 0


def test_who_holds_the_table_is_not_waited_for() -> None:
    Summaries().refresh()  # what other tests have left in other tables
    write_changes()
    with psycopg.connect(with_database(str(connection.settings_dict["NAME"]))) as other:
        other.execute("LOCK TABLE membership_change IN SHARE UPDATE EXCLUSIVE MODE")
        assert Summaries().refresh() == 0
