-- Write the visits of a cohort that arrives at a tile which has nothing for them any more; they go on at once.
-- Reads: cohort (temporary). Writes: visit. Locks: new rows only.
INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, left_at, outcome, branch, arrived_xid, left_xid)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(now)s, 'expired', 0, %(xid)s, %(xid)s
FROM cohort
ORDER BY contact_id
