-- List the days of rows that fell into the default partition because their own was not there.
-- Reads: interaction_default (normally empty). Writes: nothing. Locks: none. Index: none.
SELECT DISTINCT (recorded_at AT TIME ZONE 'UTC')::date FROM interaction_default
