"""Who did something with a tile's mail, or whom something befell: asked in ClickHouse, which keeps the whole log.

The same filters narrow it as narrow the page's numbers: a period of the moments at which it happened, and whose opens
and clicks count.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from senet.interactions.clickhouse import fetch_rows
from senet.interactions.verdicts import JUDGED_TYPES, VERDICTS, Verdict
from senet.journeys.definition import Definition
from senet.journeys.tiles.base import TileId

_LOGGED = """
SELECT DISTINCT contact_id FROM interaction
WHERE journey_id = {journey_id:UInt64} AND tile = {tile:UInt32} AND type IN {types:Array(String)}
    AND iteration IN {iterations:Array(UInt32)} AND message_id != 0 AND email_id != 0 AND contact_id != 0
    AND (at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') OR {since:Int64} = 0)
    AND (at < fromUnixTimestamp64Micro({until:Int64}, 'UTC') OR {until:Int64} = 0)
    AND (empty({verdicts:Array(String)}) OR type NOT IN {judged:Array(String)}
         OR verdict IN {verdicts:Array(String)})
"""

# Of what a tile asked of the outside, each workflow call or channel activity by itself.
_OUTSIDE = """
SELECT DISTINCT whose FROM (
    SELECT any(contact_id) AS whose, groupUniqArray(type) AS types FROM interaction
    WHERE journey_id = {journey_id:UInt64} AND tile = {tile:UInt32} AND contact_id != 0
        AND type IN arrayConcat({types:Array(String)}, {without:Array(String)})
        AND iteration IN {iterations:Array(UInt32)}
        AND (at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC') OR {since:Int64} = 0)
        AND (at < fromUnixTimestamp64Micro({until:Int64}, 'UTC') OR {until:Int64} = 0)
        AND ({response:String} = '' OR JSONExtractString(detail, 'response') = {response:String})
    GROUP BY JSONExtractUInt(detail, if(JSONHas(detail, 'call_id'), 'call_id', 'activity_id')) AS subject,
        if(subject = 0, contact_id, 0)  -- a launch names no call
)
WHERE hasAny(types, {types:Array(String)}) AND NOT hasAny(types, {without:Array(String)})
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose number it is: a tile of a journey, in some iterations, under the filters of the page.

    `since` is the first moment, `until` the first that is too late: of arrivals, and of what happened to mails.
    """

    journey_id: int
    definition: Definition
    tile: TileId
    iterations: Sequence[int] = ()
    since: datetime | None = None
    until: datetime | None = None
    verdict: Verdict = Verdict.ALL
    company_id: int | None = None

    @property
    def has_period(self) -> bool:
        """Say whether only a part of all time counts."""
        return self.since is not None or self.until is not None


def find_logged(types: Sequence[str], asked: Asked) -> set[int]:
    """Return the contacts with an interaction of some types that belongs to a message of the tile.

    Raises: ClickHouseUnavailable.
    """
    if not types:
        return set()
    judged = {"judged": list(JUDGED_TYPES), "verdicts": list(VERDICTS.get(asked.verdict, ()))}
    return {row[0] for row in fetch_rows(_LOGGED, {**_narrow(types, asked), **judged})}


def find_asked_outside(
    types: Sequence[str], asked: Asked, *, without: Sequence[str] = (), response: str = ""
) -> set[int]:
    """Return the contacts for whom a tile asked the outside, and of whose call or activity there is one of some types.

    Not where there is one of the types `without` too. Raises: ClickHouseUnavailable.
    """
    parameters = {**_narrow(types, asked), "without": list(without), "response": response}
    return {row[0] for row in fetch_rows(_OUTSIDE, parameters)}


def _narrow(types: Sequence[str], asked: Asked) -> dict[str, object]:
    return {
        "journey_id": asked.journey_id,
        "tile": asked.tile,
        "types": list(types),
        "iterations": list(asked.iterations),
        "since": _as_microseconds(asked.since),
        "until": _as_microseconds(asked.until),
    }


def _as_microseconds(moment: datetime | None) -> int:
    """Return a moment as microseconds since 1970, exactly; 0 for none."""
    if moment is None:
        return 0
    return int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond
