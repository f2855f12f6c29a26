-- Count arrivals by tile and day of the journey's time zone, the whole ledger of a rehearsal.
-- Reads: visit (temporary here). Writes: nothing. Locks: none.
SELECT tile, (arrived_at AT TIME ZONE %(zone)s)::date, count(*)
FROM visit WHERE journey_id = %(journey_id)s
GROUP BY 1, 2
