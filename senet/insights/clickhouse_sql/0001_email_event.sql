-- What happened to mails: the log's rows that belong to a message, narrow, and ordered by the email they are asked for.
-- `version` is the published version whose links a click's `link` counts; `country` is the recipient's.
CREATE TABLE IF NOT EXISTS email_event (
    email_id UInt64, type LowCardinality(String), journey_id UInt64, at DateTime64(6, 'UTC'),
    iteration UInt32, tile UInt32, message_id UInt64, contact_id UInt64, version UInt64, link UInt16,
    domain LowCardinality(String), country LowCardinality(String), verdict LowCardinality(String),
    reason LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (email_id, type, journey_id, at)
SETTINGS non_replicated_deduplication_window = 1000
