"""What `senet rehearse` understands and draws."""

from __future__ import annotations

import pytest

from senet.shared.errors import InvalidInput
from senet.workers.rehearsing import draw_line, read_options


def test_assumptions_are_read_for_all_tiles_and_for_one() -> None:
    words = ["open_rate=0.5", "2.click_rate=0.1", "2.open_delay=5,0.8", "click_delay=3", "link_weights=1:2,4:1"]
    options = read_options({"days": 3, "seed": None}, words)
    assert (options.days, options.seed) == (3, 1)
    assert options.behaviour.open_rate == 0.5
    assert options.behaviour.click_delay is not None
    assert (options.behaviour.click_delay.median_hours, options.behaviour.click_delay.spread) == (3, 1)
    assert options.behaviour.link_weights == {1: 2, 4: 1}
    delay = options.tiles[2].open_delay
    assert delay is not None
    assert (delay.median_hours, delay.spread) == (5, 0.8)
    assert options.tiles[2].click_rate == 0.1


@pytest.mark.parametrize(
    "words", ["open_rate", "x.open_rate=0.1", "open_rate=2", "opened=0.1", "open_delay=soon", "link_weights=1"]
)
def test_an_assumption_that_makes_no_sense_is_refused_with_a_sentence(words: str) -> None:
    with pytest.raises(InvalidInput):
        read_options({}, [words])


def test_a_line_is_as_high_as_its_largest_number() -> None:
    assert draw_line([0, 1, 50, 100]) == " ▁▄█"
    assert draw_line([]) == ""
    assert draw_line([0, 0]) == "  "


def test_many_days_share_a_bar() -> None:
    line = draw_line([1] * 60)
    assert line == "█" * 30
    assert len(draw_line([5] * 366)) <= 40
