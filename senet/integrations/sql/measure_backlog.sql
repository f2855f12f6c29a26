-- Say how many calls wait and have failed, up to a bound, and since when the oldest one is due.
-- Reads: workflow, workflow_call. Writes: nothing. Locks: none. Index: workflow_call_queue (one probe a workflow), workflow_call_failed.
SELECT (SELECT count(*) FROM (SELECT FROM workflow_call WHERE state = 'queued' LIMIT %(bound)s) AS few),
       (SELECT count(*) FROM (SELECT FROM workflow_call WHERE state = 'failed' LIMIT %(bound)s) AS few),
       (SELECT min(oldest.due_at) FROM workflow CROSS JOIN LATERAL (
            SELECT due_at FROM workflow_call
            WHERE workflow_call.workflow_id = workflow.id AND state = 'queued'
            ORDER BY due_at LIMIT 1) AS oldest
        WHERE workflow.active AND (workflow.held_until IS NULL OR workflow.held_until <= %(now)s))
