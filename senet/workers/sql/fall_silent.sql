-- Take one process's heartbeats away.
-- Reads: nothing. Writes: process_heartbeat. Locks: its own rows. Index: none (the table is small).
DELETE FROM process_heartbeat WHERE host = %(host)s AND pid = %(pid)s
