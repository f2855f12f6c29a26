"""Fisher's exact test against exact rational arithmetic, known values, and what it must always hold to."""

from __future__ import annotations

from fractions import Fraction
from math import comb, erfc, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.journeys.significance import find_p_value, needed_confidence


def exactly(a_hits: int, a_sent: int, b_hits: int, b_sent: int) -> Fraction:
    """The definition, in whole numbers."""
    hits = a_hits + b_hits
    ways = {
        at: comb(a_sent, at) * comb(b_sent, hits - at) for at in range(max(0, hits - b_sent), min(hits, a_sent) + 1)
    }
    return Fraction(sum(each for each in ways.values() if each <= ways[a_hits]), comb(a_sent + b_sent, hits))


@st.composite
def results(draw: st.DrawFn) -> tuple[int, int, int, int]:
    a_sent, b_sent = draw(st.integers(0, 60)), draw(st.integers(0, 60))
    return draw(st.integers(0, a_sent)), a_sent, draw(st.integers(0, b_sent)), b_sent


@given(results())
def test_it_equals_the_definition_in_whole_numbers(result: tuple[int, int, int, int]) -> None:
    assert find_p_value(*result) == pytest.approx(float(exactly(*result)), rel=1e-9)


@given(results())
def test_the_versions_may_change_places(result: tuple[int, int, int, int]) -> None:
    a_hits, a_sent, b_hits, b_sent = result
    assert find_p_value(b_hits, b_sent, a_hits, a_sent) == pytest.approx(find_p_value(*result), rel=1e-9)


def test_it_gives_the_value_of_fishers_own_example() -> None:
    """A lady who tells three of four cups right: p = 34/70, two-sided."""
    assert find_p_value(3, 4, 1, 4) == pytest.approx(34 / 70)


def test_thousands_are_still_exact() -> None:
    assert find_p_value(210, 2_000, 160, 2_000) == pytest.approx(float(exactly(210, 2_000, 160, 2_000)), rel=1e-9)


def test_hundreds_of_thousands_come_near_the_normal_law() -> None:
    """z = 3.6868: two-sided 0.000227; the exact test is a little more careful."""
    found = find_p_value(10_500, 100_000, 10_000, 100_000)
    normal = erfc(500 / sqrt(200_000 * 0.1025 * 0.8975) / sqrt(2))
    assert normal * 0.95 < found < normal * 1.1


def test_nothing_sent_proves_nothing() -> None:
    assert find_p_value(0, 0, 0, 0) == 1
    assert find_p_value(0, 0, 5, 10) == pytest.approx(1)


@pytest.mark.parametrize("result", [(5, 4, 0, 4), (-1, 4, 0, 4), (0, 4, 9, 4)])
def test_more_answers_than_messages_are_refused(result: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="More messages"):
        find_p_value(*result)


def test_a_small_test_may_be_less_sure() -> None:
    assert (needed_confidence(999), needed_confidence(1_000)) == (0.80, 0.95)
