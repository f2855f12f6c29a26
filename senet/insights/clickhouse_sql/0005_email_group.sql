-- Events of mails by the hour and by the recipient's domain (grouped_by = 'domain') and country ('country').
CREATE TABLE IF NOT EXISTS email_group (
    grouped_by LowCardinality(String), email_id UInt64, journey_id UInt64, name String, type LowCardinality(String),
    hour DateTime('UTC'), verdict LowCardinality(String),
    events SimpleAggregateFunction(sum, UInt64), messages AggregateFunction(groupBitmap, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (grouped_by, email_id, journey_id, name, type, hour, verdict)
SETTINGS non_replicated_deduplication_window = 1000
