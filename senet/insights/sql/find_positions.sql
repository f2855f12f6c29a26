-- Find up to which transaction some streams have been shipped, and whether a batch of theirs is under way.
-- Reads: ship_offset. Writes: nothing. Locks: none. Index: ship_offset_pkey.
SELECT xid, upto_xid FROM ship_offset WHERE stream = ANY (%(streams)s::text[]) ORDER BY stream
