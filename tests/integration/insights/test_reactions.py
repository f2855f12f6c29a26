"""How recipients have reacted so far: what a rehearsal assumes of the next ones."""

from __future__ import annotations

from datetime import timedelta

import pytest

from senet.insights import reactions
from senet.insights.reactions import read_reactions
from senet.journeys.models import Journey
from tests.support.accounts import main_unit
from tests.support.clickhouse import clickhouse_tables, ship
from tests.support.door import make_message
from tests.support.insights import click, deliver, happen, make_email_version
from tests.support.interactions import NOON

pytestmark = pytest.mark.usefixtures("clickhouse_tables")
__all__ = ["clickhouse_tables"]
LATER = NOON + timedelta(days=10)


def make_journey() -> Journey:
    return Journey.objects.create(name="Welcome", business_unit=main_unit())


def test_reactions_are_counted_by_tile_of_the_journey_and_elsewhere_together() -> None:
    version = make_email_version()
    journey, other = make_journey(), make_journey()
    for number in range(4):
        message = deliver(version, journey)
        if number < 3:
            happen(message, "EmailOpened", at=NOON + timedelta(hours=number + 1), verdict="human")
        if number == 3:
            happen(message, "EmailOpened", at=NOON + timedelta(minutes=1), verdict="bot")
        if number == 0:
            click(message, 2, at=NOON + timedelta(hours=2))
            click(message, 2, at=NOON + timedelta(hours=3))
    bounced = make_message(version, other)
    happen(bounced, "EmailSent", "EmailHardBounced")
    ship()
    own, elsewhere = sorted(
        read_reactions(journey.pk, [version.email_id], [version.pk], LATER), key=lambda each: -each.sent
    )
    assert (own.tile, own.sent, own.delivered, own.opened, own.clicked, own.hard_bounced) == (2, 4, 4, 3, 1, 0)
    assert own.open_delay is not None
    assert (own.open_delay.people, own.open_delay.median) == (3, timedelta(hours=2))
    assert own.click_delay is not None
    assert own.click_delay.median == timedelta(hours=2)
    assert own.link_clicks == {2: 1}
    assert (elsewhere.tile, elsewhere.sent, elsewhere.delivered, elsewhere.hard_bounced) == (0, 1, 0, 1)
    assert elsewhere.open_delay is None


def test_messages_that_people_have_had_no_time_for_are_not_counted() -> None:
    version, journey = make_email_version(), make_journey()
    deliver(version, journey)
    deliver(version, journey, at=LATER - timedelta(days=1))
    ship()
    (own,) = read_reactions(journey.pk, [version.email_id], [version.pk], LATER)
    assert own.sent == 1


def test_of_very_many_messages_a_part_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reactions, "MOST_MESSAGES", 5)
    version, journey = make_email_version(), make_journey()
    for _ in range(20):
        deliver(version, journey)
    ship()
    (own,) = read_reactions(journey.pk, [version.email_id], [version.pk], LATER)
    assert own.sent == own.delivered == 5


def test_an_email_that_was_never_sent_has_no_history() -> None:
    assert list(read_reactions(1, [4711], [1], LATER)) == []
    assert list(read_reactions(1, [], [], LATER)) == []
