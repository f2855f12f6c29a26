"""The numbers above the tiles: the ledger's, and the equation holds for any period."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, connections

from senet.insights.queries import tile_numbers
from senet.insights.streams import STREAMS
from senet.insights.values import JourneyNumbers, TileNumbers
from senet.interactions.shipper import Shipper
from senet.shared.errors import NotFound
from tests.support.clickhouse import ship
from tests.support.databases import wait_for_older_transactions
from tests.support.insights import deliver, happen, leave, make_drawn_journey, make_email_version, visit
from tests.support.interactions import NOON
from tests.support.people import make_company, make_contact

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


def of(numbers: JourneyNumbers, tile: int) -> TileNumbers:
    return next(one for one in numbers.tiles if one.tile == tile)


def assert_equation(numbers: JourneyNumbers) -> None:
    for one in numbers.tiles:
        assert one.inflow == one.processing + one.stopped + one.expired + one.failed + one.processed == one.total


def test_a_tile_shows_who_stands_in_it_and_how_the_others_left() -> None:
    journey = make_drawn_journey()
    for contact in range(1, 11):
        visit(journey, 1, contact, outcome="processed", branch=0)
        visit(journey, 2, contact, outcome="expired" if contact == 10 else "processed", branch=0)
        visit(journey, 3, contact)
    for contact in (1, 2):
        leave(journey, 3, contact, branch=0)
    leave(journey, 3, 3, branch=1)
    assert of(tile_numbers(journey.pk), 1).inflow == 0  # nothing is shipped yet
    ship()
    numbers = tile_numbers(journey.pk)
    assert_equation(numbers)
    email, if_then, task = of(numbers, 2), of(numbers, 3), of(numbers, 4)
    assert (email.inflow, email.processed, email.expired, email.processing) == (10, 9, 1, 0)
    assert (if_then.inflow, if_then.processing, if_then.processed) == (10, 7, 3)
    assert [(path.label, path.count) for path in if_then.paths] == [("Yes", 2), ("No", 1)]
    assert (task.inflow, task.queued, task.name, task.kind) == (0, 7, "Call", "task")


def test_those_who_were_stopped_have_their_reasons() -> None:
    journey = make_drawn_journey()
    for contact, reason in enumerate(["unsubscribed", "unsubscribed", "suppressed"], start=1):
        visit(journey, 3, contact, outcome="stopped", reason=reason)
    ship()
    tile = of(tile_numbers(journey.pk), 3)
    assert tile.stopped == 3
    assert [(one.reason, one.count) for one in tile.stopped_reasons] == [("unsubscribed", 2), ("suppressed", 1)]
    assert tile.stopped_reasons[0].label == "Left the list that the journey goes to"


@pytest.mark.parametrize("minutes", [0, 30])
def test_a_period_counts_those_who_arrived_in_it_and_what_became_of_them(minutes: int) -> None:
    journey = make_drawn_journey()
    for contact in range(1, 5):
        visit(journey, 5, contact, at=NOON + timedelta(hours=contact, minutes=45))
    leave(journey, 5, 1)
    leave(journey, 5, 3)
    ship()
    numbers = tile_numbers(journey.pk, NOON + timedelta(hours=2, minutes=minutes), NOON + timedelta(hours=4))
    assert_equation(numbers)
    tile = of(numbers, 5)
    assert (tile.inflow, tile.processing, tile.processed) == (2, 1, 1)


def test_an_email_tile_shows_its_own_mails_only() -> None:
    version, journey, other = make_email_version(), make_drawn_journey(), make_drawn_journey()
    message = deliver(version, journey)
    happen(message, "EmailOpened", "EmailOpened", verdict="human")
    deliver(version, other)
    ship()
    kpis = {one.key: one.value for one in of(tile_numbers(journey.pk), 2).kpis}
    assert (kpis["sent"], kpis["delivered"], kpis["unique_opens"], kpis["unique_clicks"]) == (1, 1, 1, 0)


def test_a_journey_that_does_not_exist_is_not_found() -> None:
    with pytest.raises(NotFound):
        tile_numbers(12345)


def test_a_company_counts_its_own_people_only() -> None:
    company = make_company()
    journey, version = make_drawn_journey(), make_email_version()
    message = deliver(version, journey, company=company)
    deliver(version, journey)
    for contact in (message.contact_id, make_contact().pk):
        visit(journey, 3, contact)
    leave(journey, 3, message.contact_id)
    ship()
    tile = of(tile_numbers(journey.pk, company_id=company.pk), 3)
    assert (tile.inflow, tile.processing, tile.processed) == (1, 0, 1)
    kpis = {one.key: one.value for one in of(tile_numbers(journey.pk, company_id=company.pk), 2).kpis}
    assert kpis["delivered"] == 1


def test_whoever_reads_between_two_streams_sees_nobody_at_two_tiles() -> None:
    journey = make_drawn_journey()
    for contact in range(1, 11):
        visit(journey, 1, contact)
    ship()
    for contact in range(1, 11):
        leave(journey, 1, contact)
        visit(journey, 2, contact)
    wait_for_older_transactions()
    found: list[JourneyNumbers] = []

    def read() -> None:
        found.append(tile_numbers(journey.pk))
        connections.close_all()

    readers: list[threading.Thread] = []

    def look(step: str) -> None:
        if step == "visit_departure: bounds stored":  # the arrivals are there, the departures are not
            readers.append(threading.Thread(target=read))
            readers[0].start()
            time.sleep(0.1)

    own = Shipper(STREAMS, at_step=look)
    while own.run_once():
        pass
    own.close()
    readers[0].join()
    assert [one.processing for one in found[0].tiles if one.tile < 3] == [0, 10]
    assert_equation(found[0])


def test_a_shipper_that_died_between_two_streams_keeps_nobody_waiting() -> None:
    journey = make_drawn_journey()
    visit(journey, 1, 1)
    ship()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ship_offset SET upto_xid = xid + 1 WHERE stream = 'visit_departure'")
    started = time.monotonic()
    assert of(tile_numbers(journey.pk), 1).processing == 1
    assert time.monotonic() - started < 2
