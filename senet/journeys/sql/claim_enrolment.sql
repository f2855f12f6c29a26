-- Take one stretch of contact ids that still has to be called in; it is gone when this transaction commits.
-- Reads and writes: enrolment. Locks: the row; those another worker holds are skipped. Returns: tile, low, high.
-- Chosen once (MATERIALIZED): a plan that asked again for each row would take more than one.
WITH chosen AS MATERIALIZED (
    SELECT journey_id, iteration, tile, low FROM enrolment
    WHERE journey_id = %(journey_id)s AND iteration = %(iteration)s
    ORDER BY tile, low
    LIMIT 1
    FOR UPDATE SKIP LOCKED
)
DELETE FROM enrolment USING chosen
WHERE enrolment.journey_id = chosen.journey_id AND enrolment.iteration = chosen.iteration
  AND enrolment.tile = chosen.tile AND enrolment.low = chosen.low
RETURNING enrolment.tile, enrolment.low, enrolment.high
