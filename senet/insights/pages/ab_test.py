"""An A/B test's page: what became of version A and version B, message by message; the sample and all who got one."""

from __future__ import annotations

from senet.content.ab_tests import get_ab_test
from senet.insights.freshness import find_as_of
from senet.insights.values import AbResults, AbVersionNumbers
from senet.interactions.clickhouse import fetch_rows

_SQL = """
SELECT variant, count(), countIf(sampled), countIf(sent), countIf(delivered), countIf(hard), countIf(soft),
    countIf(block), sum(opens), countIf(opens > 0), sum(clicks), countIf(clicks > 0), countIf(unsubscribed),
    countIf(sampled AND sent), countIf(sampled AND sent AND human_opens > 0),
    countIf(sampled AND sent AND human_clicks > 0)
FROM (
    SELECT message_id, any(drawn.variant) AS variant, any(drawn.sampled) AS sampled, max(type = 'EmailSent') AS sent,
        max(type = 'EmailDelivered')
            AND NOT max(type IN ('EmailHardRemoteBounced', 'EmailSoftRemoteBounced')) AS delivered,
        max(type IN ('EmailHardBounced', 'EmailHardRemoteBounced')) AS hard,
        max(type IN ('EmailSoftBounced', 'EmailSoftRemoteBounced')) AS soft, max(type = 'EmailBlockBounced') AS block,
        countIf(type = 'EmailOpened') AS opens, countIf(type = 'EmailClicked') AS clicks,
        countIf(type = 'EmailOpened' AND verdict != 'bot') AS human_opens,
        countIf(type = 'EmailClicked' AND verdict != 'bot') AS human_clicks,
        max(type = 'SegmentUnsubscribed') AS unsubscribed
    FROM (SELECT message_id, variant, sampled FROM ab_message WHERE ab_test_id = {ab_test_id:UInt64}) AS drawn
    LEFT JOIN (
        SELECT message_id, type, verdict FROM email_event
        WHERE email_id = {email_id:UInt64} AND journey_id = {journey_id:UInt64} AND tile = {tile:UInt32}
    ) AS event USING (message_id)
    GROUP BY message_id
)
GROUP BY variant
ORDER BY variant
"""


def read_ab_results(ab_test_id: int) -> AbResults:
    """Return the numbers of both versions of a test. Raises: NotFound, ClickHouseUnavailable."""
    test = get_ab_test(ab_test_id)
    rows = fetch_rows(
        _SQL,
        {
            "ab_test_id": ab_test_id,
            "email_id": test.email_id,
            "journey_id": test.journey_id or 0,
            "tile": test.tile or 0,
        },
    )
    found = {str(row[0]): AbVersionNumbers(*(int(value) for value in row[1:])) for row in rows}
    none = AbVersionNumbers(*[0] * 15)
    return AbResults(ab_test_id, find_as_of("interaction", "ab_message"), found.get("a", none), found.get("b", none))
