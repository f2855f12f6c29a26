-- Take people who are due at a waiting tile, at most one chunk of them.
-- Reads: visit, unheard (temporary). Writes: leaving (temporary). Locks: the visits taken, until commit; those another worker holds are skipped.
-- Index: visit_due, walked in order; unheard is asked once a person, for a join would sort all who are due.
INSERT INTO leaving (tile, contact_id, branch)
SELECT tile, contact_id, 0
FROM visit
WHERE journey_id = %(journey_id)s AND tile = %(tile)s AND left_at IS NULL AND due_at <= %(now)s
  AND iteration = %(iteration)s
  AND (SELECT count(*) FROM unheard WHERE unheard.contact_id = visit.contact_id) = 0
ORDER BY due_at
LIMIT %(limit)s
FOR UPDATE SKIP LOCKED
