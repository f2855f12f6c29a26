-- List every component's last sign of life, the newest first.
-- Reads: process_heartbeat. Writes: nothing. Locks: none. Index: none (the table is small).
SELECT name, host, pid, started_at, beat_at, detail FROM process_heartbeat ORDER BY beat_at DESC, name, pid
