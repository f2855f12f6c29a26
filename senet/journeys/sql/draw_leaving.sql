-- Share those who are due at a tile out by lot, those whom its A/B test has held or those whom it has not seen yet.
-- Reads: leaving (temporary), visit. Writes: leaving, under the tile's number taken negative. Index: the key of visit.
INSERT INTO leaving (tile, contact_id, branch)
SELECT -%(tile)s::int, leaving.contact_id,
       %(first)s + width_bucket((row_number() OVER (ORDER BY random()) - 1)::bigint, %(bounds)s::bigint[])
FROM leaving
JOIN visit ON visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = %(tile)s
          AND visit.contact_id = leaving.contact_id
WHERE leaving.tile = %(tile)s AND (visit.reason IS NOT DISTINCT FROM 'ab_test') = %(held)s
