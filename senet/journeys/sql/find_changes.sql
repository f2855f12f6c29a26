-- Say which logs have something that their reader has not come to yet.
-- Reads: interaction, membership_change, engine_position. Writes: nothing. Locks: none.
-- Index: interaction_xid, membership_change_xid: only the tail of each log is looked at.
SELECT EXISTS (
           SELECT FROM interaction
           WHERE xid >= (SELECT xid FROM engine_position WHERE reader = 'interaction')
             AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint),
       EXISTS (
           SELECT FROM membership_change
           WHERE xid >= (SELECT xid FROM engine_position WHERE reader = 'membership')
             AND xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
