-- List a page of those whom a tile processed in an iteration, by all its ways or by one.
-- Reads: visit. Writes: nothing. Locks: none. Index: the key of visit, from where the page before ended.
SELECT iteration, tile, contact_id, arrived_at, due_at, left_at, outcome, reason, branch
FROM visit
WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND tile = %(tile)s AND outcome = 'processed'
  AND (%(branch)s::int IS NULL OR branch = %(branch)s) AND contact_id > %(after_contact)s
ORDER BY contact_id
LIMIT %(limit)s
