-- Give people who go on at a tile after a stop the moment at which time lets them go, as the tile is set now.
-- Reads and writes: visit. Locks: the visits; the caller holds the journey alone. Index: the key of visit.
UPDATE visit SET due_at = %(due_at)s
WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
  AND contact_id = ANY (%(contacts)s::bigint[]) AND left_at IS NULL
