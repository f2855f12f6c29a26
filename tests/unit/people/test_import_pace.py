"""Chunks stay short on a busy machine."""

from __future__ import annotations

from senet.people.importing.run import CHUNK_SECONDS, MIN_CHUNK_ROWS, _Pace


def test_a_slow_chunk_makes_the_next_one_smaller_and_quick_ones_let_it_grow_again() -> None:
    pace = _Pace(20_000)
    pace.learn(20_000, CHUNK_SECONDS * 4)
    assert pace.rows == 5_000
    pace.learn(5_000, CHUNK_SECONDS * 0.7)
    assert pace.rows == 5_000
    for _ in range(5):
        pace.learn(pace.rows, CHUNK_SECONDS / 10)
    assert pace.rows == 20_000


def test_a_chunk_never_gets_so_small_that_it_gets_nowhere() -> None:
    pace = _Pace(20_000)
    pace.learn(20_000, 3600.0)
    assert pace.rows == MIN_CHUNK_ROWS


def test_a_slow_chunk_that_was_asked_for_small_does_not_grow() -> None:
    pace = _Pace(10)
    pace.learn(10, 60.0)
    assert pace.rows == 10
