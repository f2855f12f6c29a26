-- Share a cohort out by lot between the versions of an email; the last share takes whoever is left.
-- Reads: cohort (temporary). Writes: leaving (temporary), under the tile's number taken negative.
INSERT INTO leaving (tile, contact_id, branch)
SELECT -%(tile)s::int, contact_id,
       width_bucket((row_number() OVER (ORDER BY random()) - 1)::bigint, %(bounds)s::bigint[])
FROM cohort
