"""Mails that come back: the numbers take the delivery back once, and the audit stays clean."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from senet.delivery.returns.receiving import receive
from senet.insights import audit
from senet.insights.queries import email_overview
from senet.messages.actions import claim_batch, record_results
from senet.messages.states import Event
from senet.messages.values import Result
from tests.support.clickhouse import ship
from tests.support.messages import NOW, enqueue, make_sender, make_version
from tests.support.people import make_contact, make_contacts
from tests.support.returns import make_arf, make_dsn, return_path

pytestmark = pytest.mark.usefixtures("clickhouse_tables")


def _kpis() -> dict[str, Any]:
    with connection.cursor() as cursor:  # what enqueue says is email 1
        cursor.execute("SELECT DISTINCT email_id FROM message")
        ((email_id,),) = cursor.fetchall()
    return {one.key: one.value for one in email_overview(email_id).kpis}


def test_what_came_back_is_counted_once_and_everything_agrees() -> None:
    version = make_version()
    enqueue(make_contacts(6), version_id=version)
    sender = make_sender()
    messages = [message.id for message in claim_batch(sender=sender, limit=10, now=NOW)]
    record_results([Result(message, Event.DELIVER) for message in messages], sender=sender, now=NOW)
    full = make_dsn(status="5.2.2", diagnostic="smtp; 552 5.2.2 mailbox full")
    blocked = make_dsn(status="5.7.1", diagnostic="smtp; 554 5.7.1 blocked using zen.spamhaus.org")
    for message, mail in zip(messages, (make_dsn(), full, blocked, make_arf(messages[3])), strict=False):
        for number in range(3):  # each comes three times, by other ways
            way = f"Received: from mx{number}\r\n".encode()
            receive(way + mail, envelope_to=return_path(message), source="smtp", now=NOW)
    ship()
    kpis = _kpis()
    assert (kpis["sent"], kpis["accepted"], kpis["remote_bounces"], kpis["delivered"]) == (6, 6, 3, 3)
    assert (kpis["hard_bounces"], kpis["soft_bounces"], kpis["feedback_loops"], kpis["awaiting"]) == (1, 2, 1, 0)
    report = audit.run()
    assert report.clean, report


def test_attempts_on_suppressed_addresses_are_hard_bounces_and_everything_agrees() -> None:
    version = make_version()
    contact = make_contact("ada@example.com").pk
    enqueue([contact], version_id=version)
    sender = make_sender()
    (message,) = claim_batch(sender=sender, limit=10, now=NOW)
    record_results([Result(message.id, Event.HARD_BOUNCE, bounce_category="invalid-mailbox")], sender=sender, now=NOW)
    enqueue([contact], version_id=version, iteration=2)
    ship()
    kpis = _kpis()
    assert (kpis["sent"], kpis["hard_bounces"], kpis["delivered"], kpis["blocked"]) == (2, 2, 0, 0)
    assert audit.run().clean
