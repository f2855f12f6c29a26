"""The log: what is recorded is there, whole, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import transaction

from senet.interactions.actions import record
from senet.interactions.errors import UnknownInteractionType
from senet.interactions.values import Interaction
from tests.support.interactions import NOON, count_interactions, read_interactions, record_some

pytestmark = pytest.mark.django_db


def test_a_recorded_interaction_keeps_every_column() -> None:
    record(
        [
            Interaction(
                "EmailClicked",
                NOON,
                contact_id=1,
                company_id=2,
                journey_id=3,
                iteration=4,
                tile=5,
                message_id=6,
                email_id=7,
                link=8,
                domain="example.com",
                address="a@example.com",
                verdict="human",
                rule="",
                detail={"referrer": 'tab\t"quote"\\ and ☃'},
            )
        ]
    )
    rows = read_interactions("type", "at", "contact_id", "company_id", "link", "address", "detail->>'referrer'")
    assert rows == [("EmailClicked", NOON, 1, 2, 8, "a@example.com", 'tab\t"quote"\\ and ☃')]


def test_an_unknown_type_writes_nothing_of_the_batch() -> None:
    with pytest.raises(UnknownInteractionType, match="NoSuchThing"):
        record([Interaction("EmailOpened", NOON), Interaction("NoSuchThing", NOON)])
    assert count_interactions() == 0


def test_a_rolled_back_transaction_leaves_no_interaction() -> None:
    with transaction.atomic():
        record_some(count=3)
        transaction.set_rollback(True)
    assert count_interactions() == 0


def test_rows_of_one_transaction_share_its_position_in_the_log() -> None:
    record_some(count=2)
    record_some("EmailClicked")
    assert len({xid for (xid,) in read_interactions("xid")}) == 1


def test_what_happens_today_never_falls_into_the_default_partition() -> None:
    record_some(at=datetime(2020, 1, 1, tzinfo=UTC))  # old news, recorded now
    assert [name for (name,) in read_interactions("tableoid::regclass::text")] != ["interaction_default"]


def test_recording_nothing_does_nothing() -> None:
    record([])
    assert count_interactions() == 0
