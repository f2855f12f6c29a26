-- Departures may be taken back.
ALTER TABLE tile_hour MODIFY COLUMN departed SimpleAggregateFunction(sum, Int64)
