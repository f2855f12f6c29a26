-- Copy a batch of what A/B tests have drawn out, as ClickHouse reads it.
-- Reads: ab_message. Writes: nothing. Locks: none. Index: ab_message_xid.
SELECT ab_test_id, message_id, variant, sampled, xid
FROM ab_message
WHERE xid >= %(from_xid)s AND xid < %(to_xid)s
