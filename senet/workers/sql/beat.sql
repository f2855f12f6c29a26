-- Write the signs of life of one process's components.
-- Reads: nothing. Writes: process_heartbeat (also forgets processes that have been silent for an hour).
-- Locks: its own rows. Index: process_heartbeat_once.
WITH forgotten AS (
    DELETE FROM process_heartbeat WHERE beat_at < %(now)s - interval '1 hour'
)
INSERT INTO process_heartbeat (name, host, pid, started_at, beat_at, detail)
SELECT said.name, %(host)s, %(pid)s, %(started_at)s, %(now)s, said.detail
FROM jsonb_to_recordset(%(rows)s::jsonb) AS said (name text, detail jsonb)
ON CONFLICT (name, host, pid) DO UPDATE
SET started_at = excluded.started_at, beat_at = excluded.beat_at, detail = excluded.detail
