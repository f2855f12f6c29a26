-- List a page of those who left a journey's tiles by anything but being processed, reason by reason and tile by tile.
-- Reads: visit. Writes: nothing. Locks: none. Index: visit_unprocessed, from where the page before ended.
SELECT iteration, tile, contact_id, arrived_at, due_at, left_at, outcome, reason, branch
FROM visit
WHERE journey_id = %(journey_id)s AND outcome = %(outcome)s AND outcome <> 'processed'
  AND (%(reason)s::text IS NULL OR coalesce(reason, '') = %(reason)s)
  AND tile BETWEEN %(first_tile)s AND %(last_tile)s
  AND (%(iteration)s::int IS NULL OR iteration = %(iteration)s)
  AND (coalesce(reason, ''), tile, iteration, contact_id)
      > (%(after_reason)s, %(after_tile)s, %(after_iteration)s, %(after_contact)s)
ORDER BY coalesce(reason, ''), tile, iteration, contact_id
LIMIT %(limit)s
