"""An A/B test's page: exact numbers of both versions."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from senet.content.models import AbTest
from senet.insights import audit
from senet.insights.queries import ab_results
from senet.insights.values import AbVersionNumbers
from tests.support.clickhouse import ship
from tests.support.insights import click, deliver, happen, make_drawn_journey, make_email_version
from tests.support.interactions import NOON

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


def test_each_version_has_its_own_exact_numbers() -> None:
    version, journey = make_email_version("https://example.com/a"), make_drawn_journey()
    test = AbTest.objects.create(email_id=version.email_id, name="T", kind="header", journey_id=journey.pk, tile=2)
    messages = [deliver(version, journey) for _ in range(12)]
    for number, message in enumerate(messages):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO ab_message (message_id, ab_test_id, variant, sampled) VALUES (%s, %s, %s, %s)",
                [message.id, test.pk, "ab"[number % 2], number < 8],
            )
    for message in (messages[0], messages[0], messages[1], messages[3], messages[9]):
        happen(message, "EmailOpened", verdict="human")
    happen(messages[5], "EmailOpened", verdict="bot")
    click(messages[1], at=NOON + timedelta(hours=1))
    click(messages[1], at=NOON + timedelta(hours=2))
    click(messages[7], verdict="bot")
    happen(messages[11], "EmailHardRemoteBounced")
    happen(messages[2], "SegmentUnsubscribed", list_id=1)
    other = deliver(version, journey)
    click(other)
    ship()
    found = ab_results(test.pk)
    assert found.a == AbVersionNumbers(
        messages=6, sampled=4, sent=6, delivered=6, hard_bounced=0, soft_bounced=0, block_bounced=0, opens=2,
        unique_opens=1, clicks=0, unique_clicks=0, unsubscribed=1, tested_sent=4, tested_opens=1, tested_clicks=0,
    )  # fmt: skip
    assert found.b == AbVersionNumbers(
        messages=6, sampled=4, sent=6, delivered=5, hard_bounced=1, soft_bounced=0, block_bounced=0, opens=4,
        unique_opens=4, clicks=3, unique_clicks=2, unsubscribed=0, tested_sent=4, tested_opens=2, tested_clicks=1,
    )  # fmt: skip
    assert found.as_of is not None
    assert next(check for check in audit.run().checks if check.name == "A/B tests agree").holds


def test_a_test_that_has_not_begun_has_zeros() -> None:
    version = make_email_version()
    test = AbTest.objects.create(email_id=version.email_id, name="T", kind="header")
    found = ab_results(test.pk)
    assert (found.a.messages, found.b.messages) == (0, 0)
