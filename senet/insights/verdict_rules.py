"""What opens and clicks are judged by when more is known than at the door, as statements over ClickHouse's log.

`verdict_event` holds the opens, clicks and followed hidden links of a stretch of the log, `verdict_agent` what the door
says of each user agent, `verdict_link` how many links a version has, and `verdict_change` what is judged otherwise,
cut into stretches of neighbouring emails.
The first rule that holds decides:

1. `head_request`: only the head was asked for.
2. what the user agent says, when it names a robot;
3. `hidden_link`: within a minute the same program followed the link that no reader sees;
4. `burst`: within ten seconds the same program followed at least three, and three in five, of the mail's links;
5. `too_soon`: it came within seconds of the delivery;
6. `one_address`: within ten seconds one network address asked for the mails of ten people of one domain;
7. what the user agent says.

A proxy's request is judged by its user agent alone: it comes from one address for many people, and often at once.
"""

from __future__ import annotations

TABLES = ("verdict_event", "verdict_agent", "verdict_link", "verdict_change")

MAKE = (
    """CREATE TABLE verdict_event (
    id UInt64, xid UInt64, recorded_at DateTime64(6, 'UTC'),
    message_id UInt64, email_id UInt64, type LowCardinality(String), at DateTime64(6, 'UTC'), link UInt16,
    version UInt64, agent String, source String, domain String, verdict String, rule String, fresh Bool,
    even Int64 ALIAS intDiv(toUnixTimestamp(at), 10) * 2, odd Int64 ALIAS intDiv(toUnixTimestamp(at) + 5, 10) * 2 + 1
) ENGINE = MergeTree ORDER BY (message_id, agent, at)""",
    "CREATE TABLE verdict_agent (agent String, verdict String, rule String) ENGINE = MergeTree ORDER BY agent",
    "CREATE TABLE verdict_link (version UInt64, links UInt32) ENGINE = MergeTree ORDER BY version",
    """CREATE TABLE verdict_change (
    stretch UInt32, id UInt64, xid UInt64, recorded_at DateTime64(6, 'UTC'), email_id UInt64, year UInt16,
    verdict LowCardinality(String), rule LowCardinality(String)
) ENGINE = MergeTree ORDER BY (stretch, id)""",
)
COLLECT = """
INSERT INTO verdict_event (
    id, xid, recorded_at, message_id, email_id, type, at, link, version, agent, source, domain, verdict, rule, fresh
)
SELECT id, xid, recorded_at, message_id, email_id, type, at, link % 256, JSONExtractUInt(detail, 'version'),
    JSONExtractString(detail, 'user_agent'), JSONExtractString(detail, 'source'), domain, verdict, rule,
    recorded_at >= fromUnixTimestamp64Micro({since}, 'UTC')
FROM interaction
WHERE type IN ('EmailOpened', 'EmailClicked', 'HiddenLinkFollowed') AND message_id != 0
    AND recorded_at >= fromUnixTimestamp64Micro({evidence_since}, 'UTC')
"""
AGENTS = "SELECT DISTINCT agent FROM verdict_event"
VERSIONS = "SELECT DISTINCT version FROM verdict_event WHERE version != 0"
JUDGE = """
INSERT INTO verdict_change (stretch, id, xid, recorded_at, email_id, year, verdict, rule)
WITH
    hidden AS (
        SELECT message_id, agent, groupArray(1000)(at) AS times FROM verdict_event
        WHERE type = 'HiddenLinkFollowed' GROUP BY message_id, agent
    ),
    burst AS (
        SELECT message_id, agent, slot
        FROM (
            SELECT message_id, agent, version, link, arrayJoin([even, odd]) AS slot FROM verdict_event
            WHERE type = 'EmailClicked' AND link != 0
        ) AS click
        INNER JOIN verdict_link ON verdict_link.version = click.version
        GROUP BY message_id, agent, slot
        HAVING uniqExact(link) >= 3 AND uniqExact(link) * 5 >= any(links) * 3
    ),
    crowd AS (
        SELECT source, domain, slot
        FROM (
            SELECT source, domain, message_id, arrayJoin([even, odd]) AS slot FROM verdict_event
            WHERE source != '' AND type != 'HiddenLinkFollowed'
                AND agent NOT IN (SELECT agent FROM verdict_agent WHERE verdict IN ('bot', 'proxy'))
        )
        GROUP BY source, domain, slot
        HAVING uniqExact(message_id) >= 10
    ),
    delivery AS (
        SELECT message_id, min(at) AS delivered_at FROM interaction
        WHERE type = 'EmailDelivered' AND message_id IN (SELECT message_id FROM verdict_event) GROUP BY message_id
    )
SELECT intDiv(row_number() OVER (ORDER BY email_id, id) - 1, {stretch}), id, xid, recorded_at, email_id, year,
    judged.1, judged.2
FROM (
    SELECT event.id AS id, event.xid AS xid, event.recorded_at AS recorded_at, event.email_id AS email_id,
        toYear(event.at) AS year, event.verdict AS was, event.rule AS by, event.rule = '' AS unread,
        if(unread, event.verdict, agents.verdict) AS said, if(unread, '', agents.rule) AS said_by,
        multiIf(
            event.rule = 'head_request', ('bot', 'head_request'),
            said IN ('bot', 'proxy'), (said, said_by),
            arrayExists(moment -> abs(dateDiff('second', moment, event.at)) <= 60, hidden.times),
            ('bot', 'hidden_link'),
            (event.message_id, event.agent, event.even) IN (SELECT message_id, agent, slot FROM burst)
                OR (event.message_id, event.agent, event.odd) IN (SELECT message_id, agent, slot FROM burst),
            ('bot', 'burst'),
            delivery.delivered_at != 0
                AND event.at < delivery.delivered_at + toIntervalSecond(if(event.type = 'EmailClicked', 5, 2)),
            ('bot', 'too_soon'),
            (event.source, event.domain, event.even) IN (SELECT source, domain, slot FROM crowd)
                OR (event.source, event.domain, event.odd) IN (SELECT source, domain, slot FROM crowd),
            ('bot', 'one_address'),
            (said, said_by)
        ) AS judged
    FROM (
        SELECT *, even, odd FROM verdict_event WHERE fresh AND type != 'HiddenLinkFollowed'
    ) AS event
    LEFT JOIN verdict_agent AS agents ON agents.agent = event.agent
    LEFT JOIN hidden ON hidden.message_id = event.message_id AND hidden.agent = event.agent
    LEFT JOIN delivery ON delivery.message_id = event.message_id
)
WHERE judged != (was, by)
"""
SUMMARY = "SELECT verdict, rule, count() FROM verdict_change GROUP BY verdict, rule ORDER BY verdict, rule"
STRETCHES = "SELECT DISTINCT stretch FROM verdict_change ORDER BY stretch"
OF_STRETCH = "FROM verdict_change WHERE stretch = {stretch}"
CHANGES = f"SELECT id, verdict, rule {OF_STRETCH} ORDER BY id"
BOUNDS = f"SELECT min(xid), max(xid), min(recorded_at), max(recorded_at) {OF_STRETCH}"
KINDS = f"SELECT DISTINCT verdict, rule {OF_STRETCH} ORDER BY verdict, rule"
MONTHS = f"SELECT DISTINCT toYYYYMM(recorded_at) AS month {OF_STRETCH} ORDER BY month"
EMAILS = f"SELECT DISTINCT email_id {OF_STRETCH} ORDER BY email_id"
YEARS = f"SELECT DISTINCT year {OF_STRETCH} ORDER BY year"
AFFECTED = f"email_id IN (SELECT email_id {OF_STRETCH})"
UPDATE = f"""UPDATE verdict = '{{verdict}}', rule = '{{rule}}' IN PARTITION {{month}}
    WHERE id IN (SELECT id {OF_STRETCH} AND verdict = '{{verdict}}' AND rule = '{{rule}}')"""
