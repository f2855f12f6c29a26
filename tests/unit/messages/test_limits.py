"""Frequency cap and quiet hours, decided from values: when somebody may get one more mail, and when it is quiet."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from senet.messages.limits import AllLimits, Limits, find_allowed

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
DAY = timedelta(hours=24)


def _ago(**length: float) -> datetime:
    return NOW - timedelta(**length)


def test_without_a_cap_everything_is_allowed_now() -> None:
    assert find_allowed((), [NOW] * 50, NOW) == NOW


@pytest.mark.parametrize(
    ("mails", "allowed"),
    [
        ([], NOW),
        ([_ago(hours=1)], NOW),
        ([_ago(hours=1), _ago(hours=5)], _ago(hours=5) + DAY),
        ([_ago(hours=1), _ago(hours=24)], NOW),  # a day ago to the second is not within a day
        ([_ago(hours=1), _ago(hours=2), _ago(hours=3)], _ago(hours=2) + DAY),  # the cap was lowered meanwhile
    ],
)
def test_a_cap_of_two_a_day_looks_back_a_day(mails: list[datetime], allowed: datetime) -> None:
    assert find_allowed([(DAY, 2)], mails, NOW) == allowed


def test_of_several_caps_the_latest_moment_counts() -> None:
    limits = Limits(per_day=1, per_week=3)
    mails = [_ago(hours=1), _ago(days=2), _ago(days=6)]
    assert find_allowed(limits.caps, mails, NOW) == _ago(days=6) + timedelta(days=7)


@given(
    st.lists(st.integers(0, 60 * 24 * 9), max_size=40),
    st.integers(1, 4),
    st.integers(1, 8),
)
def test_whoever_obeys_the_caps_never_gets_more_than_they_allow(minutes: list[int], day: int, week: int) -> None:
    caps = Limits(per_day=day, per_week=week).caps
    sent: list[datetime] = []
    for wanted in sorted(minutes):
        now = NOW + timedelta(minutes=wanted)
        if find_allowed(caps, sent, now) == now:
            sent.append(now)
    for length, most in caps:
        for first, beyond in zip(sent, sent[most:], strict=False):
            assert beyond - first >= length
    assert all(later >= earlier for earlier, later in pairwise(sent))


@pytest.mark.parametrize(
    ("clock", "ends"),
    [
        ("2026-03-01T20:59", None),
        ("2026-03-01T21:00", "2026-03-02T08:00"),
        ("2026-03-02T00:30", "2026-03-02T08:00"),
        ("2026-03-02T07:59", "2026-03-02T08:00"),
        ("2026-03-02T08:00", None),
    ],
)
def test_quiet_hours_last_over_midnight(clock: str, ends: str | None) -> None:
    limits = Limits(quiet_from=time(21), quiet_until=time(8))
    found = limits.find_quiet_end(datetime.fromisoformat(clock).replace(tzinfo=UTC), ())
    assert found == (ends and datetime.fromisoformat(ends).replace(tzinfo=UTC))


def test_quiet_hours_within_a_day_end_on_it() -> None:
    limits = Limits(quiet_from=time(12), quiet_until=time(14, 30))
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert limits.find_quiet_end(noon, ()) == noon.replace(hour=14, minute=30)
    assert limits.find_quiet_end(noon.replace(hour=11), ()) is None


def test_the_first_known_zone_counts_and_nobodys_text_breaks_it() -> None:
    limits = Limits(quiet_from=time(21), quiet_until=time(8), time_zone="America/New_York")
    moment = datetime(2026, 1, 15, 3, tzinfo=UTC)  # 22:00 in New York, 4:00 in Berlin, 12:00 in Tokyo
    assert limits.find_quiet_end(moment, ("Asia/Tokyo", "Europe/Berlin")) is None
    assert limits.find_quiet_end(moment, ("", "Europe/Berlin")) == datetime(2026, 1, 15, 7, tzinfo=UTC)
    for hostile in ("../../etc/passwd", "Mars/Base", "\x00", "A" * 5000, "/etc/localtime"):
        assert limits.find_quiet_end(moment, (hostile, None)) == datetime(2026, 1, 15, 13, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-03-28T22:00+00:00", "2026-03-29T06:00+00:00"),  # the night in which clocks go forward
        ("2026-10-24T21:00+00:00", "2026-10-25T07:00+00:00"),  # and back
    ],
)
def test_a_night_with_a_change_of_clocks_ends_at_eight_by_the_new_time(moment: str, ends: str) -> None:
    limits = Limits(quiet_from=time(21), quiet_until=time(8))
    found = limits.find_quiet_end(datetime.fromisoformat(moment), ("Europe/Berlin",))
    assert found == datetime.fromisoformat(ends)


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),  # noqa: DTZ001  given its zone below
    st.times(), st.times(), st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
)  # fmt: skip
def test_quiet_hours_end_within_about_a_day(moment: datetime, begin: time, end: time, zone: str) -> None:
    limits = Limits(quiet_from=begin.replace(second=0, microsecond=0), quiet_until=end.replace(second=0, microsecond=0))
    if limits.quiet_from == limits.quiet_until:
        return
    now = moment.replace(tzinfo=UTC)
    ends = limits.find_quiet_end(now, (zone,))
    if ends is not None:
        assert now < ends <= now + timedelta(hours=26)


def test_a_units_limits_hold_instead_of_the_installations() -> None:
    limits = AllLimits(Limits(per_week=3), {7: Limits(per_day=1), 8: Limits()})
    assert limits.of(7).caps == ((DAY, 1),)
    assert limits.of(8).caps == ()
    assert limits.of(9).caps == limits.of(None).caps == ((timedelta(days=7), 3),)
    assert limits.longest_period == timedelta(days=7)
    assert limits.is_set
    assert not AllLimits().is_set
