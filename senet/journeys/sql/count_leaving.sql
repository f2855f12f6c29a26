-- Count those who are due at a tile: those whom its A/B test has not seen yet, and those whom it has held.
-- Reads: leaving (temporary), visit. Writes: nothing. Index: the key of visit.
SELECT count(*) FILTER (WHERE visit.reason IS DISTINCT FROM 'ab_test'), count(*) FILTER (WHERE visit.reason = 'ab_test')
FROM leaving
JOIN visit ON visit.journey_id = %(journey_id)s AND visit.iteration = %(iteration)s AND visit.tile = %(tile)s
          AND visit.contact_id = leaving.contact_id
WHERE leaving.tile = %(tile)s
