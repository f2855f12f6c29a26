-- List a page of those who stand in a journey, tile by tile, whom time lets go first before the others.
-- Reads: visit. Writes: nothing. Locks: none. Index: visit_due, from where the page before ended.
SELECT iteration, tile, contact_id, arrived_at, due_at, left_at, outcome, reason, branch
FROM visit
WHERE journey_id = %(journey_id)s AND left_at IS NULL AND due_at IS NOT NULL
  AND tile BETWEEN %(first_tile)s AND %(last_tile)s
  AND (%(iteration)s::int IS NULL OR iteration = %(iteration)s)
  AND (tile, due_at, contact_id) > (%(after_tile)s, %(after_due_at)s::timestamptz, %(after_contact)s)
ORDER BY tile, due_at, contact_id
LIMIT %(limit)s
