"""When the engine ticks in a rehearsal."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from senet.rehearsals.pace import Pace

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def meet_all(pace: Pace, events: list[datetime], until: datetime) -> list[datetime]:
    """Tick for one event after another; what came meanwhile is met with it."""
    ticks: list[datetime] = []
    for event in sorted(events):
        if not ticks or event > ticks[-1]:
            moment = pace.meet(event)
            if moment > until:
                break
            ticks.append(moment)
    return ticks


def test_events_that_are_few_are_met_at_their_minute() -> None:
    events = [START + timedelta(hours=5 * number) for number in range(1, 50)]
    assert meet_all(Pace(START, START + 60 * DAY), events, START + 60 * DAY) == events


def test_an_event_within_a_minute_is_met_at_the_next_one() -> None:
    assert Pace(START, START + DAY).meet(START + SECOND) == START + MINUTE
    assert Pace(START, START + DAY).meet(START) == START + MINUTE


def test_events_that_come_thick_are_met_together() -> None:
    events = [START + timedelta(minutes=number) for number in range(1, 60 * 24 * 60)]
    pace = Pace(START, START + 60 * DAY)
    ticks = meet_all(pace, events, START + 60 * DAY)
    assert 350 <= len(ticks) <= 400
    assert max(later - earlier for earlier, later in pairwise(ticks)) <= pace.interval + MINUTE
    assert pace.interval < 5 * HOUR


def test_quiet_times_save_ticks_for_lively_ones() -> None:
    pace = Pace(START, START + 60 * DAY)
    meet_all(pace, [START + timedelta(minutes=number) for number in range(1, 200)], START + 60 * DAY)
    later = [START + 50 * DAY + timedelta(minutes=number) for number in range(40)]
    assert meet_all(pace, later, START + 60 * DAY) == later


@given(
    st.lists(st.integers(1, 60 * 24 * 90), max_size=300),
    st.integers(1, 90),
    st.integers(20, 500),
)
def test_there_are_never_more_ticks_than_may_be_and_none_comes_before_its_event(
    minutes: list[int], days: int, most: int
) -> None:
    until = START + days * DAY
    events = [START + number * MINUTE for number in minutes]
    pace = Pace(START, until, most=most)
    ticks = meet_all(pace, events, until)
    assert len(ticks) <= most
    assert ticks == sorted(set(ticks))
    assert all(tick.second == 0 for tick in ticks)
    for event in events:
        met = next((tick for tick in ticks if tick >= event), until + MINUTE)
        assert met - event <= pace.interval + MINUTE or met > until
