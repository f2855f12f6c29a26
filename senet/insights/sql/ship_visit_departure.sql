-- Copy a batch of departures out, as ClickHouse reads them. No branch is -1. A stop that was undone is there as written.
-- Reads: departure. Writes: nothing. Locks: none. Index: visit_left_xid, resumption_xid, resumption_stopped_xid.
SELECT
    journey_id, iteration, tile, contact_id, arrived_at AT TIME ZONE 'UTC', left_at AT TIME ZONE 'UTC',
    outcome, reason, coalesce(branch, -1), weight, xid
FROM departure
WHERE xid >= %(from_xid)s AND xid < %(to_xid)s
