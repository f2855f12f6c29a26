"""The deliverability page: bounces and complaints of thirty days, against the limits that mailbox providers hold."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from senet.accounts.values import Role
from senet.insights.pages.deliverability import DAYS, ENOUGH
from senet.insights.queries import deliverability
from senet.insights.values import ArrivalNumbers
from senet.interactions.actions import record
from senet.interactions.values import Interaction
from tests.support.accounts import sign_in
from tests.support.clickhouse import ship
from tests.support.interactions import NOON

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


def log(message_ids: range, *types: str, at: datetime = NOON, domain: str = "example.com", **columns: Any) -> None:
    """Write interactions of each of some messages into the log."""
    record(
        [
            Interaction(kind, at, contact_id=1, message_id=number, email_id=1, domain=domain, **columns)
            for number in message_ids
            for kind in types
        ]
    )


def test_rates_are_of_thirty_days_and_stand_beside_their_limits() -> None:
    log(range(1, 1_001), "EmailSent", "EmailDelivered")
    log(range(1, 3), "EmailFeedbackLoop", at=NOON + timedelta(days=1))
    log(range(1_001, 1_041), "EmailSent", "EmailHardBounced", domain="old.example")
    log(range(3, 8), "EmailHardRemoteBounced")
    log(range(8, 10), "EmailSoftRemoteBounced")
    long_ago = NOON - timedelta(days=DAYS)
    log(range(2_000, 2_100), "EmailSent", "EmailHardBounced", at=long_ago)
    ship()
    found = deliverability(NOON + timedelta(days=1))
    assert found.total == ArrivalNumbers(sent=1_040, delivered=1_000, hard_bounces=45, other_bounces=2, complaints=2)
    assert (found.bounces.state, found.bounces.rate) == ("watch", 45 / 1_040)
    assert (found.complaints.state, found.complaints.rate) == ("watch", 0.002)
    by_day = dict(found.days)
    assert len(by_day) == DAYS
    assert by_day[NOON.date()].sent == 1_040
    assert by_day[NOON.date() + timedelta(days=1)] == ArrivalNumbers(0, 0, 0, 0, 2)
    assert sum(day.hard_bounces for day in by_day.values()) == 45
    assert [(each.domain, each.numbers.hard_bounces) for each in found.domains] == [
        ("example.com", 5),
        ("old.example", 40),
    ]


@pytest.mark.parametrize(
    ("bounced", "complained", "states"),
    [
        (10, 0, ("good", "good")),
        (90, 3, ("over_the_limit", "over_the_limit")),
        (20, 1, ("watch", "watch")),
    ],
)
def test_each_rate_is_judged_by_what_providers_punish(bounced: int, complained: int, states: tuple[str, str]) -> None:
    log(range(1, 1_001), "EmailSent", "EmailDelivered")
    log(range(1, bounced + 1), "EmailHardRemoteBounced")
    log(range(1, complained + 1), "EmailFeedbackLoop")
    ship()
    found = deliverability(NOON)
    assert (found.bounces.state, found.complaints.state) == states


def test_attempts_on_suppressed_addresses_were_never_sent_and_count_nowhere() -> None:
    log(range(1, ENOUGH), "EmailSent", "EmailDelivered")
    log(range(600, 700), "EmailSent", "EmailHardBounced", detail={"bounce_category": "suppression-list"})
    log(range(700, 710), "EmailBounceCacheBlocked", "EmailFeedbackLoop")
    ship()
    found = deliverability(NOON)
    assert found.total == ArrivalNumbers(ENOUGH - 1, ENOUGH - 1, 0, 0, 0)
    assert (found.bounces.state, found.complaints.state) == ("too_few", "too_few")


def test_nothing_sent_is_no_rate() -> None:
    found = deliverability(NOON)
    assert (found.bounces.rate, found.bounces.state, found.domains) == (None, "too_few", ())
    assert [day for day, _ in found.days][-1] == NOON.date()


def test_the_page_is_asked_over_http_by_whoever_may_look() -> None:
    today = datetime.now(UTC)
    log(range(1, 4), "EmailSent", "EmailDelivered", at=today)
    ship()
    body = sign_in(Role.VIEWER).get("/insights/deliverability").json()
    assert (body["total"]["sent"], body["domains"][0]["domain"]) == (3, "example.com")
    assert date.fromisoformat(body["days"][-1]["day"]) in {today.date(), datetime.now(UTC).date()}
    assert body["bounces"]["limit"] == 0.08
