-- Feeds tile_hour with departures.
CREATE MATERIALIZED VIEW IF NOT EXISTS tile_hour_departures TO tile_hour AS
SELECT
    journey_id, iteration, tile, toStartOfHour(arrived_at) AS hour, outcome, reason, branch,
    toUInt64(0) AS arrived, sum(toInt64(weight)) AS departed
FROM visit_departure
GROUP BY journey_id, iteration, tile, hour, outcome, reason, branch
