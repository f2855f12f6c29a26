-- Find how far a shipper may read: every transaction of this database below the horizon has ended. `neighbours` are known
-- to be other databases' and wrote nothing here. Numbers of transactions are the whole server's and never given twice, so
-- that an old list can only make the shipper wait.
-- Reads: the running transactions. Writes: nothing. Locks: none. Index: none.
SELECT least(
    pg_current_xact_id_if_assigned()::text::bigint,
    pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
    (SELECT min(running::text::bigint) FROM pg_snapshot_xip(pg_current_snapshot()) AS running
     WHERE running::xid <> ALL (%(neighbours)s::xid[]))
)
