-- Take away calls that ended for good long ago, with the attempts that failed; at most so many at a time.
-- A company's call stays: it is what keeps a later contact of the company from launching the workflow again.
-- Recovery items stay until somebody recovers or deletes them. What calls did is in the log.
-- Writes: workflow_call, workflow_attempt. Locks: the rows; those that another worker takes away are skipped.
-- Index: workflow_call_finished, the key of workflow_call, workflow_attempt's of the call.
WITH old AS MATERIALIZED (
    SELECT id FROM workflow_call
    WHERE company_id IS NULL AND state IN ('done', 'cancelled', 'dismissed') AND finished_at < %(before)s
    ORDER BY finished_at
    LIMIT %(limit)s
    FOR UPDATE SKIP LOCKED
), attempts AS (
    DELETE FROM workflow_attempt USING old WHERE workflow_attempt.call_id = old.id
)
DELETE FROM workflow_call USING old WHERE workflow_call.id = old.id
