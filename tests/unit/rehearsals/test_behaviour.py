"""What is assumed of readers: what was asked for, else history that has enough, else the literature."""

from __future__ import annotations

from datetime import timedelta
from math import log
from statistics import NormalDist
from typing import Any

import pytest

from senet.insights.values import DelayFound, ReactionsFound
from senet.rehearsals.behaviour import GIVEN, LITERATURE, MailTile, as_columns, assume, fit_delay
from senet.rehearsals.values import Assumption, ReactionDelay, RehearsalOptions

TILE = MailTile(tile=2, email_id=7, version_id=70, links=(1, 2))


def found(tile: int, **columns: Any) -> ReactionsFound:
    values: dict[str, Any] = {
        "email_id": 7, "sent": 2000, "delivered": 1980, "hard_bounced": 10, "soft_bounced": 6, "block_bounced": 4,
        "opened": 990, "clicked": 99, "unsubscribed": 20, "open_delay": None, "click_delay": None, "link_clicks": {},
    }  # fmt: skip
    return ReactionsFound(**{**values, "tile": tile, **columns})


def test_without_history_the_literature_is_assumed_and_named() -> None:
    assumed = assume(TILE, RehearsalOptions(), [])
    assert assumed.behaviour.open_rate == LITERATURE.open_rate
    assert assumed.behaviour.link_weights == {1: 1.0, 2: 1.0}
    assert "Mailchimp" in assumed.sources["open_rate"]
    assert "GetResponse" in assumed.sources["click_delay"]
    assert assumed.sources.keys() == assumed.behaviour.model_fields_set


@pytest.mark.parametrize(
    ("delay", "within"),
    [
        (LITERATURE.open_delay, {1: 0.215, 6: 0.506, 24: 0.73}),
        (LITERATURE.click_delay, {1: 0.336, 3: 0.514, 24: 0.81}),
    ],
)
def test_the_delays_are_those_that_the_literature_found(delay: ReactionDelay, within: dict[int, float]) -> None:
    for hours, share in within.items():
        assert NormalDist(log(delay.median_hours), delay.spread).cdf(log(hours)) == pytest.approx(share, abs=0.008)


def test_a_tiles_own_history_counts_before_the_emails_elsewhere() -> None:
    elsewhere, own = found(0, opened=396, clicked=0), found(2)
    assert assume(TILE, RehearsalOptions(), [elsewhere]).behaviour.open_rate == pytest.approx(0.2)
    assumed = assume(TILE, RehearsalOptions(), [elsewhere, own])
    assert assumed.behaviour.open_rate == pytest.approx(0.5)
    assert assumed.behaviour.hard_bounce_rate == pytest.approx(0.005)
    assert assumed.sources["open_rate"] == "history: 1,980 of this tile's own messages"
    assert assumed.sources["open_delay"].startswith("literature")
    of_another_email = found(0, email_id=8)
    assert assume(TILE, RehearsalOptions(), [of_another_email]) == assume(TILE, RehearsalOptions(), [])


def test_history_that_is_too_short_is_not_used() -> None:
    short = found(2, sent=900, delivered=890, open_delay=DelayFound(40, timedelta(hours=1), timedelta(hours=2)))
    assert assume(TILE, RehearsalOptions(), [short]).behaviour == assume(TILE, RehearsalOptions(), []).behaviour


def test_delays_and_links_come_from_history_too() -> None:
    own = found(
        2,
        open_delay=DelayFound(990, timedelta(hours=2), timedelta(hours=4)),
        link_clicks={1: 30, 2: 70},
    )
    assumed = assume(TILE, RehearsalOptions(), [own])
    assert assumed.behaviour.open_delay.median_hours == 2
    assert assumed.behaviour.open_delay.spread == pytest.approx(0.693, abs=0.001)
    assert assumed.behaviour.link_weights == {1: 30.0, 2: 70.0}


def test_what_is_asked_for_counts_before_everything_and_for_a_tile_most() -> None:
    options = RehearsalOptions.model_validate(
        {"behaviour": {"open_rate": 0.9, "click_rate": 0.2}, "tiles": {"2": {"open_rate": 0.1}}}
    )
    assumed = assume(TILE, options, [found(2)])
    assert (assumed.behaviour.open_rate, assumed.behaviour.click_rate) == (0.1, 0.2)
    assert assumed.sources["open_rate"] == assumed.sources["click_rate"] == GIVEN
    other = assume(MailTile(5, 7, 70), options, [])
    assert other.behaviour.open_rate == 0.9


def test_a_delay_that_nobody_differs_in_has_no_spread() -> None:
    assert fit_delay(DelayFound(60, timedelta(0), timedelta(0))).spread == 0


def test_links_share_out_the_numbers_from_nought_to_one() -> None:
    options = RehearsalOptions.model_validate({"behaviour": {"link_weights": {"1": 1, "2": 0, "3": 3}}})
    columns = as_columns([assume(TILE, options, [])], frozenset({(2, "EmailOpened")}))
    assert (columns["link"], columns["link_low"], columns["link_high"]) == ([1, 3], [0.0, 0.25], [0.25, 1.0])
    assert (columns["heard_tile"], columns["heard_type"]) == ([2], ["EmailOpened"])
    assert columns["open_median"] == [5.9]


def test_an_email_without_links_has_none_to_choose() -> None:
    assumed: Assumption = assume(MailTile(2, 7, 70), RehearsalOptions(), [])
    assert as_columns([assumed], frozenset())["link"] == []
