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
    parameters = {
        "journey_id": asked.journey_id,
        "tile": asked.tile,
        "types": list(types),
        "iterations": list(asked.iterations),
        "since": _as_microseconds(asked.since),
        "until": _as_microseconds(asked.until),
        "judged": list(JUDGED_TYPES),
        "verdicts": list(VERDICTS.get(asked.verdict, ())),
    }
    return {row[0] for row in fetch_rows(_LOGGED, parameters)}


def _as_microseconds(moment: datetime | None) -> int:
    """Return a moment as microseconds since 1970, exactly; 0 for none."""
    if moment is None:
        return 0
    return int(moment.replace(microsecond=0).timestamp()) * 1_000_000 + moment.microsecond
