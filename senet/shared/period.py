"""Periods as callers write them: two moments, of which either may be open."""

from __future__ import annotations

from datetime import UTC, datetime

from senet.shared.errors import InvalidInput

Period = tuple[datetime | None, datetime | None]


def read_period(since: datetime | None, until: datetime | None) -> Period:
    """Return both ends in UTC; a time without a zone is UTC already.

    Raises: InvalidInput when the end comes before the start, or either lies where no clock goes.
    """
    begins, ends = _as_utc(since), _as_utc(until)
    if begins and ends and ends <= begins:
        raise InvalidInput("The period ends before it begins.", to=str(until))
    return begins, ends


def _as_utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if not 1970 <= aware.year < 2290:
        raise InvalidInput("The period must lie between 1970 and 2290.")
    return aware.astimezone(UTC)
