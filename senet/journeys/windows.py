"""Windows: weekdays and times of day at which a tile lets people go or sends, by the clocks of the journey's zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = timedelta(days=1)


class TimeRange(BaseModel):
    """From a time of day to another, to the minute. One that ends before it begins goes on past midnight."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    start: str = Field(max_length=5)
    end: str = Field(max_length=5)

    @field_validator("start", "end")
    @classmethod
    def _is_time_of_day(cls, value: str) -> str:
        if value == "24:00":
            return value
        try:
            moment = time.fromisoformat(value)
        except ValueError:
            raise ValueError("Give a time of day such as 09:30.") from None
        return moment.strftime("%H:%M")

    @property
    def minutes(self) -> tuple[int, int]:
        """Return the beginning and the end in minutes since midnight; the end may lie beyond the day."""
        start, end = (int(text[:2]) * 60 + int(text[3:]) for text in (self.start, self.end))
        return start, end if end > start else end + 24 * 60


class Window(BaseModel):
    """When it is open. No weekdays: on all; no times: all day."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    weekdays: tuple[int, ...] = Field((), max_length=7, description="0 Monday … 6 Sunday")
    times: tuple[TimeRange, ...] = Field((), max_length=20)

    @field_validator("weekdays")
    @classmethod
    def _are_weekdays(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 0 <= day <= 6 for day in value):
            raise ValueError("Weekdays are numbers from 0 (Monday) to 6 (Sunday).")
        return tuple(sorted(set(value)))

    def next_open(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return the first moment from `moment` on at which the window is open. UTC."""
        openings = (max(start, moment) for start, end in self._spans(moment, zone) if end > moment)
        return min(openings).astimezone(UTC)

    def is_open(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Say whether the window is open."""
        return self.next_open(moment, zone) == moment

    def _spans(self, moment: datetime, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
        """Yield when it is open, from the day before to more than a week ahead."""
        day = moment.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None) - _DAY
        for _ in range(10):
            if not self.weekdays or day.weekday() in self.weekdays:
                for start, end in [each.minutes for each in self.times] or [(0, 24 * 60)]:
                    yield _at(day, start, zone), _at(day, end, zone)
            day += _DAY

    @property
    def text(self) -> str:
        """Return the window for reading."""
        days = ", ".join(DAYS[day] for day in self.weekdays) or "every day"
        times = ", ".join(f"{each.start}–{each.end}" for each in self.times)
        return f"{days} {times}".strip()


def _at(day: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    return (day + timedelta(minutes=minutes)).replace(tzinfo=zone).astimezone(UTC)


def restrict(moment: datetime, window: Window | None, zone: ZoneInfo) -> datetime:
    """Return the moment, or the first one after it at which the window is open."""
    return moment if window is None else window.next_open(moment, zone)
