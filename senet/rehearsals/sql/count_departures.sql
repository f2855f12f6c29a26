-- Count departures by tile, day, outcome, reason and branch, the whole ledger of a rehearsal.
-- Reads: visit (temporary here). Writes: nothing. Locks: none.
SELECT tile, (left_at AT TIME ZONE %(zone)s)::date, outcome, reason, branch, count(*)
FROM visit WHERE journey_id = %(journey_id)s AND left_at IS NOT NULL
GROUP BY 1, 2, 3, 4, 5
