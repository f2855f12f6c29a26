-- Write the visits of a cohort that arrives at a tile and is held there by its A/B test.
-- Reads: cohort (temporary). Writes: visit. Locks: new rows only.
INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, due_at, reason, arrived_xid)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(due_at)s, 'ab_test', %(xid)s
FROM cohort
ORDER BY contact_id
