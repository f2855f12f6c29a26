"""How often and at what hours people get bulk mail: the frequency cap and quiet hours, kept in the database.

Business units may have limits of their own, which hold for their contacts instead of the installation's. Transactional
mail is neither limited nor counted. What the limits mean for one message is decided here, without the database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.db import transaction

from senet.messages.models import SendingLimit
from senet.shared.clock import find_zone
from senet.shared.errors import InvalidInput, NotFound

PERIODS: Mapping[str, timedelta] = {
    "per_day": timedelta(hours=24),
    "per_week": timedelta(days=7),
    "per_month": timedelta(days=30),
}
DEFAULT_DELAY_HOURS = 72
LONGEST_DELAY_HOURS = 30 * 24


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the installation or of one business unit. Without a cap or quiet hours there is no such limit."""

    per_day: int | None = None
    per_week: int | None = None
    per_month: int | None = None
    delays: bool = True  # what the cap holds back waits until it is allowed; else it is blocked
    longest_delay: timedelta = timedelta(hours=DEFAULT_DELAY_HOURS)  # beyond, it is blocked
    quiet_from: time | None = None
    quiet_until: time | None = None
    time_zone: str = "UTC"  # of people whose own and whose journey's is not known

    @property
    def caps(self) -> tuple[tuple[timedelta, int], ...]:
        """Return the periods with how many mails each allows."""
        found = ((length, getattr(self, name)) for name, length in PERIODS.items())
        return tuple((length, most) for length, most in found if most is not None)

    def find_quiet_end(self, moment: datetime, zones: Sequence[str | None]) -> datetime | None:
        """Return when quiet hours end that last at a moment, by the clock of the first zone that is known; UTC."""
        if self.quiet_from is None or self.quiet_until is None:
            return None
        zone = next((found for name in (*zones, self.time_zone) if (found := find_zone(name))), UTC)
        shown = moment.astimezone(zone)
        clock = shown.time()
        if self.quiet_from <= self.quiet_until:
            is_quiet, ends_today = self.quiet_from <= clock < self.quiet_until, True
        else:
            is_quiet, ends_today = clock >= self.quiet_from or clock < self.quiet_until, clock < self.quiet_until
        if not is_quiet:
            return None
        day = shown.date() + timedelta(days=0 if ends_today else 1)
        ends = [datetime.combine(day, self.quiet_until).replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
        later = [end.astimezone(UTC) for end in ends if end.astimezone(UTC) > moment]  # a clock may show an hour twice
        return min(later, default=None)


def find_allowed(caps: Sequence[tuple[timedelta, int]], mails: Sequence[datetime], now: datetime) -> datetime:
    """Return when the caps allow one more mail to somebody who got these: now, or later."""
    allowed = now
    for length, most in caps:
        within = sorted(moment for moment in mails if moment > now - length)
        if len(within) >= most:
            allowed = max(allowed, within[len(within) - most] + length)
    return allowed


@dataclass(frozen=True, slots=True)
class AllLimits:
    """The installation's limits, and those of business units that have their own."""

    everybody: Limits = Limits()
    units: Mapping[int, Limits] = field(default_factory=dict)

    def of(self, unit: int | None) -> Limits:
        """Return the limits that hold for a unit's contacts."""
        return self.units.get(unit, self.everybody) if unit is not None else self.everybody

    @property
    def every(self) -> tuple[Limits, ...]:
        """Return all of them."""
        return (self.everybody, *self.units.values())

    @property
    def longest_period(self) -> timedelta:
        """Return how far back a cap looks; nothing when there is none."""
        return max((length for limits in self.every for length, _ in limits.caps), default=timedelta(0))

    @property
    def is_set(self) -> bool:
        """Say whether anything is limited."""
        return bool(self.longest_period) or any(limits.quiet_from is not None for limits in self.every)


def find_limits() -> AllLimits:
    """Return the limits as they are now."""
    rows = {row.business_unit_id: _read(row) for row in SendingLimit.objects.all()}
    everybody = rows.pop(None, Limits())
    return AllLimits(everybody, {unit: limits for unit, limits in rows.items() if unit is not None})


def _read(row: SendingLimit) -> Limits:
    return Limits(
        row.per_day,
        row.per_week,
        row.per_month,
        row.delays,
        timedelta(hours=row.longest_delay_hours),
        row.quiet_from,
        row.quiet_until,
        row.time_zone,
    )


@transaction.atomic
def change_limits(unit: int | None, values: Mapping[str, Any], *, user_id: int, now: datetime) -> None:
    """Set the limits of a business unit, or of the installation (None). Raises: InvalidInput."""
    quiet_from, quiet_until = values["quiet_from"], values["quiet_until"]
    if (quiet_from is None) != (quiet_until is None):
        raise InvalidInput("Quiet hours have a beginning and an end; give both or neither.")
    if quiet_from is not None and quiet_from == quiet_until:
        raise InvalidInput("Quiet hours that end when they begin would never end.")
    if find_zone(values["time_zone"]) is None:
        raise InvalidInput("There is no such time zone; use a name such as Europe/Berlin.")
    SendingLimit.objects.update_or_create(
        business_unit_id=unit, defaults={**values, "updated_at": now, "updated_by_id": user_id}
    )


def forget_limits(unit: int) -> None:
    """Let the installation's limits hold for a business unit again. Raises: NotFound."""
    if not SendingLimit.objects.filter(business_unit_id=unit).delete()[0]:
        raise NotFound("This business unit has no limits of its own.")
