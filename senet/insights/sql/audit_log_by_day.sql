-- Count the log below a position by the day of recording (UTC) and the verdict, for the days that are kept.
-- Reads: interaction. Writes: nothing. Locks: none. Index: none.
SELECT (recorded_at AT TIME ZONE 'UTC')::date, coalesce(verdict, ''), count(*)
FROM interaction WHERE xid < %(xid)s GROUP BY 1, 2
