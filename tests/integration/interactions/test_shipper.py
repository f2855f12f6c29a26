"""The shipper: every committed row arrives once, whatever happens on the way."""

from __future__ import annotations

import pytest
from django.db import connection

from senet.insights.streams import INTERACTION, STREAMS
from senet.interactions import clickhouse, shipper
from senet.interactions.copying import connect
from senet.interactions.shipper import Shipper
from senet.shared.clock import utc_now
from tests.support.clickhouse import ship
from tests.support.databases import wait_for_older_transactions
from tests.support.interactions import record_some
from tests.support.people import make_contact

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


def count(table: str = "interaction", what: str = "count()") -> int:
    return int(clickhouse.fetch_rows(f"SELECT {what} FROM {table}")[0][0])


def test_a_committed_interaction_arrives_with_its_columns() -> None:
    record_some(
        "EmailClicked", contact_id=7, email_id=3, message_id=9, link=2, address='a\t"b"\\@example.com', domain="x.de",
        detail={"referrer": "line\nbreak \\ tab\t ☃"},
    )  # fmt: skip
    assert ship() == 1
    rows = clickhouse.fetch_rows(
        "SELECT type, contact_id, link, address, JSONExtractString(detail, 'referrer'), toString(at), verdict"
        " FROM interaction"
    )
    assert list(map(tuple, rows)) == [
        ("EmailClicked", 7, 2, 'a\t"b"\\@example.com', "line\nbreak \\ tab\t ☃", "2026-11-20 12:00:00.000000", "")
    ]


def test_an_absent_value_arrives_as_nothing_and_text_that_looks_like_one_as_it_is() -> None:
    record_some("EmailSent", address="\\N", domain="", link=None, visitor=None)
    ship()
    rows = clickhouse.fetch_rows("SELECT address, domain, link, visitor, company_id, detail FROM interaction")
    assert list(map(tuple, rows)) == [("\\N", "", 0, "", 0, "")]


def test_shipping_again_ships_nothing() -> None:
    record_some(count=5)
    assert ship() == 5
    assert ship() == 0
    assert count() == 5


def test_a_contact_is_mirrored_and_replaced_when_it_changes() -> None:
    contact = make_contact(country="DE")
    ship()
    contact.country = "FR"
    contact.save()
    ship()
    rows = clickhouse.fetch_rows("SELECT id, country, active FROM contact FINAL")
    assert list(map(tuple, rows)) == [(contact.pk, "FR", True)]


def test_rows_of_a_transaction_that_is_still_open_wait_and_then_arrive() -> None:
    with connect() as slow:
        slow.execute("BEGIN")
        slow.execute("INSERT INTO interaction (type, at) VALUES ('EmailOpened', now())")
        record_some()
        shipper.run_once(STREAMS, utc_now())
        assert count() == 0
        slow.execute("COMMIT")
    ship()
    assert count() == 2


def test_a_batch_never_cuts_a_transaction_in_two() -> None:
    for size in (3, 1, 7, 2):
        record_some(count=size)
    steps: list[str] = []
    own = Shipper([INTERACTION], at_step=steps.append, batch_rows=4)
    wait_for_older_transactions()
    assert own.run_once() == 13
    own.close()
    assert steps.count("interaction: inserted") == 3
    assert count() == count(what="uniqExact(id)") == 13


class KilledError(Exception):
    """Stands for a kill: nothing after it is run."""


@pytest.mark.parametrize("step", ["bounds stored", "inserted", "end noted"])
def test_a_shipper_killed_at_any_step_loses_and_doubles_nothing(step: str) -> None:
    record_some("EmailClicked", count=10, email_id=1, message_id=2)

    def kill(now: str) -> None:
        if now == f"interaction: {step}":
            raise KilledError

    first = Shipper(STREAMS, at_step=kill)
    wait_for_older_transactions()
    with pytest.raises(KilledError):
        first.run_once()
    first.close()
    record_some("EmailOpened", count=4, email_id=1, message_id=2)
    ship()
    assert count() == count(what="uniqExact(id)") == 14
    assert count("email_event") == count("email_hour", "sum(events)") == 14


def test_a_batch_that_arrived_in_part_is_mended() -> None:
    record_some("EmailClicked", count=10, email_id=1, message_id=2)

    def kill(now: str) -> None:
        if now == "interaction: inserted":
            clickhouse.run("ALTER TABLE interaction DELETE WHERE id % 2 = 0 SETTINGS mutations_sync = 2")
            raise KilledError

    first = Shipper(STREAMS, at_step=kill)
    wait_for_older_transactions()
    with pytest.raises(KilledError):
        first.run_once()
    first.close()
    ship()
    assert count() == count(what="uniqExact(id)") == 10
    assert count("email_event") == count("email_hour", "sum(events)") == 10


def test_only_one_shipper_works_at_a_time() -> None:
    record_some()
    with connect() as other:
        other.execute("SELECT pg_advisory_lock(4915002)")
        second = Shipper(STREAMS)
        assert second.run_once() == 0
        second.close()
    assert ship() == 1


def test_the_offset_says_how_fresh_the_numbers_are() -> None:
    record_some()
    ship()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ship_offset WHERE now() - shipped_at < interval '5 seconds'")
        assert cursor.fetchone()[0] == len(STREAMS)
