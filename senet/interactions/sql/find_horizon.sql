-- Find how far a shipper may read: every transaction below the horizon has ended. `as_of` is the moment since when
-- somebody still writes, or now: everything committed before it lies below the horizon.
-- Reads: the running transactions. Writes: nothing. Locks: none. Index: none.
SELECT
    pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
    least(
        clock_timestamp(),
        (SELECT min(xact_start) FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid())
    )
