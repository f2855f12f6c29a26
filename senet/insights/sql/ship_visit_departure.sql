-- Copy a batch of departures out, as ClickHouse reads them. No branch is -1.
-- Reads: visit. Writes: nothing. Locks: none. Index: visit_left_xid.
SELECT
    journey_id, iteration, tile, contact_id, arrived_at AT TIME ZONE 'UTC', left_at AT TIME ZONE 'UTC',
    outcome, reason, coalesce(branch, -1), left_xid
FROM visit
WHERE left_xid >= %(from_xid)s AND left_xid < %(to_xid)s
