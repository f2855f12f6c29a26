-- Say how far the logs are settled: every transaction below it has ended. Reads: nothing.
SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint
