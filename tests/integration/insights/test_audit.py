"""The audit: clean when all is well, also while the system runs; each wrong number is found and named."""

from __future__ import annotations

import pytest
from django.db import connection

from senet.insights import audit
from senet.insights.audit import AuditReport
from senet.insights.queries import tile_numbers
from senet.interactions import clickhouse
from tests.support.clickhouse import refill, ship
from tests.support.insights import click, deliver, happen, leave, make_drawn_journey, make_email_version, visit
from tests.support.messages import enqueue
from tests.support.people import make_contacts

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


def broken(report: AuditReport) -> set[str]:
    return {check.name for check in report.checks if not check.holds}


def play() -> int:
    """A journey with some movement and some mail; returns its id."""
    version, journey = make_email_version("https://example.com/a"), make_drawn_journey()
    for number in range(6):
        message = deliver(version, journey, country=("DE", "FR")[number % 2])
        visit(journey, 1, message.contact_id, outcome="processed", branch=0)
        visit(journey, 3, message.contact_id)
        if number % 2:
            happen(message, "EmailOpened", verdict="human")
            click(message)
            leave(journey, 3, message.contact_id)
    return journey.pk


def test_an_empty_installation_is_clean() -> None:
    assert audit.run().clean


def test_everything_shipped_is_clean() -> None:
    play()
    ship()
    report = audit.run()
    assert report.clean, report
    assert {check.name for check in report.checks if check.checked} >= {"tile equation", "outbox and log agree"}


def test_what_is_not_shipped_yet_breaks_nothing() -> None:
    play()
    ship()
    play()
    assert audit.run().clean


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        ("ALTER TABLE interaction DELETE WHERE type = 'EmailSent'", {"log agrees", "outbox and log agree"}),
        ("ALTER TABLE visit_departure DELETE WHERE tile = 3", {"departures agree", "tile equation"}),
        ("ALTER TABLE visit_arrival DELETE WHERE tile = 1", {"arrivals agree", "tile equation"}),
        ("ALTER TABLE tile_hour DELETE WHERE tile = 1", {"tile roll-up agrees"}),
        ("ALTER TABLE email_hour DELETE WHERE type = 'EmailClicked'", {"email roll-ups agree", "breakdowns add up"}),
        ("ALTER TABLE email_group DELETE WHERE name = 'FR'", {"email roll-ups agree", "breakdowns add up"}),
        ("ALTER TABLE contact DELETE WHERE country = 'FR'", {"contacts are mirrored"}),
        ("ALTER TABLE email_event DELETE WHERE type = 'EmailDelivered'", {"opens are below deliveries"}),
        ("INSERT INTO interaction SELECT * FROM interaction", {"log has no doubles", "messages are logged once"}),
    ],
)
def test_a_wrong_number_is_found_and_mended_by_a_rebuild(statement: str, names: set[str]) -> None:
    journey = play()
    ship()
    before = tile_numbers(journey).tiles
    clickhouse.run(statement + (" SETTINGS mutations_sync = 2" if statement.startswith("ALTER") else ""))
    report = audit.run()
    assert not report.clean
    assert broken(report) >= names
    assert all(check.broken for check in report.checks if not check.holds)
    refill()
    report = audit.run()
    assert report.clean, report
    assert tile_numbers(journey).tiles == before


def test_after_a_rebuild_new_facts_arrive_in_the_new_tables() -> None:
    play()
    ship()
    refill()
    play()
    ship()
    report = audit.run()
    assert report.clean, report


def test_a_rebuild_keeps_what_only_clickhouse_has() -> None:
    play()
    ship()
    ((before,),) = clickhouse.fetch_rows("SELECT count() FROM interaction")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM interaction WHERE type = 'EmailOpened'")  # as when an old partition is dropped
    refill()
    ((after,),) = clickhouse.fetch_rows("SELECT count() FROM interaction")
    assert after == before
    ((events,),) = clickhouse.fetch_rows("SELECT sum(events) FROM email_hour")
    assert events == before


def test_a_queue_that_does_not_have_what_is_queued_is_found() -> None:
    enqueue(make_contacts(3))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE message_queue SET message_id = -message_id WHERE message_id = (SELECT min(id) FROM message)"
        )
    ship()
    report = audit.run()
    assert broken(report) == {"queue is whole"}
    (check,) = [check for check in report.checks if not check.holds]
    assert "1 queued messages are not in the queue; 1 messages are in the queue and not queued" in check.broken


def test_a_message_that_says_other_than_the_log_is_found() -> None:
    play()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE message SET state = 'hard_bounced' WHERE id = (SELECT min(id) FROM message)")
    ship()
    report = audit.run()
    assert broken(report) == {"outbox and log agree"}
    (check,) = [check for check in report.checks if not check.holds]
    assert "hard" in check.broken.lower()
