"""Relative dates in a time zone: where the days begin and end."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from senet.audiences.definition import Clause, Operator
from senet.audiences.windows import find_anniversaries, find_days, find_moments

SUNDAY = date(2026, 3, 29)


def days(operator: str, today: date = SUNDAY, **more: Any) -> tuple[date | None, date | None]:
    found = find_days(Clause(field="x", operator=Operator(operator), **more), today)
    return found.start, found.end


@pytest.mark.parametrize(
    ("operator", "more", "start", "end"),
    [
        ("on", {"values": ("2026-01-31",)}, date(2026, 1, 31), date(2026, 2, 1)),
        ("before", {"values": ("2026-01-31",)}, None, date(2026, 1, 31)),
        ("on_or_before", {"values": ("2026-01-31",)}, None, date(2026, 2, 1)),
        ("after", {"values": ("2026-01-31",)}, date(2026, 2, 1), None),
        ("on_or_after", {"values": ("2026-01-31",)}, date(2026, 1, 31), None),
        ("between", {"values": ("2026-01-31", "2026-02-02")}, date(2026, 1, 31), date(2026, 2, 3)),
        ("today", {}, SUNDAY, date(2026, 3, 30)),
        ("yesterday", {}, date(2026, 3, 28), SUNDAY),
        ("tomorrow", {}, date(2026, 3, 30), date(2026, 3, 31)),
        ("this_week", {}, date(2026, 3, 23), date(2026, 3, 30)),
        ("this_month", {}, date(2026, 3, 1), date(2026, 4, 1)),
        ("this_year", {}, date(2026, 1, 1), date(2027, 1, 1)),
        ("last", {"amount": 1, "unit": "months"}, date(2026, 2, 28), date(2026, 3, 30)),
        ("last", {"amount": 0, "unit": "days"}, SUNDAY, date(2026, 3, 30)),
        ("next", {"amount": 2, "unit": "weeks"}, SUNDAY, date(2026, 4, 13)),
        ("older_than", {"amount": 1, "unit": "years"}, None, date(2025, 3, 29)),
        ("older_than", {"amount": 10_000, "unit": "years"}, None, date(1, 1, 3)),
    ],
)
def test_a_window_is_these_days(operator: str, more: dict[str, Any], start: date | None, end: date | None) -> None:
    assert days(operator, **more) == (start, end)


def test_a_day_of_a_time_change_has_23_or_25_hours() -> None:
    zone = ZoneInfo("Europe/Berlin")
    for day, hours in ((SUNDAY, 23), (date(2026, 10, 25), 25), (date(2026, 5, 1), 24)):
        clause = Clause(field="x", operator=Operator.TODAY)
        found = find_moments(find_days(clause, day), zone, datetime(2026, 3, 29, 12, tzinfo=UTC))
        assert found.start is not None
        assert found.end is not None
        assert (found.end - found.start).total_seconds() == hours * 3600


def test_the_last_days_end_now_and_the_next_days_begin_now() -> None:
    now = datetime(2026, 3, 29, 12, tzinfo=UTC)
    zone = ZoneInfo("UTC")
    last = find_moments(find_days(Clause(field="x", operator=Operator.LAST, amount=1, unit="days"), SUNDAY), zone, now)
    following = find_moments(
        find_days(Clause(field="x", operator=Operator.NEXT, amount=1, unit="days"), SUNDAY), zone, now
    )
    assert (last.start, last.end) == (datetime(2026, 3, 28, tzinfo=UTC), now.replace(microsecond=1))
    assert (following.start, following.end) == (now, datetime(2026, 3, 31, tzinfo=UTC))


def anniversaries(operator: str, today: date, **more: Any) -> list[str]:
    return find_anniversaries(Clause(field="x", operator=Operator(operator), **more), today)


def test_a_birthday_on_29_february_is_kept_on_the_28th_in_a_common_year() -> None:
    assert anniversaries("anniversary_today", date(2026, 2, 28)) == ["02-28", "02-29"]
    assert anniversaries("anniversary_today", date(2024, 2, 28)) == ["02-28"]
    assert anniversaries("anniversary_today", date(2024, 2, 29)) == ["02-29"]


def test_anniversaries_of_the_next_days_pass_the_year() -> None:
    assert anniversaries("anniversary_next", date(2026, 12, 30), amount=3) == ["01-01", "01-02", "12-30", "12-31"]
    assert len(anniversaries("anniversary_next", date(2026, 12, 30), amount=9000)) == 366


def test_anniversaries_of_a_month_are_all_its_days() -> None:
    assert len(anniversaries("anniversary_month", SUNDAY, values=(2, 4))) == 29 + 30
    assert anniversaries("anniversary_this_month", SUNDAY)[0] == "03-01"


@pytest.mark.parametrize("value", ["2026-02-30", "2026-1-1", "20260101", "today", 5, "2026-W01-1"])
def test_what_is_no_date_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        days("on", values=(value,))
