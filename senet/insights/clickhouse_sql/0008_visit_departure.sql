-- Departures from tiles, as the ledger wrote them; each carries its arrival, so that it counts with its cohort.
CREATE TABLE IF NOT EXISTS visit_departure (
    journey_id UInt64, iteration UInt32, tile UInt32, contact_id UInt64,
    arrived_at DateTime64(6, 'UTC'), left_at DateTime64(6, 'UTC'),
    outcome LowCardinality(String), reason LowCardinality(String), branch Int16, xid UInt64,
    INDEX by_contact contact_id TYPE bloom_filter(0.01) GRANULARITY 1
) ENGINE = MergeTree
PARTITION BY toYear(arrived_at)
ORDER BY (journey_id, tile, iteration, arrived_at, contact_id)
SETTINGS non_replicated_deduplication_window = 1000
