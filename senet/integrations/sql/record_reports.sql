-- Write down what came of calls: done (logged for launches), queued for another attempt, failed for good (logged), or cancelled.
-- A report of a call that its worker no longer holds is dropped: another one is making it.
-- Reads: contact. Writes: workflow_call, workflow_attempt, workflow, interaction. Locks: the calls' rows, a workflow's when it
-- asks for a rest. Index: the keys.
WITH told AS MATERIALIZED (
    SELECT * FROM unnest(%(ids)s::bigint[], %(states)s::text[], %(dues)s::timestamptz[], %(statuses)s::int[],
                         %(errors)s::text[], %(ats)s::timestamptz[], %(milliseconds)s::int[], %(holds)s::timestamptz[])
         AS told (id, state, due_at, status, error, at, milliseconds, hold_until)
), moved AS (
    UPDATE workflow_call
    SET state = told.state, due_at = told.due_at, claim = NULL, status = told.status, error = told.error,
        finished_at = CASE WHEN told.state <> 'queued' THEN told.at END
    FROM told
    WHERE workflow_call.id = told.id AND workflow_call.claim = %(claim)s AND workflow_call.state = 'queued'
    RETURNING workflow_call.id, workflow_call.workflow_id, workflow_call.state, workflow_call.contact_id,
              workflow_call.journey_id, workflow_call.iteration, workflow_call.tile, workflow_call.activity_id
), noted AS (
    INSERT INTO workflow_attempt (call_id, at, status, error, milliseconds)
    SELECT told.id, told.at, told.status, told.error, told.milliseconds
    FROM told JOIN moved USING (id) WHERE told.error <> ''
), resting AS (
    UPDATE workflow SET held_until = asked.until
    FROM (SELECT moved.workflow_id, max(told.hold_until) AS until
          FROM told JOIN moved USING (id) WHERE told.hold_until IS NOT NULL GROUP BY 1) AS asked
    WHERE workflow.id = asked.workflow_id AND (workflow.held_until IS NULL OR workflow.held_until < asked.until)
), logged AS (
    INSERT INTO interaction (type, at, recorded_at, contact_id, company_id, journey_id, iteration, tile, detail)
    SELECT CASE moved.state WHEN 'failed' THEN 'ActivityContactProcessingFailed' ELSE 'WorkflowCallSucceeded' END,
           told.at, told.at, moved.contact_id, contact.company_id, moved.journey_id, moved.iteration, moved.tile,
           jsonb_strip_nulls(jsonb_build_object(
               'workflow_id', moved.workflow_id, 'call_id', moved.id,
               'reason', CASE moved.state WHEN 'failed' THEN 'workflow_failed' END))
    FROM moved JOIN told USING (id) LEFT JOIN contact ON contact.id = moved.contact_id
    WHERE moved.state = 'failed' OR (moved.state = 'done' AND moved.activity_id IS NULL)
)
SELECT state, count(*) FROM moved GROUP BY state
