-- Take a reader's position for this transaction; no row means that another worker is reading.
-- Reads: engine_position. Locks: the row, until commit; skipped when held.
SELECT xid, upto_xid, last_id, senet_horizon()
FROM engine_position WHERE reader = %(reader)s FOR UPDATE SKIP LOCKED
