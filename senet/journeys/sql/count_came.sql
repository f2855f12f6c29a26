-- Count who has come to a tile in an iteration, and stands there or has gone on.
-- Reads: visit. Writes: nothing. Locks: none. Index: the key of visit alone answers it.
SELECT count(*) FROM visit WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
