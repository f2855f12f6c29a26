-- Copy a batch of arrivals out, as ClickHouse reads them.
-- Reads: visit. Writes: nothing. Locks: none. Index: visit_arrived_xid.
SELECT journey_id, iteration, tile, contact_id, arrived_at AT TIME ZONE 'UTC', arrived_xid
FROM visit
WHERE arrived_xid >= %(from_xid)s AND arrived_xid < %(to_xid)s
