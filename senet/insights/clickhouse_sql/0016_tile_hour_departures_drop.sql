-- The feed below takes its place.
DROP VIEW IF EXISTS tile_hour_departures
