-- Share a cohort out by lot: the first so many of a random order take the first branch, and so on; write the visits.
-- Lots are drawn in the order of the contacts, so that who sets the seed (a rehearsal) knows what comes out.
-- Reads: cohort (temporary). Writes: visit, parted (temporary). Locks: new rows only.
WITH drawn AS MATERIALIZED (
    SELECT contact_id, width_bucket((row_number() OVER (ORDER BY lot) - 1)::bigint, %(bounds)s::bigint[]) AS branch
    FROM (SELECT contact_id, random() AS lot FROM (SELECT contact_id FROM cohort ORDER BY contact_id OFFSET 0) AS one) AS each
), arrived AS (
    INSERT INTO visit (journey_id, iteration, tile, contact_id, arrived_at, left_at, outcome, branch, arrived_xid, left_xid)
    SELECT %(journey_id)s, %(iteration)s, %(tile)s, contact_id, %(now)s, %(now)s, 'processed', branch, %(xid)s, %(xid)s
    FROM drawn
    ORDER BY contact_id
)
INSERT INTO parted (tile, contact_id, branch) SELECT %(tile)s, contact_id, branch FROM drawn
