-- Events of mails by the hour, and which messages had them: totals, uniques and time lines are read from here,
-- whatever the number of events. A bitmap of message ids is exact, and hours are joined by OR.
CREATE TABLE IF NOT EXISTS email_hour (
    email_id UInt64, journey_id UInt64, tile UInt32, type LowCardinality(String), hour DateTime('UTC'),
    verdict LowCardinality(String), reason LowCardinality(String), version UInt64, link UInt16,
    events SimpleAggregateFunction(sum, UInt64), messages AggregateFunction(groupBitmap, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (email_id, journey_id, tile, type, hour, verdict, reason, version, link)
SETTINGS non_replicated_deduplication_window = 1000
