"""When people are likeliest to open a mail: learned from the log, and the hours to come by each zone's clocks.

Tables: open_hour, zone_open_hour, open_hour_position. The log is read by one at a time, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

import senet.journeys
from senet.shared import sql
from senet.shared.clock import find_zone

LONGEST = timedelta(days=7)  # that a message is kept for a better hour
PRIOR = 3  # opens: how much the others of a time zone count beside a person's own
_HOUR = timedelta(hours=1)
Slot = tuple[str, int, datetime]  # a time zone, an hour of its week from 0 to 167, when that begins next


def learn_open_hours(now: datetime) -> int:  # noqa: ARG001  loops hand in the time
    """Read the log on and add the opens to what is known; return how many zone hours changed."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO open_hour_position DEFAULT VALUES ON CONFLICT DO NOTHING")
            cursor.execute("SELECT xid, senet_horizon() FROM open_hour_position FOR UPDATE SKIP LOCKED")
            row = cursor.fetchone()
        if row is None or row[0] >= row[1]:  # another worker is at it, or nothing is new
            return 0
        stretch = {"from_xid": row[0], "to_xid": row[1], "profiling_consent": settings.PROFILING_CONSENT}
        changed = sql.execute(senet.journeys, "learn_open_hours", stretch)
        sql.execute(senet.journeys, "forget_open_hours", stretch)
        with connection.cursor() as cursor:
            cursor.execute("UPDATE open_hour_position SET xid = %s", [row[1]])
    return changed


def list_slots(zones: Iterable[str], now: datetime, until: datetime) -> Iterator[Slot]:
    """Yield for each zone the hours of the week that begin before `until`; the one that runs now begins now."""
    for name in zones:
        zone = find_zone(name) or UTC
        seen: set[int] = set()
        moment = now.astimezone(zone).replace(minute=0, second=0, microsecond=0).astimezone(now.tzinfo)
        while moment < until and len(seen) < 168:
            shown = moment.astimezone(zone)
            hour = shown.weekday() * 24 + shown.hour
            if hour not in seen:  # clocks that are put back show one twice
                seen.add(hour)
                yield name, hour, max(moment, now)
            moment += _HOUR
