-- Write down how far a reader has come.
-- Writes: engine_position. Locks: the row, which this transaction already holds.
UPDATE engine_position
SET xid = %(position_xid)s, upto_xid = %(upto_xid)s, last_id = %(last_id)s, moved_at = %(now)s
WHERE reader = %(reader)s
