-- Find the session that has been writing into this database for longest, if it has for too long: nobody reads the logs
-- past it. Those of the server's other databases hold up journeys alone and are not ours to end.
-- Reads: the sessions. Writes: nothing. Locks: none. Index: none.
SELECT pid, application_name, state = 'idle in transaction',
       extract(epoch FROM clock_timestamp() - xact_start)::float8 AS seconds
FROM pg_stat_activity
WHERE backend_xid IS NOT NULL AND datname = current_database() AND pid <> pg_backend_pid()
  AND xact_start < clock_timestamp() - make_interval(secs => %(seconds)s)
ORDER BY xact_start
LIMIT 1
