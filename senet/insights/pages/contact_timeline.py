"""A contact's timeline: the log and the ledger of visits together, the newest first."""

from __future__ import annotations

from datetime import UTC, datetime

from senet.insights.compiler import as_microseconds
from senet.insights.freshness import find_as_of
from senet.insights.values import Timeline, TimelineEntry
from senet.interactions.clickhouse import fetch_rows
from senet.interactions.types import TYPES
from senet.shared.errors import InvalidInput

# What a departure is called, by its outcome; which kind of tile it was is the page's to show.
_SQL = """
SELECT * FROM (
    SELECT id, toString(type) AS type, at, journey_id, iteration, tile, email_id, message_id, link, list_id, verdict,
        browser, os, device, JSONExtractString(detail, 'reason') AS reason, toInt16(-1) AS branch
    FROM interaction WHERE contact_id = {contact_id:UInt64}
    UNION ALL
    SELECT 0, 'ActivityContactDispatched', arrived_at, journey_id, iteration, tile, 0, 0, 0, 0, '', '', '', '', '',
        toInt16(-1)
    FROM visit_arrival WHERE contact_id = {contact_id:UInt64}
    UNION ALL
    SELECT 0,
        multiIf(outcome = 'stopped', 'ActivityContactBlocked', outcome = 'expired', 'ActivityContactExpired',
            outcome = 'failed', 'ActivityContactProcessingFailed', 'PassThroughActivityContactProcessed'),
        left_at, journey_id, iteration, tile, 0, 0, 0, 0, '', '', '', '', toString(reason), branch
    FROM visit_departure WHERE contact_id = {contact_id:UInt64} AND weight = 1
)
WHERE at < fromUnixTimestamp64Micro({before:Int64}, 'UTC')
ORDER BY at DESC, id DESC, type
LIMIT {limit:UInt32}
"""
_FAR_FUTURE = datetime(2290, 1, 1, tzinfo=UTC)


def read_timeline(contact_id: int, *, cursor: str = "", limit: int = 50) -> Timeline:
    """Return a page of what a contact did and what was done for them. Raises: InvalidInput for a foreign cursor.

    The cursor is a moment: entries of the very same moment stay on one page.
    """
    before = _read_cursor(cursor) if cursor else as_microseconds(_FAR_FUTURE)
    rows = fetch_rows(_SQL, {"contact_id": contact_id, "before": before, "limit": limit + 1})
    entries = [_make_entry(*row) for row in rows]
    more = len(entries) > limit
    if more:
        entries = _end_between_moments(entries[:limit], entries[limit].at)
    return Timeline(
        tuple(entries),
        str(as_microseconds(entries[-1].at)) if more and entries else None,
        find_as_of("interaction", "visit_arrival", "visit_departure"),
    )


def _end_between_moments(entries: list[TimelineEntry], next_at: datetime) -> list[TimelineEntry]:
    whole = [entry for entry in entries if entry.at > next_at]
    return whole or entries


def _read_cursor(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise InvalidInput("This cursor is not one of this timeline. Start at the first page.")
    return int(cursor)


def _make_entry(  # noqa: PLR0917  one parameter a column
    id_: int, type_: str, at: datetime, journey_id: int, iteration: int, tile: int, email_id: int, message_id: int,
    link: int, list_id: int, verdict: str, browser: str, os: str, device: str, reason: str, branch: int,
) -> TimelineEntry:  # fmt: skip
    known = TYPES.get(type_)
    return TimelineEntry(
        id=id_,
        type=type_,
        meaning=known.meaning if known else "",
        at=at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC),
        journey_id=journey_id or None,
        iteration=iteration or None,
        tile=tile or None,
        email_id=email_id or None,
        message_id=message_id or None,
        link=link or None,
        list_id=list_id or None,
        verdict=verdict,
        browser=browser,
        os=os,
        device=device,
        reason=reason,
        branch=None if branch < 0 else branch,
    )
