-- Keep the calls that a worker is making for longer.
-- Writes: workflow_call. Locks: the rows. Index: the key.
UPDATE workflow_call SET due_at = %(lease_until)s
WHERE id = ANY (%(ids)s::bigint[]) AND claim = %(claim)s AND state = 'queued'
