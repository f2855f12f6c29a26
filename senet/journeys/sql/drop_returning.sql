-- Take out of the cohort whoever has been at this tile already in this iteration: two lanes lead here, and nobody comes
-- twice. The caller holds the tile (hold_tile), so that two workers that bring the same person see each other.
-- Reads: visit. Writes: cohort (temporary). Locks: none of its own. Index: the key of visit.
DELETE FROM cohort
WHERE EXISTS (
    SELECT FROM visit
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
      AND visit.contact_id = cohort.contact_id)
