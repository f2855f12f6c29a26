-- Give a worker the calls that are due, for the length of a lease, and take turns among the workflows.
-- A call whose lease is over is due again: the worker that held it was killed; that attempt is written down as lost.
-- Reads: workflow, workflow_call. Writes: workflow_call, workflow_attempt.
-- Locks: the claimed calls; those that another worker is claiming are skipped. Index: workflow_call_queue, once a workflow.
WITH place AS MATERIALIZED (  -- how many more calls this worker may make of each workflow at a time
    SELECT workflow.id AS workflow_id, %(most)s - coalesce(busy.calls, 0) AS places
    FROM workflow
    LEFT JOIN unnest(%(workflows)s::bigint[], %(calls)s::int[]) AS busy (workflow_id, calls)
        ON busy.workflow_id = workflow.id
    WHERE workflow.active AND (workflow.held_until IS NULL OR workflow.held_until <= %(now)s)
      AND workflow.kind = ANY (%(kinds)s::text[])
), due AS MATERIALIZED (
    SELECT call.id, call.claim IS NOT NULL AS lost,
           row_number() OVER (PARTITION BY place.workflow_id ORDER BY call.due_at) AS turn
    FROM place CROSS JOIN LATERAL (
        SELECT id, due_at, claim FROM workflow_call
        WHERE workflow_call.workflow_id = place.workflow_id AND state = 'queued' AND due_at <= %(now)s
        ORDER BY due_at
        LIMIT greatest(place.places, 0)
        FOR UPDATE SKIP LOCKED) AS call
), taken AS MATERIALIZED (
    SELECT id, lost FROM due ORDER BY turn LIMIT %(limit)s
), noted AS (
    INSERT INTO workflow_attempt (call_id, at, error)
    SELECT id, %(now)s, 'The worker ended before it heard an answer.' FROM taken WHERE lost
)
UPDATE workflow_call
SET claim = %(claim)s, due_at = %(lease_until)s, attempt = attempt + 1, first_tried_at = coalesce(first_tried_at, %(now)s)
FROM taken JOIN workflow ON true
WHERE workflow_call.id = taken.id AND workflow.id = workflow_call.workflow_id
RETURNING workflow_call.id, workflow_call.key::text, workflow.id, workflow.name, workflow.kind, workflow.url, workflow.action,
          workflow.salt, workflow.previous_salt, workflow.rotated_at, journey_id, iteration, tile, contact_id, company_id,
          workflow_call.created_at, attempt, first_tried_at, activity_id
