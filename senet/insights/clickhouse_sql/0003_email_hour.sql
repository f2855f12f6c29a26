-- Events of mails by the hour: what totals and time lines are read from, whatever the number of events.
CREATE TABLE IF NOT EXISTS email_hour (
    email_id UInt64, journey_id UInt64, type LowCardinality(String), hour DateTime('UTC'),
    verdict LowCardinality(String), reason LowCardinality(String), link UInt16,
    events SimpleAggregateFunction(sum, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (email_id, journey_id, type, hour, verdict, reason, link)
SETTINGS non_replicated_deduplication_window = 1000
