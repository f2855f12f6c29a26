"""Windows: the first moment at which they are open, also where clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from senet.journeys.windows import TimeRange, Window

BERLIN, UTC_ZONE = ZoneInfo("Europe/Berlin"), ZoneInfo("UTC")
OFFICE = Window(weekdays=(0, 1, 2, 3, 4), times=(TimeRange(start="09:00", end="17:00"),))


def at(text: str, zone: ZoneInfo = UTC_ZONE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-03-02T10:00", "2026-03-02T10:00"),  # a Monday
        ("2026-03-02T08:59", "2026-03-02T09:00"),
        ("2026-03-02T17:00", "2026-03-03T09:00"),
        ("2026-03-06T17:30", "2026-03-09T09:00"),
        ("2026-03-07T12:00", "2026-03-09T09:00"),
    ],
)
def test_office_hours_open_at_the_next_allowed_moment(moment: str, opens: str) -> None:
    assert OFFICE.next_open(at(moment), UTC_ZONE) == at(opens)
    assert OFFICE.next_open(at(moment, BERLIN), BERLIN) == at(opens, BERLIN)


def test_a_range_may_go_past_midnight_and_belongs_to_the_day_on_which_it_begins() -> None:
    night = Window(weekdays=(4,), times=(TimeRange(start="22:00", end="06:00"),))
    assert night.is_open(at("2026-03-07T05:00"), UTC_ZONE)  # Saturday morning is Friday's night
    assert night.next_open(at("2026-03-07T06:00"), UTC_ZONE) == at("2026-03-13T22:00")


def test_no_weekdays_are_all_and_no_times_are_the_whole_day() -> None:
    assert Window().next_open(at("2026-03-07T05:00"), UTC_ZONE) == at("2026-03-07T05:00")
    assert Window(weekdays=(6,)).next_open(at("2026-03-07T05:00"), UTC_ZONE) == at("2026-03-08T00:00")
    assert Window(times=(TimeRange(start="00:00", end="24:00"),)).is_open(at("2026-03-07T23:59"), UTC_ZONE)


def test_an_hour_that_the_clocks_skip_opens_when_they_have_skipped_it() -> None:
    early = Window(times=(TimeRange(start="02:30", end="04:00"),))
    opens = early.next_open(datetime(2026, 3, 28, 23, 0, tzinfo=UTC), BERLIN)
    assert opens == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(
    st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 1, 1)),  # noqa: DTZ001  made aware below
    st.sets(st.integers(0, 6)),
    st.integers(0, 1439),
    st.integers(1, 1439),
)
def test_it_is_open_at_the_moment_that_is_named_and_at_none_before(
    moment: datetime, weekdays: set[int], start: int, length: int
) -> None:
    def clock(minutes: int) -> str:
        return f"{minutes // 60 % 24:02}:{minutes % 60:02}"

    window = Window(weekdays=tuple(weekdays), times=(TimeRange(start=clock(start), end=clock(start + length)),))
    asked = moment.replace(second=0, microsecond=0, tzinfo=UTC)
    opens = window.next_open(asked, UTC_ZONE)
    assert window.is_open(opens, UTC_ZONE)
    assert opens - asked < timedelta(days=8)
    if opens > asked:
        assert not window.is_open(opens - timedelta(minutes=1), UTC_ZONE)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValidationError):
        Window(weekdays=(7,))
    with pytest.raises(ValidationError):
        TimeRange(start="25:00", end="26:00")
