"""A component's state follows from its last signs of life."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from pytest_django import Settings

from senet.workers.health import EXPECTED, judge, list_expected
from senet.workers.heartbeats import Heartbeat

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
SENDERS = next(one for one in EXPECTED if one.shown_as == "senders")


def heard(seconds_ago: float, **detail: object) -> Heartbeat:
    at = NOW - timedelta(seconds=seconds_ago)
    return Heartbeat("sender", "host", 7, at, at, dict(detail))


def test_somebody_who_was_heard_just_now_works() -> None:
    component = judge(SENDERS, [heard(1), heard(2)], NOW)
    assert (component.ok, component.sentence) == (True, "2 running.")


@pytest.mark.parametrize(
    ("heartbeats", "sentence"),
    [
        ([], "Never heard. Start `senet sender` or `senet up`."),
        ([heard(60)], "Last heard 60 s ago. Start `senet sender` or `senet up`."),
        ([heard(1, error="OSError: no")], "Fails and tries again: OSError: no"),
        ([heard(1, lag_seconds=90.0)], "Is 90 s behind; the numbers on the pages are that old."),
    ],
)
def test_each_failing_has_its_sentence(heartbeats: list[Heartbeat], sentence: str) -> None:
    component = judge(SENDERS, heartbeats, NOW)
    assert (component.ok, component.sentence) == (False, sentence)


def test_a_dead_twin_does_not_matter_while_another_lives() -> None:
    assert judge(SENDERS, [heard(1), heard(600)], NOW).ok


def test_who_takes_returned_mails_has_to_be_heard_where_they_are_taken(settings: Settings) -> None:
    assert list_expected() == list(EXPECTED)
    settings.BOUNCE_LISTEN, settings.BOUNCE_IMAP = "lmtp://127.0.0.1:2424", "imaps://a:b@mail.example"
    assert [one.command for one in list_expected()[len(EXPECTED) :]] == ["senet bounces", "senet bounces"]
