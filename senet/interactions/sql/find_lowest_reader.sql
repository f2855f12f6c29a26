-- Find the position that every reader of the log is past: nothing below it is needed any more. No row yet: 0.
-- Reads: ship_offset, engine_position (the journeys' positions in this log), open_hour_position, ab_test (what it will be
-- decided by). Writes: nothing. Locks: none. Index: none.
SELECT least(
    coalesce((SELECT xid FROM ship_offset WHERE stream = 'interaction'), 0),
    (SELECT min(xid) FROM engine_position),
    (SELECT min(xid) FROM open_hour_position),
    (SELECT min(start_xid) FROM ab_test WHERE status = 'in_progress')
)
