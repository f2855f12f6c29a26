-- Who joined and left which segment or list.
CREATE TABLE IF NOT EXISTS membership_change (
    id UInt64, xid UInt64, kind LowCardinality(String), audience_id UInt64, contact_id UInt64, change Int8,
    by LowCardinality(String), at DateTime64(6, 'UTC')
) ENGINE = MergeTree
PARTITION BY toYear(at)
ORDER BY (kind, audience_id, at, id)
SETTINGS non_replicated_deduplication_window = 1000
