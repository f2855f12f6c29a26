-- Copy a batch of joins and leaves out, as ClickHouse reads them.
-- Reads: membership_change. Writes: nothing. Locks: none. Index: membership_change_xid.
SELECT id, xid, kind, audience_id, contact_id, change, by, at AT TIME ZONE 'UTC'
FROM membership_change
WHERE xid >= %(from_xid)s AND xid < %(to_xid)s
