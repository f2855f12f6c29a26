-- Stop, wherever else they stand in the journey, those who came to an exit.
-- Reads: cohort (temporary). Writes: visit. Index: the key of visit, asked once a person and waiting tile.
-- Locks: the visits; one that another worker holds is skipped: that worker, or the tile it goes to, lets nobody go on
-- who has been at an exit (leave_tile).
WITH elsewhere AS MATERIALIZED (
    SELECT visit.tile, visit.contact_id
    FROM cohort
    CROSS JOIN unnest(%(tiles)s::int[]) AS waiting (tile)
    JOIN visit ON visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = waiting.tile
              AND visit.contact_id = cohort.contact_id AND visit.left_at IS NULL
    FOR UPDATE OF visit SKIP LOCKED
)
UPDATE visit
SET left_at = %(now)s, left_xid = %(xid)s, outcome = 'stopped', reason = 'exited'
FROM elsewhere
WHERE visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = elsewhere.tile
  AND visit.contact_id = elsewhere.contact_id AND visit.left_at IS NULL
