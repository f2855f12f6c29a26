-- Write the visits of a cohort whose journey ends here: there is no way on.
-- Reads: cohort (temporary). Writes: visit. Locks: new rows only.
INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, left_at, outcome, arrived_xid, left_xid)
SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(now)s, 'processed', %(xid)s, %(xid)s
FROM cohort
ORDER BY contact_id
