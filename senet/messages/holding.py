"""Holds claimed bulk mail back for a person's frequency cap and quiet hours.

Exact for all senders together: whoever claims under a cap holds one lock, so that they judge one after another, and
what counts is written in the outbox: a mail that was sent, and one that a sender has taken up and may have sent.
A sender that dies changes neither. Once a batch, nothing while no limit is set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from senet.messages.claimed import ClaimedRow, PutOff
from senet.messages.limits import AllLimits, Limits, find_allowed
from senet.messages.prepared import fetch_prepared
from senet.messages.states import Event
from senet.messages.values import BlockReason, Result

FREQUENCY_CAP, QUIET_HOURS = "frequency_cap", "quiet_hours"  # what a message waits for, as its reason
LONGEST_WAIT = timedelta(days=60)  # what was queued before is not looked at: nothing waits for so long
_LOCK = 0x5E4F << 48


@dataclass(slots=True)
class Held:
    """Which claimed messages do not leave now: they wait, or are blocked."""

    put_off: list[PutOff] = field(default_factory=list)
    blocked: list[Result] = field(default_factory=list)

    def list_ids(self) -> set[int]:
        """Return their numbers."""
        return {each.message_id for each in self.put_off} | {each.message_id for each in self.blocked}


def wait_for_turn(limits: AllLimits) -> None:
    """Let one sender at a time claim under a frequency cap, until its transaction ends. Before it claims."""
    if limits.longest_period:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def hold(rows: Sequence[ClaimedRow], limits: AllLimits, now: datetime) -> Held:
    """Return which of the claimed messages have to wait or are blocked by the limits."""
    held = Held()
    bulk = [row for row in rows if row.commercial]
    mails = _find_recent(bulk, limits, now)
    for row in bulk:
        mine = limits.of(row.business_unit_id)
        got = mails[row.contact_id]
        allowed_at = find_allowed(mine.caps, got, now) if got else now
        due_at = mine.find_quiet_end(allowed_at, (row.time_zone, row.journey_zone)) or allowed_at
        if due_at <= now:
            got.append(now)
        else:
            _hold(row, mine, due_at, held, is_capped=allowed_at > now)
    return held


def _hold(row: ClaimedRow, limits: Limits, due_at: datetime, held: Held, *, is_capped: bool) -> None:
    too_late = row.expires_at is not None and due_at >= row.expires_at
    if is_capped and (too_late or not limits.delays or due_at > row.queued_at + limits.longest_delay):
        detail = f"The frequency cap allows it on {due_at:%Y-%m-%d %H:%M} UTC at the earliest."
        held.blocked.append(Result(row.id, Event.BLOCK, reason=BlockReason.FREQUENCY_CAP.value, detail=detail))
    elif too_late:
        detail = f"Quiet hours last until {due_at:%Y-%m-%d %H:%M} UTC, and the mail expires before."
        held.blocked.append(Result(row.id, Event.BLOCK, reason=BlockReason.EXPIRED.value, detail=detail))
    else:
        held.put_off.append(PutOff(row.id, due_at, FREQUENCY_CAP if is_capped else QUIET_HOURS))


def _find_recent(rows: Sequence[ClaimedRow], limits: AllLimits, now: datetime) -> dict[int, list[datetime]]:
    """Return when each person got bulk mail lately, or may have got it."""
    found: dict[int, list[datetime]] = defaultdict(list)
    if rows and limits.longest_period:
        since = now - limits.longest_period
        parameters = {
            "contacts": sorted({row.contact_id for row in rows}),
            "ids": [row.id for row in rows],
            "since": since,
            "queued_since": since - LONGEST_WAIT,
        }
        for contact_id, moment in fetch_prepared("list_recent_mails", parameters):
            found[contact_id].append(moment)
    return found
