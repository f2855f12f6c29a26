-- Take the lock of a segment's evaluation for this connection, if nobody has it.
-- Locks: one advisory lock, until unlock_segment or the connection's end.
SELECT pg_try_advisory_lock(hashtextextended('senet.segment', %(segment_id)s))
