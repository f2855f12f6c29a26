-- Count what readers did, by tile, day and type, up to a moment.
-- Reads: reaction (temporary). Writes: nothing. Locks: none.
SELECT tile, (at AT TIME ZONE %(zone)s)::date, type, count(*)
FROM reaction WHERE at <= %(until)s
GROUP BY 1, 2, 3
