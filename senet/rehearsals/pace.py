"""When the engine ticks: at every event while events are few, and at regular intervals when they come thick."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST_TICKS = 400
_SAVED = 60  # ticks that quiet times save up, so that what is rare is met to the minute
_MINUTE = timedelta(minutes=1)


class Pace:
    """Spreads at most so many ticks over a span of virtual time, each at a whole minute, none before its event.

    Ticks are tokens that come in regularly and are saved up to a number. An event that finds one is met at its minute;
    one that finds none waits for the next token: that is how late a step may be.
    """

    def __init__(self, start: datetime, until: datetime, *, most: int = 0) -> None:
        most = most or MOST_TICKS
        self._last = start
        self._saved = float(min(_SAVED, most // 4))
        self._most_saved = self._saved
        self.interval = max(_MINUTE, _ceil((until - start) / (most - self._saved)))

    def meet(self, event: datetime) -> datetime:
        """Return when to tick for the next event, and take the token."""
        moment = max(_ceil_moment(event), self._last + _MINUTE)
        self._saved = min(self._most_saved, self._saved + (moment - self._last) / self.interval)
        self._last = moment
        if self._saved < 1:
            self._last += _ceil((1 - self._saved) * self.interval)
            self._saved = 1.0
        self._saved -= 1
        return self._last


def _ceil(length: timedelta) -> timedelta:
    return -(-length // _MINUTE) * _MINUTE


def _ceil_moment(moment: datetime) -> datetime:
    whole = moment.replace(second=0, microsecond=0)
    return whole if whole == moment else whole + _MINUTE
