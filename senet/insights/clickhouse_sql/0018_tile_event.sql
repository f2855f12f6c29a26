-- What tiles asked of the outside, and what came back: workflows launched and called, channel activities and responses.
-- `subject` is the call or the channel activity, `name` the response.
CREATE TABLE IF NOT EXISTS tile_event (
    journey_id UInt64, tile UInt32, type LowCardinality(String), at DateTime64(6, 'UTC'), iteration UInt32,
    contact_id UInt64, subject UInt64, name LowCardinality(String)
) ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (journey_id, tile, type, at)
SETTINGS non_replicated_deduplication_window = 1000
