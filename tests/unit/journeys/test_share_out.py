"""Splitting people: exact, whatever the sizes in which they come."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from senet.journeys.enrolment import cut
from senet.journeys.tiles.split import Branch, SplitTile, share_out

ARRIVALS = st.lists(st.integers(0, 500), max_size=30)


def _split(amounts: list[float], by: str) -> SplitTile:
    branches = (*(Branch(amount=amount) for amount in amounts), Branch())
    return SplitTile.model_validate({"id": 1, "by": by, "branches": branches})


def _run(tile: SplitTile, arrivals: list[int]) -> list[int]:
    taken = [0] * len(tile.branches)
    for people in arrivals:
        more = share_out(tile, taken, people)
        assert sum(more) == people
        assert min(more) >= 0
        taken = [before + now for before, now in zip(taken, more, strict=True)]
    return taken


@given(st.lists(st.integers(1, 25), min_size=1, max_size=4), ARRIVALS)
def test_shares_in_per_cent_stay_within_one_person_of_exact(shares: list[int], arrivals: list[int]) -> None:
    taken = _run(_split([float(share) for share in shares], "percentage"), arrivals)
    everybody = sum(arrivals)
    assert sum(taken) == everybody
    assert all(abs(got - everybody * share / 100) <= 1 for got, share in zip(taken, shares, strict=False))


@given(st.lists(st.integers(1, 300), min_size=1, max_size=4), ARRIVALS)
def test_places_are_filled_in_order_and_never_beyond(places: list[int], arrivals: list[int]) -> None:
    taken = _run(_split([float(each) for each in places], "value"), arrivals)
    left = sum(arrivals)
    for got, places_here in zip(taken, places, strict=False):
        assert got == min(places_here, left)
        left -= got
    assert taken[-1] == left


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 1024)), max_size=30, unique_by=lambda block: block[0]))
def test_stretches_cover_every_block_once_and_in_order(blocks: list[tuple[int, int]]) -> None:
    blocks = sorted(blocks)
    stretches = cut(blocks, 2000)
    for block, _ in blocks:
        assert sum(low <= block << 10 and (block << 10) + 1023 <= high for low, high in stretches) == 1
    assert all(before[1] < after[0] for before, after in pairwise(stretches))
