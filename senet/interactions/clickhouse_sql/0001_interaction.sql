-- The log, kept for good. Ordered by contact: a timeline or a behavioural segment reads what lies together.
-- On a cluster it is sharded by contact_id. Absent values are 0 or the empty string, never NULL. Only `type`
-- is LowCardinality: reading a row of text into thirteen dictionaries costs more than reading the rest of it.
CREATE TABLE IF NOT EXISTS interaction (
    id UInt64, xid UInt64,
    type LowCardinality(String),
    at DateTime64(6, 'UTC'), recorded_at DateTime64(6, 'UTC'),
    contact_id UInt64, company_id UInt64, lead_id UInt64,
    visitor String, session String,
    journey_id UInt64, iteration UInt32, tile UInt32,
    message_id UInt64, email_id UInt64, link UInt16,
    form_id UInt64, submission_id UInt64, page_id UInt64, website_id UInt64, redirect_id UInt64,
    list_id UInt64, segment_id UInt64, event_id UInt64,
    domain String, address String,
    country String, region String, city String, browser String, os String, device String,
    verdict String, rule String,
    detail String
) ENGINE = MergeTree
PARTITION BY toYYYYMM(recorded_at)
ORDER BY (contact_id, at, id)
SETTINGS non_replicated_deduplication_window = 1000
