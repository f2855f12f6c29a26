-- Take one stretch of contact ids that still has to be called in; it is gone when this transaction commits.
-- Reads and writes: enrolment. Locks: the row; those another worker holds are skipped. Returns: tile, low, high.
DELETE FROM enrolment
WHERE (journey_id, iteration, tile, low) IN (
    SELECT journey_id, iteration, tile, low FROM enrolment
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s
    ORDER BY tile, low
    LIMIT 1
    FOR UPDATE SKIP LOCKED)
RETURNING tile, low, high
