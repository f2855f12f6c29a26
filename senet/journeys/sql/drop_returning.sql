-- Take out of the cohort whoever has been at this tile already in this iteration: two lanes lead here, and nobody comes
-- twice. Two workers that bring the same person wait for each other.
-- Reads: visit. Writes: cohort (temporary). Locks: an advisory lock of the tile, until commit. Index: the key of visit.
WITH alone AS MATERIALIZED (
    SELECT pg_advisory_xact_lock(hashtextextended(format('%%s/%%s/%%s', %(journey_id)s, %(iteration)s, %(tile)s), 1))
)
DELETE FROM cohort USING alone
WHERE EXISTS (
    SELECT FROM visit
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s
      AND visit.contact_id = cohort.contact_id)
