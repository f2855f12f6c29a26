-- Take people who are due at a waiting tile, at most one chunk of them.
-- Reads: visit. Writes: leaving (temporary). Locks: the visits taken, until commit; those another worker holds are skipped.
-- Index: visit_due.
INSERT INTO leaving (tile, contact_id, branch)
SELECT tile, contact_id, 0
FROM visit
WHERE journey_id = %(journey_id)s AND tile = %(tile)s AND left_at IS NULL AND due_at <= %(now)s
  AND iteration = %(iteration)s
ORDER BY due_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
