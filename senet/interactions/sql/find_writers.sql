-- Find since when somebody has been writing into this database, or now; and which transactions are its neighbours'.
-- Whoever finds the horizon afterwards, with these neighbours, has below it everything committed before that moment:
-- what runs then and is not among those found here began later. Asked for together, whoever ends in between would be
-- missing here and still hold up the horizon. Of a role whose sessions we may not see we know that it writes, not since
-- when: the moment stays where it was.
-- Reads: the running transactions, ship_offset. Writes: nothing. Locks: none. Index: none.
SELECT
    least(
        clock_timestamp(),
        (SELECT min(coalesce(xact_start, (SELECT min(shipped_at) FROM ship_offset))) FROM pg_stat_activity
         WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database())
    ),
    ARRAY (
        SELECT backend_xid FROM pg_stat_activity WHERE backend_xid IS NOT NULL AND datname <> current_database()
    )::text
