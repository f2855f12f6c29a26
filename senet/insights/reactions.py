"""How the recipients of emails have reacted so far: what a rehearsal assumes of the next ones.

Only messages that people have had days to react to are counted, and of very many a part, chosen by message id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from senet.insights.compiler import as_microseconds
from senet.insights.values import DelayFound, ReactionsFound
from senet.interactions.clickhouse import fetch_rows

SETTLED = timedelta(days=3)  # then most of those who ever react have done so
MEMORY = timedelta(days=365)
MOST_MESSAGES = 500_000
_PERIOD = "at >= fromUnixTimestamp64Micro({since:Int64}, 'UTC')"
_COUNT = f"""
SELECT count() FROM email_event
WHERE email_id IN {{emails:Array(UInt64)}} AND type = 'EmailSent' AND {_PERIOD}
"""
_REACTIONS = f"""
SELECT email_id, tile, count(), countIf(accepted AND NOT hard AND NOT soft), countIf(hard), countIf(soft),
    countIf(blocked), countIf(opened > 0), countIf(clicked > 0),
    countIf(unsubscribed), countIf(opened > sent), countIf(clicked > sent),
    quantilesExactIf(0.5, 0.84)(dateDiff('second', sent, opened), opened > sent),
    quantilesExactIf(0.5, 0.84)(dateDiff('second', sent, clicked), clicked > sent)
FROM (
    SELECT email_id, if(journey_id = {{journey_id:UInt64}}, tile, 0) AS tile, message_id,
        minIf(at, type = 'EmailSent') AS sent, max(type = 'EmailDelivered') AS accepted,
        max(type IN ('EmailHardBounced', 'EmailHardRemoteBounced')) AS hard,
        max(type IN ('EmailSoftBounced', 'EmailSoftRemoteBounced')) AS soft,
        max(type = 'EmailBlockBounced') AS blocked, minIf(at, type = 'EmailOpened' AND verdict != 'bot') AS opened,
        minIf(at, type = 'EmailClicked' AND verdict != 'bot') AS clicked,
        max(type = 'SegmentUnsubscribed') AS unsubscribed
    FROM email_event
    WHERE email_id IN {{emails:Array(UInt64)}} AND {_PERIOD} AND message_id % {{sieve:UInt64}} = 0
    GROUP BY email_id, tile, message_id
    HAVING sent > 0 AND sent < fromUnixTimestamp64Micro({{until:Int64}}, 'UTC')
)
GROUP BY email_id, tile
ORDER BY email_id, tile
"""
_LINKS = f"""
SELECT email_id, link, uniqExact(message_id) FROM email_event
WHERE email_id IN {{emails:Array(UInt64)}} AND version IN {{versions:Array(UInt64)}} AND type = 'EmailClicked'
    AND verdict != 'bot' AND link > 0 AND {_PERIOD}
GROUP BY email_id, link
ORDER BY email_id, link
"""


def read_reactions(
    journey_id: int, emails: Sequence[int], versions: Sequence[int], now: datetime
) -> Sequence[ReactionsFound]:
    """Return how recipients reacted to emails: per tile of a journey, and (tile 0) in all other journeys together.

    Clicks on links are those of the given published versions. Raises: ClickHouseUnavailable.
    """
    if not emails:
        return ()
    parameters: dict[str, object] = {
        "emails": list(emails),
        "versions": list(versions),
        "journey_id": journey_id,
        "since": as_microseconds(now - MEMORY),
        "until": as_microseconds(now - SETTLED),
    }
    total = int(fetch_rows(_COUNT, parameters)[0][0])
    parameters["sieve"] = max(1, -(-total // MOST_MESSAGES))
    links: dict[int, dict[int, int]] = {}
    for email_id, link, people in fetch_rows(_LINKS, parameters):
        links.setdefault(email_id, {})[link] = people
    return [_make_found(row, links.get(row[0], {})) for row in fetch_rows(_REACTIONS, parameters)]


def _make_found(row: Sequence[Any], links: Mapping[int, int]) -> ReactionsFound:  # the query's own columns
    email_id, tile, sent, delivered, hard, soft, block, opened, clicked, unsubscribed, *timed = row
    opened_late, clicked_late, open_quantiles, click_quantiles = timed
    return ReactionsFound(
        email_id=email_id,
        tile=tile,
        sent=sent,
        delivered=delivered,
        hard_bounced=hard,
        soft_bounced=soft,
        block_bounced=block,
        opened=opened,
        clicked=clicked,
        unsubscribed=unsubscribed,
        open_delay=_find_delay(opened_late, open_quantiles),
        click_delay=_find_delay(clicked_late, click_quantiles),
        link_clicks=links,
    )


def _find_delay(people: int, quantiles: Sequence[float]) -> DelayFound | None:
    """Return the median and the 84th of a hundred, from which the spread of a lognormal delay follows."""
    if not people:
        return None
    return DelayFound(people, timedelta(seconds=float(quantiles[0])), timedelta(seconds=float(quantiles[1])))
