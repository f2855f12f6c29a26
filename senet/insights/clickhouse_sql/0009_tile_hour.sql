-- Movement through tiles by the hour of arrival: a departure counts in the hour in which its arrival did, so that
-- inflow = processing + stopped + expired + failed + processed holds for any period.
CREATE TABLE IF NOT EXISTS tile_hour (
    journey_id UInt64, iteration UInt32, tile UInt32, hour DateTime('UTC'),
    outcome LowCardinality(String), reason LowCardinality(String), branch Int16,
    arrived SimpleAggregateFunction(sum, UInt64), departed SimpleAggregateFunction(sum, UInt64)
) ENGINE = AggregatingMergeTree
PARTITION BY toYear(hour)
ORDER BY (journey_id, tile, iteration, hour, outcome, reason, branch)
SETTINGS non_replicated_deduplication_window = 1000
