-- Feeds tile_hour with arrivals.
CREATE MATERIALIZED VIEW IF NOT EXISTS tile_hour_arrivals TO tile_hour AS
SELECT
    journey_id, iteration, tile, toStartOfHour(arrived_at) AS hour, '' AS outcome, '' AS reason,
    toInt16(-1) AS branch, count() AS arrived, toUInt64(0) AS departed
FROM visit_arrival
GROUP BY journey_id, iteration, tile, hour
