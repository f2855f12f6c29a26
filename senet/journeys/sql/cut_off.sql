-- Stop, wherever they stand, those whom the previous iteration still holds.
-- Reads and writes: visit. Locks: the visits. The caller holds the journey alone. Index: visit_due; everybody who stands has a due_at.
UPDATE visit
SET left_at = %(now)s, left_xid = senet_xid(), outcome = 'stopped', reason = 'next_iteration'
WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s AND left_at IS NULL AND due_at IS NOT NULL
